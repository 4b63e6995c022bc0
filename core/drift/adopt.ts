import { wantChecks } from "@/core/config_checks/due.ts";
import type { ItemChange } from "@/core/configs/semantic_diff.ts";
import type { DriftChoice } from "@/core/contract/drift.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import type { DriftDeps } from "./baselines.ts";
import { saveBaseline, tellBaseline } from "./baselines.ts";
import { sealBaseline } from "./baseline_text.ts";
import { chosenItems } from "./chosen_items.ts";
import { asRunning } from "./put_back.ts";
import { routersOf } from "./read_baselines.ts";

/**
 * Baselines take what the router has, in the chosen items alone. The baseline of a group changes for all
 * of its routers.
 *
 * @throws {Conflict} for items that are no drift any more
 */
export async function adoptDrift(
  scope: Scope,
  deps: DriftDeps,
  deviceId: string,
  { items }: DriftChoice,
): Promise<void> {
  demand(scope, "compliance:write");
  const { running, parts } = await chosenItems(scope, deps.kms, deviceId, items);
  for (const { baseline, entries, found } of parts) {
    const whole = new Set(baseline.wholeMenus);
    let adopted: readonly ExportEntry[] = entries;
    for (const { change } of found) {
      adopted = baseline.deviceId !== null || whole.has(change.menu)
        ? asRunning(adopted, change, running.entries)
        : adoptPart(adopted, change);
    }
    const sealed = await sealBaseline(deps.kms, scope.tenantId, baseline.id, adopted);
    await scope.db.tenant(scope.tenantId, async (sql) => {
      await saveBaseline(sql, scope, deps, {
        id: baseline.id,
        revision: baseline.revision,
        sealed,
      });
      await wantChecks(sql, await routersOf(sql, baseline));
      const named = found.slice(0, 20).map(({ change: { menu, kind } }) => `${kind} in ${menu}`);
      const details = { from: deviceId, items: found.length, changes: named };
      await tellBaseline(sql, scope, deps, baseline, "drift.adopted", details);
    });
  }
}

/** Of a part, what the router lacks is no longer asked for, and what it has otherwise is asked for so. */
function adoptPart(entries: readonly ExportEntry[], change: ItemChange): ExportEntry[] {
  const at = entries.findIndex((entry) => isSource(entry, change));
  if (at === -1) return [...entries];
  if (change.kind === "removed") return entries.toSpliced(at, 1);
  const entry = entries[at]!;
  const attributes = entry.attributes.map((one) => {
    const now = change.attributes.find(({ name }) => name === one.name);
    return now ? { ...one, value: now.to ?? "" } : one;
  });
  return entries.with(at, { ...entry, attributes });
}

/** The line of the part that a difference came from. */
function isSource(entry: ExportEntry, { menu, kind, before, attributes }: ItemChange): boolean {
  if (entry.menu !== menu || !before || entry.command !== before.command) return false;
  if (kind === "removed") return printCommand(entry) === printCommand(before);
  if (JSON.stringify(entry.selector) !== JSON.stringify(before.selector)) return false;
  const says = new Map(before.attributes.map(({ name, value }) => [name, value]));
  return attributes.every(({ name }) => entry.attributes.some((one) => one.name === name)) &&
    entry.attributes.every(({ name, value }) =>
      (says.get(name) ?? "") === (value ?? "") || !says.has(name)
    );
}
