import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { renamedValue, roomOf } from "@/core/config_plan/references.ts";
import type { LinkRow } from "@/core/router_link/link.ts";
import { bytesOf } from "@/core/wire/routeros/export/value_text.ts";
import { isTrue } from "./device_values.ts";
import type { MenuRows, ResolvedCommand } from "./record.ts";

/** The change does not fit the router: nothing was touched. */
export class CannotPlan extends Error {
  override readonly name = "CannotPlan";
}

interface Item {
  id: string | null;
  values: Record<string, string>;
}

/** A text as the bytes a router keeps, each in a character. */
export const toBytes = (value: string): string => String.fromCharCode(...bytesOf(value));

/** The menus that commands touch, each once. */
export const touchedMenus = (commands: readonly ConfigCommand[]): string[] => [
  ...new Set(commands.map(({ menu }) => menu)),
];

/**
 * Finds the item of each command as it will be when its turn comes. An item that the push itself adds has
 * no id yet: it is `+N`, what command N adds.
 *
 * @throws {CannotPlan} when a target fits no item, or several
 */
export function resolveCommands(
  commands: readonly ConfigCommand[],
  menus: readonly MenuRows[],
): ResolvedCommand[] {
  const model = new Map(menus.map(({ menu, rows }) => [menu, rows.map(itemOf)]));
  return commands.map((command, at) => {
    const items = model.get(command.menu);
    if (!items) throw new CannotPlan(`${label(command, at)}: the menu was not read`);
    return resolveOne(command, at, items, model);
  });
}

const itemOf = (row: LinkRow): Item => ({ id: row[".id"] ?? null, values: { ...row } });

function resolveOne(
  command: ConfigCommand,
  at: number,
  items: Item[],
  model: ReadonlyMap<string, Item[]>,
): ResolvedCommand {
  const { menu } = command;
  const find = (target: ItemTarget) => findItem(items, target, label(command, at));
  const place = (before: ItemTarget | null) => before === null ? null : find(before);
  switch (command.action) {
    case "add": {
      const before = place(command.before);
      const attributes = byteValues(command.attributes);
      const added = { id: `+${at}`, values: { ...attributes } };
      items.splice(before ? items.indexOf(before) : items.length, 0, added);
      return { action: "add", menu, attributes, before: before?.id ?? null };
    }
    case "set": {
      const item = find(command.target);
      const attributes = byteValues(command.attributes);
      rename(menu, item.values["name"], attributes["name"], model);
      for (const [name, value] of Object.entries(attributes)) {
        if (value === null) delete item.values[name];
        else item.values[name] = value;
      }
      return { action: "set", menu, id: item.id, attributes };
    }
    case "remove": {
      const item = find(command.target);
      items.splice(items.indexOf(item), 1);
      return { action: "remove", menu, id: idOf(item, label(command, at)) };
    }
    case "move": {
      const item = find(command.target);
      const before = place(command.before);
      items.splice(items.indexOf(item), 1);
      items.splice(before ? items.indexOf(before) : items.length, 0, item);
      const id = idOf(item, label(command, at));
      return { action: "move", menu, id, before: before?.id ?? null };
    }
  }
}

function idOf(item: Item, what: string): string {
  if (item.id === null) throw new CannotPlan(`${what}: the menu has one item, which stays`);
  return item.id;
}

function findItem(items: readonly Item[], target: ItemTarget, what: string): Item {
  const fitting = items.filter((item) => fits(item, target));
  const nth = "nth" in target && typeof target.nth === "number" ? target.nth : undefined;
  const item = nth === undefined ? fitting[0] : fitting[nth];
  if (!item) throw new CannotPlan(`${what}: no item fits ${describe(target)}`);
  if (nth === undefined && fitting.length > 1) {
    throw new CannotPlan(`${what}: ${fitting.length} items fit ${describe(target)}`);
  }
  return item;
}

function fits(item: Item, target: ItemTarget): boolean {
  if (target.by === "menu") return item.id === null;
  if (target.by === "id") return item.id === target.id;
  return Object.entries(target.where).every(([name, value]) =>
    plain(item.values[name] ?? "") === plain(toBytes(value)) ||
    // An absent flag is off.
    (item.values[name] === undefined && (value === "no" || value === "false"))
  );
}

const plain = (value: string) =>
  isTrue(value) ? "true" : value === "no" || value === "false" ? "false" : value;

const describe = (target: ItemTarget) =>
  target.by === "menu"
    ? "the menu's one item"
    : target.by === "id"
    ? target.id
    : Object.keys(target.where).join(", ");

const label = (command: ConfigCommand, at: number) =>
  `Command ${at + 1} (${command.action} in ${command.menu})`;

/** Menus refer to interfaces, lists and pools by id: who is renamed is renamed there too. */
function rename(
  menu: string,
  from: string | undefined,
  to: string | null | undefined,
  model: ReadonlyMap<string, Item[]>,
): void {
  if (from === undefined || to === undefined || to === null || from === to) return;
  for (const [other, items] of model) {
    for (const { values } of items) {
      for (const [name, value] of Object.entries(values)) {
        if (name === "comment" || name === "default-name") continue;
        if (name === "name" && !(menu.startsWith("/interface") && other === "/interface")) continue;
        values[name] = name === "name" && value === from
          ? to
          : renamedValue(other, name, value, { room: roomOf(menu), from, to });
      }
    }
  }
}

function byteValues<V extends string | null>(attributes: Readonly<Record<string, V>>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) =>
      [name, value === null ? null : toBytes(value)] as const
    ),
  ) as Record<string, V extends null ? string | null : V extends string ? string : never>;
}
