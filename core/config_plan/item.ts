import type { ExportEntry, Selector } from "@/core/wire/routeros/export/model.ts";
import { defaultOf } from "./defaults.ts";
import { NAMED_BY_INTERFACE } from "./references.ts";

/**
 * One item of a configuration. `set`: it is there by itself (a port, a service, the one item of
 * `/system/identity`) and the attributes are what was changed about it; `add`: somebody made it.
 */
export interface Item {
  readonly menu: string;
  readonly command: "add" | "set";
  selector: Selector | null;
  readonly attributes: Map<string, string | null>;
  readonly remarks: readonly string[];
}

/** `undefined`: an entry that is neither, as scripts may hold them. */
export function itemOf({ menu, command, selector, attributes, remarks }: ExportEntry):
  | Item
  | undefined {
  if (command !== "add" && command !== "set") return undefined;
  return {
    ...{ menu, command, selector, remarks },
    attributes: new Map(attributes.map(({ name, value }) => [name, value])),
  };
}

/** Attributes in the order that exports have. */
export function entryOf(
  { menu, command, selector, attributes, remarks }: Item,
  line: number,
): ExportEntry {
  return {
    ...{ menu, command, selector, remarks, line },
    attributes: [...attributes].map(([name, value]) => ({ name, value }))
      .sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  };
}

/** The attribute by which `set telnet …` names its item. */
export function namingAttribute(menu: string): string {
  if (menu === "/disk") return "slot";
  if (menu === "/queue/interface") return "interface";
  return "name";
}

/** The name an item has now; `undefined`: it has none. */
export function nameOf({ menu, selector, attributes }: Item): string | undefined {
  const given = attributes.get("name");
  if (given) return given;
  if (selector?.kind === "item" && namingAttribute(menu) === "name") {
    if (!/^(?:\d+|\*[0-9A-F]+)$/.test(selector.item)) return selector.item;
    return menu === LOG_ACTIONS ? FIRST_LOG_ACTIONS[Number(selector.item)] : undefined;
  }
  return bornName({ selector });
}

/** An export names these by their numbers, which are the same on every router. */
export const LOG_ACTIONS = "/system/logging/action";
export const FIRST_LOG_ACTIONS: readonly string[] = ["memory", "disk", "echo", "remote"];

/** What an item that is there by itself is called before anybody renames it. */
export function bornName({ selector }: Pick<Item, "selector">): string | undefined {
  if (selector?.kind !== "find") return undefined;
  return selector.where.find(({ name }) => name === "default-name")?.value ?? undefined;
}

/** What the router would say of an attribute, `""` where it has none. */
export function valueOf(item: Item, name: string): string {
  const { menu, selector, attributes } = item;
  const given = attributes.get(name);
  if (given !== undefined) return given ?? "";
  if (name === "name") return nameOf(item) ?? "";
  if (selector?.kind === "item" && name === namingAttribute(menu)) return selector.item;
  const found = selector?.kind === "find"
    ? selector.where.find((one) => one.name === name)
    : undefined;
  if (found) return found.value ?? "";
  return defaultOf(menu, name, nameOf(item)) ?? "";
}

/** Whether the item's selector names an interface, which may be renamed. */
export function isNamedByInterface({ menu, selector }: Item): boolean {
  return selector?.kind === "item" && NAMED_BY_INTERFACE.has(menu);
}

const SAME: Readonly<Record<string, string>> = { true: "yes", false: "no" };

/** Whether every condition is true of the item; `""` wants an attribute without a value. */
export function fits(item: Item, where: Readonly<Record<string, string>>): boolean {
  for (const name in where) if (!isValue(item, name, where[name]!)) return false;
  return true;
}

export function isValue(item: Item, name: string, wanted: string): boolean {
  const value = item.attributes.get(name) ?? valueOf(item, name);
  return value === wanted || (SAME[value] ?? value) === (SAME[wanted] ?? wanted);
}

/** The same for the same item that is there by itself. */
export function selectorKey(selector: Selector | null): string {
  if (!selector) return "";
  return selector.kind === "item" ? selector.item : JSON.stringify(selector.where);
}
