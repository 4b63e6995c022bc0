import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import { isOrdered, keyAttributes } from "./item_keys.ts";
import { pairInOrder } from "./pair_in_order.ts";

/** `null`: not there, or unset. */
export interface AttributeChange {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What happened to one item between two configurations. */
export interface ItemChange {
  readonly menu: string;
  readonly kind: "added" | "removed" | "changed" | "moved";
  /** How people know it: its key attributes, its comment, or what it does. */
  readonly label: string;
  readonly before: ExportEntry | null;
  readonly after: ExportEntry | null;
  /** Of a changed item alone, by name. */
  readonly attributes: readonly AttributeChange[];
  /** Places among the menu's items, from 0; only where the order means something. */
  readonly from: number | null;
  readonly to: number | null;
}

/** Told of each item that is in both, changed or not. */
export type OnPair = (before: ExportEntry, after: ExportEntry) => void;

/** What turns `before` into `after`, menu by menu, in the order of `after`. Remarks do not count. */
export function diffExports(
  before: readonly ExportEntry[],
  after: readonly ExportEntry[],
  onPair: OnPair = () => {},
): ItemChange[] {
  const [old, now] = [byMenu(before), byMenu(after)];
  const menus = new Set([...now.keys(), ...old.keys()]);
  return [...menus].flatMap((menu) => {
    const diff = isOrdered(menu) ? diffOrdered : diffKeyed;
    return diff(menu, old.get(menu) ?? [], now.get(menu) ?? [], onPair);
  });
}

function byMenu(entries: readonly ExportEntry[]): Map<string, ExportEntry[]> {
  return Map.groupBy(entries, ({ menu }) => menu);
}

function diffKeyed(
  menu: string,
  before: readonly ExportEntry[],
  after: readonly ExportEntry[],
  onPair: OnPair,
): ItemChange[] {
  const waiting = Map.groupBy(before, keyOf);
  const changes: ItemChange[] = [];
  for (const entry of after) {
    const same = waiting.get(keyOf(entry))?.shift();
    if (same) onPair(same, entry);
    const change = same ? compare(menu, same, entry) : one(menu, "added", null, entry);
    if (change) changes.push(change);
  }
  for (const entry of [...waiting.values()].flat()) {
    changes.push(one(menu, "removed", entry, null));
  }
  return changes;
}

function diffOrdered(
  menu: string,
  before: readonly ExportEntry[],
  after: readonly ExportEntry[],
  onPair: OnPair,
): ItemChange[] {
  const { pairs, removed, added } = pairInOrder(before, after, printCommand, likeness);
  const changes: ItemChange[] = [];
  for (const { from, to, isMoved } of pairs) {
    const [old, now] = [before[from]!, after[to]!];
    onPair(old, now);
    const changed = compare(menu, old, now);
    const places = { from, to };
    if (changed) changes.push({ ...changed, ...places });
    else if (isMoved) changes.push({ ...one(menu, "moved", old, now), ...places });
  }
  for (const at of added) changes.push({ ...one(menu, "added", null, after[at]!), to: at });
  for (const at of removed) changes.push({ ...one(menu, "removed", before[at]!, null), from: at });
  const place = ({ from, to }: ItemChange) => to ?? from ?? 0;
  return changes.sort((a, b) => place(a) - place(b));
}

function one(
  menu: string,
  kind: ItemChange["kind"],
  before: ExportEntry | null,
  after: ExportEntry | null,
): ItemChange {
  const label = labelOf(after ?? before!);
  return { menu, kind, label, before, after, attributes: [], from: null, to: null };
}

/** `undefined`: they say the same. */
function compare(menu: string, before: ExportEntry, after: ExportEntry): ItemChange | undefined {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const attributes = names
    .map((name) => ({ name, from: old.get(name) ?? null, to: now.get(name) ?? null }))
    .filter(({ from, to }) => from !== to);
  if (attributes.length === 0) return undefined;
  return { ...one(menu, "changed", before, after), attributes };
}

function valuesOf({ attributes }: ExportEntry): Map<string, string | null> {
  return new Map(attributes.map(({ name, value }) => [name, value]));
}

/** The same for the same item in two configurations. */
function keyOf(entry: ExportEntry): string {
  const { menu, command, selector } = entry;
  if (selector || command !== "add") {
    // `set` names its item by the selector; a menu of one item has none.
    return printCommand({ command, selector, attributes: [] });
  }
  const values = valuesOf(entry);
  const names = keyAttributes(menu, (name) => values.has(name));
  if (names.length === 0) return printCommand(entry);
  return JSON.stringify(names.map((name) => [name, values.get(name)]));
}

/** 0 to 1: how much two items of an ordered menu have in common; the same comment weighs most. */
function likeness(a: ExportEntry, b: ExportEntry): number {
  if (a.command !== b.command) return 0;
  const [left, right] = [valuesOf(a), valuesOf(b)];
  if (left.get("chain") !== right.get("chain")) return 0;
  const names = new Set([...left.keys(), ...right.keys()]);
  let [shared, all] = [0, 0];
  for (const name of names) {
    const weight = name === "comment" || name === "name" ? 3 : 1;
    all += weight;
    if (left.get(name) === right.get(name)) shared += weight;
  }
  return all === 0 ? 1 : shared / all;
}

const TELLING = ["name", "comment", "chain", "action", "protocol", "dst-port", "src-address"];

/** How people know an item. */
export function labelOf(entry: ExportEntry): string {
  const { menu, selector } = entry;
  if (selector?.kind === "item") return selector.item;
  const values = valuesOf(selector ? { ...entry, attributes: selector.where } : entry);
  const keys = selector ? [...values.keys()] : keyAttributes(menu, (name) => values.has(name));
  const names = keys.length > 0 ? keys : TELLING.filter((name) => values.get(name));
  return names.map((name) => values.get(name)).filter(Boolean).join(" ");
}
