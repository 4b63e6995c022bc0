import { isOrdered } from "@/core/configs/item_keys.ts";
import type { ItemChange } from "@/core/configs/semantic_diff.ts";
import { longestRun } from "@/core/config_plan/longest_run.ts";
import { namesIn, roomOf } from "@/core/config_plan/references.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";

/**
 * The configuration `from` after some of the changes that make it `to`. What the chosen ones refer to and
 * what is not there yet comes along.
 */
export function chooseChanges(
  from: readonly ExportEntry[],
  to: readonly ExportEntry[],
  changes: readonly ItemChange[],
  chosen: ReadonlySet<ItemChange>,
): ExportEntry[] {
  const all = withNeeded(changes, chosen);
  const menus = new Set([...from, ...to].map(({ menu }) => menu));
  return [...menus].flatMap((menu) => {
    const of = (entries: readonly ExportEntry[]) => entries.filter((one) => one.menu === menu);
    return chooseInMenu(of(from), of(to), changes.filter((one) => one.menu === menu), all);
  });
}

function withNeeded(
  changes: readonly ItemChange[],
  chosen: ReadonlySet<ItemChange>,
): ReadonlySet<ItemChange> {
  const makers = new Map<string, ItemChange>();
  for (const change of changes) {
    const name = nameIn(change.after);
    if (name !== undefined && name !== nameIn(change.before)) {
      makers.set(`${roomOf(change.menu)} ${name}`, change);
    }
  }
  const all = new Set(chosen);
  // A set takes what is added while it is gone through.
  for (const { menu, after } of all) {
    for (const { name, value } of after?.attributes ?? []) {
      for (const needed of namesIn(menu, name, value)) {
        const maker = makers.get(`${needed.room} ${needed.name}`);
        if (maker) all.add(maker);
      }
    }
  }
  return all;
}

function nameIn(entry: ExportEntry | null): string | undefined {
  return entry?.attributes.find(({ name }) => name === "name")?.value ?? undefined;
}

function chooseInMenu(
  from: readonly ExportEntry[],
  to: readonly ExportEntry[],
  changes: readonly ItemChange[],
  chosen: ReadonlySet<ItemChange>,
): ExportEntry[] {
  const menu = (from[0] ?? to[0])!.menu;
  const taken = changes.filter((change) => chosen.has(change));
  const of = new Map(taken.flatMap((change) => change.before ? [[change.before, change]] : []));
  const result: ExportEntry[] = [];
  /** Which of `to` an entry of the result is. */
  const places = new Map<ExportEntry, ExportEntry>();
  const twins = pairUnchanged(from, to, changes);
  const moved = isOrdered(menu) ? movedOf(from, to, changes, twins) : new Set<ItemChange>();
  for (const entry of from) {
    const change = of.get(entry);
    if (change?.kind === "removed" || (change && moved.has(change))) continue;
    const now = change?.after ?? entry;
    result.push(now);
    const place = change?.after ?? changes.find(({ before }) => before === entry)?.after ??
      twins.get(entry);
    if (place) places.set(place, now);
  }
  const late = taken.filter((change) => change.after && (!change.before || moved.has(change)))
    .sort((a, b) => to.indexOf(a.after!) - to.indexOf(b.after!));
  for (const { after } of late) {
    result.splice(isOrdered(menu) ? placeOf(after!, to, places, result) : result.length, 0, after!);
    places.set(after!, after!);
  }
  return result;
}

/** Changes of items that stand elsewhere among those that stay: a difference says so of equal ones alone. */
function movedOf(
  from: readonly ExportEntry[],
  to: readonly ExportEntry[],
  changes: readonly ItemChange[],
  twins: ReadonlyMap<ExportEntry, ExportEntry>,
): ReadonlySet<ItemChange> {
  const [old, now] = [placesIn(from), placesIn(to)];
  const stay = [...twins].map(([before, after]) => ({ from: old(before), to: now(after) }));
  const changed = changes.filter(({ kind }) => kind === "changed")
    .map((change) => ({ change, from: old(change.before!), to: now(change.after!) }))
    .filter((one) => stay.every((twin) => (twin.from < one.from) === (twin.to < one.to)));
  changed.sort((a, b) => a.from - b.from);
  const run = longestRun(changed.map((one) => one.to));
  const inPlace = new Set([...run].map((at) => changed[at]!.change));
  return new Set(
    changes.filter((change) => change.before && change.after && !inPlace.has(change)),
  );
}

function placesIn(entries: readonly ExportEntry[]): (entry: ExportEntry) => number {
  const places = new Map(entries.map((entry, at) => [entry, at]));
  return (entry) => places.get(entry)!;
}

/** Behind what stands before it in the wanted order, as far as that is there. */
function placeOf(
  entry: ExportEntry,
  to: readonly ExportEntry[],
  places: ReadonlyMap<ExportEntry, ExportEntry>,
  result: readonly ExportEntry[],
): number {
  const at = to.indexOf(entry);
  for (let before = at - 1; before >= 0; before -= 1) {
    const known = places.get(to[before]!);
    if (known) return result.indexOf(known) + 1;
  }
  for (let behind = at + 1; behind < to.length; behind += 1) {
    const known = places.get(to[behind]!);
    if (known) return result.indexOf(known);
  }
  return result.length;
}

/** Entries that no change is about: the same in both. */
function pairUnchanged(
  from: readonly ExportEntry[],
  to: readonly ExportEntry[],
  changes: readonly ItemChange[],
): Map<ExportEntry, ExportEntry> {
  const [gone, come] = [
    new Set(changes.map(({ before }) => before)),
    new Set(changes.map(({ after }) => after)),
  ];
  const waiting = Map.groupBy(to.filter((entry) => !come.has(entry)), printCommand);
  const pairs = new Map<ExportEntry, ExportEntry>();
  for (const entry of from) {
    const same = gone.has(entry) ? undefined : waiting.get(printCommand(entry))?.shift();
    if (same) pairs.set(entry, same);
  }
  return pairs;
}
