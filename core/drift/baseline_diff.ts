import { isOrdered, keyAttributes } from "@/core/configs/item_keys.ts";
import { diffExports, type ItemChange, labelOf } from "@/core/configs/semantic_diff.ts";
import type { ConfigView } from "@/core/config_view/config_view.ts";
import { DEFAULTS } from "@/core/config_view/defaults.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";

/** A whole configuration of one router: all that differs is drift. */
export function diffWhole(
  wanted: readonly ExportEntry[],
  running: readonly ExportEntry[],
): ItemChange[] {
  return diffExports(wanted, running);
}

/**
 * A part that a router must hold: in `wholeMenus` all that differs is drift, elsewhere what is missing or
 * otherwise. Attributes of which the part says nothing are free, and so is the order of what it lists.
 */
export function diffPart(
  wanted: readonly ExportEntry[],
  wholeMenus: readonly string[],
  view: ConfigView,
  running: readonly ExportEntry[],
): ItemChange[] {
  const whole = new Set(wholeMenus);
  const inWhole = ({ menu }: ExportEntry) => whole.has(menu);
  const free = Map.groupBy(running.filter((entry) => !inWhole(entry)), ({ menu }) => menu);
  return [
    ...diffExports(wanted.filter(inWhole), running.filter(inWhole)),
    ...wanted.filter((entry) => !inWhole(entry))
      .flatMap((entry) => missing(entry, free.get(entry.menu) ?? [], view) ?? []),
  ];
}

/** `undefined`: the router holds it. */
function missing(
  wanted: ExportEntry,
  running: ExportEntry[],
  view: ConfigView,
): ItemChange | undefined {
  const counterpart = wanted.command === "set" || wanted.selector
    ? running.find((entry) => isSameTarget(wanted, entry))
    : findAdded(wanted, running);
  // Each item of the router stands for one of the baseline.
  if (counterpart && wanted.command === "add") running.splice(running.indexOf(counterpart), 1);
  const differing = differences(wanted, counterpart, view);
  const { menu } = wanted;
  const base = { menu, label: labelOf(wanted), from: null, to: null };
  if (!counterpart && wanted.command === "add") {
    return { ...base, kind: "removed", before: wanted, after: null, attributes: [] };
  }
  if (differing.length === 0) return undefined;
  // What is not exported is as it is by default: the item is there, and says nothing yet.
  const now = counterpart ?? { ...wanted, attributes: [], remarks: [] };
  const others = now.attributes.filter(({ name }) => !differing.some((one) => one.name === name));
  const before = {
    ...now,
    attributes: [...others, ...differing.map(({ name, from: value }) => ({ name, value }))],
  };
  return { ...base, kind: "changed", before, after: now, attributes: differing };
}

function differences(wanted: ExportEntry, now: ExportEntry | undefined, view: ConfigView) {
  const running = new Map(now?.attributes.map(({ name, value }) => [name, value]));
  return wanted.attributes.flatMap(({ name, value }) => {
    const has = running.get(name);
    const is = has === undefined ? defaultOf(wanted, name, view) : has ?? "";
    if (is === (value ?? "")) return [];
    return [{ name, from: value, to: has === undefined ? (is || null) : has }];
  });
}

/** What an item holds that says nothing of an attribute; empty where that is not known. */
function defaultOf(entry: ExportEntry, name: string, view: ConfigView): string {
  const isSettings = entry.command === "set" && entry.selector === null;
  const known = entry.selector?.kind === "item" ? entry.selector.item : null;
  const fixed = DEFAULTS[entry.menu]?.items?.find(({ names }) => names.includes(known ?? ""));
  const item = {
    ...{ menu: entry.menu, said: new Map<string, string>(), entry: null, isSettings },
    name: fixed?.names[0] ?? known,
  };
  return view.valueOf(item, name) ?? "";
}

function isSameTarget(a: ExportEntry, b: ExportEntry): boolean {
  const target = ({ command, selector }: ExportEntry) =>
    printCommand({ command, selector, attributes: [] });
  return target(a) === target(b);
}

/** The item that an `add` is about: by its key, in ordered menus by its comment, or equal in all it says. */
function findAdded(wanted: ExportEntry, running: readonly ExportEntry[]): ExportEntry | undefined {
  const says = new Map(wanted.attributes.map(({ name, value }) => [name, value]));
  const keys = isOrdered(wanted.menu)
    ? says.get("comment") ? ["comment", "chain"].filter((name) => says.has(name)) : []
    : keyAttributes(wanted.menu, (name) => says.has(name));
  const names = keys.length > 0 ? keys : [...says.keys()];
  return running.find(({ command, attributes }) =>
    command === "add" &&
    names.every((name) =>
      (attributes.find((one) => one.name === name)?.value ?? "") === (says.get(name) ?? "")
    )
  );
}
