import { isOrdered, keyAttributes } from "@/core/configs/item_keys.ts";
import type { Attribute, ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";

export interface Settled {
  /** The configuration as it is to be. */
  wanted: ExportEntry[];
  /** Commands of the template that the router has carried out already. */
  settled: number;
  problems: { line: number; message: string }[];
}

/**
 * What a router's configuration becomes when a template is applied to it, as often as one likes: an `add`
 * of what is there changes it where it differs, and adds nothing twice. An item is known by its key (see
 * `item_keys.ts`); a rule of an ordered menu by its comment, else by all it says.
 */
export function settle(current: readonly ExportEntry[], script: readonly ExportEntry[]): Settled {
  const settling: Settled = { wanted: [...current], settled: 0, problems: [] };
  for (const entry of script) {
    const outcome = carryOut(settling.wanted, entry);
    if (typeof outcome === "string") {
      settling.problems.push({ line: entry.line, message: outcome });
    } else if (!outcome) settling.settled += 1;
  }
  return settling;
}

/** Changes `wanted`; answers whether anything changed, or why it cannot be. */
function carryOut(wanted: ExportEntry[], entry: ExportEntry): boolean | string {
  switch (entry.command) {
    case "add":
      return addItem(wanted, entry);
    case "set":
      return setItems(wanted, entry, entry.attributes);
    case "enable":
    case "disable": {
      const value = entry.command === "disable" ? "yes" : "no";
      return setItems(wanted, entry, [{ name: "disabled", value }]);
    }
    case "remove":
      return removeItems(wanted, entry);
    default:
      return `a template cannot ${entry.command}: write what is to be there with add, set or remove`;
  }
}

function addItem(wanted: ExportEntry[], entry: ExportEntry): boolean | string {
  const { before, attributes } = takeBefore(entry);
  if (typeof attributes === "string") return attributes;
  const item = { ...entry, attributes };
  const at = wanted.findIndex((other) => isSame(other, item));
  if (at !== -1) return merge(wanted, at, attributes);
  if (before === undefined) {
    wanted.push(item);
    return true;
  }
  const place = before === "first"
    ? wanted.findIndex(({ menu }) => menu === entry.menu)
    : wanted.findIndex((other) => other.menu === entry.menu && fits(other, before));
  wanted.splice(place === -1 ? wanted.length : place, 0, item);
  return true;
}

/**
 * `place-before=0` or `place-before=[find comment="x"]`, which is no attribute of the item. Where no rule
 * has that comment it stands at the end.
 */
function takeBefore(
  entry: ExportEntry,
): {
  before: "first" | readonly Attribute[] | undefined;
  attributes: readonly Attribute[] | string;
} {
  const place = entry.attributes.find(({ name }) => name === "place-before");
  if (!place) return { before: undefined, attributes: entry.attributes };
  const attributes = entry.attributes.filter((one) => one !== place);
  if (place.value === "0") return { before: "first", attributes };
  const [, comment] = /^\[\s*find\s+(?:where\s+)?comment="?([^"\]]*)"?\s*\]$/.exec(
    place.value ?? "",
  ) ?? [];
  if (comment === undefined) {
    return {
      before: undefined,
      attributes: 'place-before takes 0 or [find comment="…"]: numbers of rules change',
    };
  }
  return { before: [{ name: "comment", value: comment }], attributes };
}

function setItems(
  wanted: ExportEntry[],
  entry: ExportEntry,
  attributes: readonly Attribute[],
): boolean | string {
  const { selector, menu } = entry;
  // What an export names by `set` and not by `add`: the one item of a menu, or one born with the router.
  const written = (other: ExportEntry) =>
    other.menu === menu && other.command === "set" &&
    head(other) === head({ ...entry, command: "set" });
  if (selector === null) {
    const at = wanted.findIndex(written);
    if (at !== -1) return merge(wanted, at, attributes);
    wanted.push({ ...entry, command: "set", attributes });
    return true;
  }
  const where = selector.kind === "find"
    ? selector.where
    : [{ name: "name", value: selector.item }];
  const found = [...wanted.keys()].filter((at) =>
    written(wanted[at]!) || (wanted[at]!.menu === menu && fits(wanted[at]!, where))
  );
  if (found.length > 0) {
    return found.map((at) => merge(wanted, at, attributes)).some((changed) => changed === true);
  }
  // Services and interfaces that are as they were born are in no export.
  const isBorn = selector.kind === "item" ||
    where.some(({ name }) => name === "default-name" || name === "default");
  if (isBorn && where.length === 1) {
    wanted.push({ ...entry, command: "set", attributes });
    return true;
  }
  return false;
}

function removeItems(wanted: ExportEntry[], { menu, selector }: ExportEntry): boolean | string {
  if (selector === null) return "remove needs the item: remove [find …]";
  const where = selector.kind === "find"
    ? selector.where
    : [{ name: "name", value: selector.item }];
  if (where.length === 0) return "remove [find] would remove everything: say what";
  const kept = wanted.filter((other) =>
    !(other.menu === menu && other.command === "add" && fits(other, where))
  );
  const isChanged = kept.length < wanted.length;
  wanted.splice(0, wanted.length, ...kept);
  return isChanged;
}

const head = ({ command, selector }: Pick<ExportEntry, "command" | "selector">) =>
  printCommand({ command, selector, attributes: [] });

function valueOf(entry: ExportEntry, name: string): string | undefined {
  return entry.attributes.find((one) => one.name === name)?.value ?? undefined;
}

/** Whether an item meets all conditions; what an export leaves out is at its default, which is not known. */
function fits(entry: ExportEntry, where: readonly Attribute[]): boolean {
  return where.length > 0 && where.every(({ name, value }) => {
    const born = entry.selector?.kind === "find"
      ? entry.selector.where.find((one) => one.name === name)?.value
      : undefined;
    return (valueOf(entry, name) ?? born ?? "") === (value ?? "");
  });
}

function isSame(other: ExportEntry, item: ExportEntry): boolean {
  const { menu } = item;
  if (other.menu !== menu || other.command !== "add") return false;
  if (isOrdered(menu)) {
    const comment = valueOf(item, "comment");
    if (comment === undefined) return printCommand(other) === printCommand(item);
    return valueOf(other, "comment") === comment &&
      valueOf(other, "chain") === valueOf(item, "chain");
  }
  const keys = keyAttributes(menu, (name) => valueOf(item, name) !== undefined);
  if (keys.length === 0) return printCommand(other) === printCommand(item);
  return keys.every((name) => valueOf(other, name) === valueOf(item, name));
}

/** Puts attributes over those of an item; answers whether one differed. */
function merge(wanted: ExportEntry[], at: number, attributes: readonly Attribute[]): boolean {
  const item = wanted[at]!;
  const values = new Map(item.attributes.map(({ name, value }) => [name, value]));
  const changed = attributes.filter(({ name, value }) => {
    if (values.has(name)) return values.get(name) !== value;
    // What an export leaves out is at its default: "no" for what can be switched off.
    return !(name === "disabled" && value === "no");
  });
  if (changed.length === 0) return false;
  for (const { name, value } of changed) values.set(name, value);
  wanted[at] = { ...item, attributes: [...values].map(([name, value]) => ({ name, value })) };
  return true;
}
