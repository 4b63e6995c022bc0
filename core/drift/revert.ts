import { maskCommand } from "@/core/config_plan/mask_command.ts";
import { type Plan, planChanges } from "@/core/config_plan/plan_changes.ts";
import { printScript } from "@/core/config_plan/print_script.ts";
import type { DriftChoice, RevertPlan, RevertRequest } from "@/core/contract/drift.ts";
import { Conflict } from "@/core/errors.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { PushesDeps } from "@/core/pushes/deps.ts";
import { startPush } from "@/core/pushes/start_push.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { chosenItems } from "./chosen_items.ts";
import { asBaseline } from "./put_back.ts";

/** What makes the chosen items of a router as its baselines have them, secrets and all. */
export async function planRevert(
  scope: Scope,
  { kms }: { kms: Kms },
  deviceId: string,
  { items }: DriftChoice,
): Promise<Plan> {
  demand(scope, "configs:push");
  const { running, parts } = await chosenItems(scope, kms, deviceId, items);
  let wanted: readonly ExportEntry[] = running.entries;
  for (const { entries, found } of parts) {
    for (const { change } of found) wanted = asBaseline(wanted, change, entries);
  }
  return planChanges(running.entries, wanted);
}

/** The same as a browser may have it. */
export async function shownRevert(
  scope: Scope,
  deps: { kms: Kms },
  deviceId: string,
  choice: DriftChoice,
): Promise<RevertPlan> {
  const { commands, cannot } = await planRevert(scope, deps, deviceId, choice);
  const masked = commands.map(maskCommand);
  const hasSecrets = JSON.stringify(masked) !== JSON.stringify(commands);
  const shown = masked.length === 0 ? "" : printScript(masked);
  return { commands: hasSecrets || commands.length === 0 ? null : commands, shown, cannot };
}

/**
 * Pushes what makes the chosen items as the baselines have them: for plans with secrets, which no browser
 * gets to hold.
 *
 * @throws {Conflict} where nothing is to be done, or no command does it
 */
export async function revertDrift(
  scope: Scope,
  deps: PushesDeps,
  deviceId: string,
  { items, ...request }: RevertRequest,
): Promise<{ id: string }> {
  const { commands, cannot } = await planRevert(scope, deps, deviceId, { items });
  if (commands.length === 0) {
    const why = cannot.map(({ menu, label, why }) => `${menu} ${label}: ${why}`).join("; ");
    throw new Conflict(why ? `No command brings this back: ${why}` : "Nothing is to be done");
  }
  const source = { kind: "drift" as const, id: null };
  return await startPush(scope, deps, { ...request, deviceId, source, commands, probes: [] });
}
