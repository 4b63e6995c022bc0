import type { ItemChange } from "@/core/configs/semantic_diff.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";

/** A change between two configurations, seen from the one that is to become as the other in this item. */
interface Becoming {
  /** The item as it is; `null`: it is not there. */
  readonly is: ExportEntry | null;
  /** As it becomes; `null`: it goes. */
  readonly becomes: ExportEntry | null;
}

/** `entries` with one item as the baseline has it. */
export function asBaseline(
  running: readonly ExportEntry[],
  change: ItemChange,
  baseline: readonly ExportEntry[],
): ExportEntry[] {
  return put(
    running,
    { is: change.after, becomes: change.before },
    baseline,
    change.kind === "moved",
  );
}

/** A baseline with one item as the router has it. */
export function asRunning(
  baseline: readonly ExportEntry[],
  change: ItemChange,
  running: readonly ExportEntry[],
): ExportEntry[] {
  return put(
    baseline,
    { is: change.before, becomes: change.after },
    running,
    change.kind === "moved",
  );
}

/** The place of what comes is that among its neighbours in `other`. */
function put(
  entries: readonly ExportEntry[],
  { is, becomes }: Becoming,
  other: readonly ExportEntry[],
  isMove: boolean,
): ExportEntry[] {
  const result = [...entries];
  const at = is ? placeOf(result, is) : -1;
  if (becomes === null) {
    if (at !== -1) result.splice(at, 1);
    return result;
  }
  if (at !== -1 && !isMove) {
    // A default that is not exported: the item says nothing (any more).
    if (becomes.command === "set" && becomes.attributes.length === 0) result.splice(at, 1);
    else result[at] = becomes;
    return result;
  }
  if (at !== -1) result.splice(at, 1);
  result.splice(insertionPlace(result, becomes, other), 0, becomes);
  return result;
}

function placeOf(entries: readonly ExportEntry[], entry: ExportEntry): number {
  const text = printCommand(entry);
  return entries.findIndex((one) => one.menu === entry.menu && printCommand(one) === text);
}

/** Beside the nearest of its neighbours in `other` that is there: behind those before it, before those behind. */
function insertionPlace(
  entries: readonly ExportEntry[],
  entry: ExportEntry,
  other: readonly ExportEntry[],
): number {
  const menu = other.filter((one) => one.menu === entry.menu);
  const at = placeOf(menu, entry);
  for (let away = 1; at !== -1 && away < menu.length; away += 1) {
    const [before, next] = [menu[at - away], menu[at + away]];
    const behind = before ? placeOf(entries, before) : -1;
    if (behind !== -1) return behind + 1;
    const ahead = next ? placeOf(entries, next) : -1;
    if (ahead !== -1) return ahead;
  }
  const last = entries.findLastIndex((one) => one.menu === entry.menu);
  return last === -1 ? entries.length : last + 1;
}
