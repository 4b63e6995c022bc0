import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { alwaysSaid, defaultOf, isSilent } from "./defaults.ts";
import { entryOf, type Item, itemOf, nameOf, namingAttribute, selectorKey } from "./item.ts";

/**
 * The entries as a compact export has them: each item once, attributes by name, none that says what would
 * be without it. Entries that are no items (`remove`, …) are left out.
 */
export function normalise(entries: readonly ExportEntry[]): ExportEntry[] {
  return normalItems(entries).map((item, at) => entryOf(item, at + 1));
}

export function normalItems(entries: readonly ExportEntry[]): Item[] {
  const items: Item[] = [];
  const own = new Map<string, Item>();
  for (const entry of entries) {
    const item = itemOf(entry);
    if (!item) continue;
    const key = `${item.menu} ${selectorKey(item.selector)}`;
    const same = item.command === "set" ? own.get(key) : undefined;
    if (same) {
      for (const [name, value] of item.attributes) same.attributes.set(name, value);
      continue;
    }
    if (item.command === "set") own.set(key, item);
    items.push(item);
  }
  for (const item of items) compact(item);
  return items.filter((item) => !isPlain(item));
}

/** Drops what goes without saying. */
export function compact(item: Item): void {
  const { menu, attributes } = item;
  const name = nameOf(item);
  for (const [attribute, value] of [...attributes]) {
    if (isSilent(menu, attribute, value, name)) attributes.delete(attribute);
  }
  const { selector } = item;
  if (selector?.kind === "item") {
    const naming = namingAttribute(menu);
    if (attributes.get(naming) === selector.item) attributes.delete(naming);
  }
  if (item.command !== "add") return;
  for (const said of alwaysSaid(menu)) {
    if (!attributes.has(said)) attributes.set(said, defaultOf(menu, said)!);
  }
}

/** An item that is there by itself and that nobody changed is not in an export. */
export function isPlain({ command, attributes }: Item): boolean {
  return command === "set" && attributes.size === 0;
}
