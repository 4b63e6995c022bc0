import { isOrdered } from "@/core/configs/item_keys.ts";
import { diffExports } from "@/core/configs/semantic_diff.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import { entryOf, type Item, nameOf } from "./item.ts";
import { uniqueKeys } from "./unique.ts";

/** An item that the router has and what it shall become; one of them alone: it comes or goes. */
export interface ItemPair {
  readonly now: Item | undefined;
  readonly wanted: Item | undefined;
}

/** Which items of a menu are the same in two configurations; those wanted in their order. */
export function pairItems(
  menu: string,
  now: readonly Item[],
  wanted: readonly Item[],
): ItemPair[] {
  const pairs = new Map<Item, Item>();
  const pair = (a: Item, b: Item) => pairs.set(b, a);
  const rest = isOrdered(menu) ? pairByName(now, wanted, pair) : { now, wanted };
  pairByDifference(rest.now, rest.wanted, pair);
  const taken = new Set(pairs.values());
  // What the router would refuse beside what goes is what that becomes.
  const holders = new Map<string, Item>();
  for (const item of now) {
    if (!taken.has(item)) { for (const key of uniqueKeys(item)) holders.set(key, item); }
  }
  for (const item of wanted) {
    if (pairs.has(item)) continue;
    const same = uniqueKeys(item).map((key) => holders.get(key))
      .find((one) => one && !taken.has(one) && one.command === item.command);
    if (!same) continue;
    pair(same, item);
    taken.add(same);
  }
  return [
    ...wanted.map((item) => ({ now: pairs.get(item), wanted: item })),
    ...now.filter((item) => !taken.has(item)).map((item) => ({ now: item, wanted: undefined })),
  ];
}

function pairByName(
  now: readonly Item[],
  wanted: readonly Item[],
  pair: (a: Item, b: Item) => void,
): { now: Item[]; wanted: Item[] } {
  const byName = new Map(now.map((item) => [nameOf(item), item]));
  const left = new Set(now);
  const unpaired = wanted.filter((item) => {
    const name = nameOf(item);
    const same = name === undefined ? undefined : byName.get(name);
    if (!same || !left.delete(same)) return true;
    pair(same, item);
    return false;
  });
  return { now: [...left], wanted: unpaired };
}

function pairByDifference(
  now: readonly Item[],
  wanted: readonly Item[],
  pair: (a: Item, b: Item) => void,
): void {
  const entries = (items: readonly Item[]) => items.map((item, at) => entryOf(item, at));
  const [before, after] = [entries(now), entries(wanted)];
  const left = new Set(before.keys());
  const come = new Set(after.keys());
  // `line` is the place in the list.
  for (const { before: old, after: fresh } of diffExports(before, after)) {
    if (old) left.delete(old.line);
    if (fresh) come.delete(fresh.line);
    if (old && fresh) pair(now[old.line]!, wanted[fresh.line]!);
  }
  // What a difference is silent about is the same in both, in the same order.
  const bySaying = Map.groupBy([...left], (at) => saying(before[at]!));
  for (const at of come) {
    const same = bySaying.get(saying(after[at]!))?.shift();
    if (same !== undefined) pair(now[same]!, wanted[at]!);
  }
}

function saying(entry: ExportEntry): string {
  return printCommand(entry);
}
