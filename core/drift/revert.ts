import { maskCommand } from "@/core/config_plan/mask_command.ts";
import { type Plan, planChanges } from "@/core/config_plan/plan_changes.ts";
import { printScript } from "@/core/config_plan/print_script.ts";
import type { DriftChoice, RevertPlan } from "@/core/contract/drift.ts";
import type { Kms } from "@/core/ports/kms.ts";
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
