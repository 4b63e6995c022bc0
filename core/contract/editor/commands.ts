import type { ConfigCommand, ItemTarget } from "../config_commands.ts";
import type { FieldType, MenuSchema } from "./field.ts";
import { fieldOf } from "./field.ts";
import { isSameValue, toWritten } from "./same_value.ts";
import { HIDDEN } from "./table.ts";

type Values = Readonly<Record<string, string>>;

/** A new item; what was left empty is left to the router. */
export function addCommand(
  path: string,
  menu: MenuSchema | undefined,
  values: Values,
  before: ItemTarget | null,
): ConfigCommand {
  const attributes = Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== "")
      .map(([name, value]) => [name, toWritten(value, fieldOf(menu, name)?.type)]),
  );
  return { action: "add", menu: path, attributes, before };
}

/** What turns an item from what it says into what it shall say; `undefined`: it says so already. */
export function setCommand(
  path: string,
  menu: MenuSchema | undefined,
  target: ItemTarget,
  from: Values,
  to: Values,
): ConfigCommand | undefined {
  const attributes: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(to)) {
    const type = fieldOf(menu, name)?.type;
    if (value === HIDDEN || isSameValue(from[name], value, type)) continue;
    attributes[name] = value === ""
      ? emptyValue(menu, name, type)
      : toWritten(value, type ?? undefined);
  }
  if (Object.keys(attributes).length === 0) return undefined;
  return { action: "set", menu: path, target, attributes };
}

/** What clearing an attribute writes: `null` unsets it. */
function emptyValue(
  menu: MenuSchema | undefined,
  name: string,
  type: FieldType | undefined,
): string | null {
  const field = fieldOf(menu, name);
  if (field?.whenEmpty !== undefined) return field.whenEmpty;
  if (name === "comment" || menu?.isSingle) return "";
  return type?.kind === "string" && type.isLong || type?.kind === "secret" ? "" : null;
}

export function removeCommand(path: string, target: ItemTarget): ConfigCommand {
  return { action: "remove", menu: path, target };
}

export function moveCommand(
  path: string,
  target: ItemTarget,
  before: ItemTarget | null,
): ConfigCommand {
  return { action: "move", menu: path, target, before };
}

/** "Adds", "Changes" … and where, for a list of commands. */
export const ACTION_WORDS = {
  add: "Added",
  set: "Changed",
  remove: "Removed",
  move: "Moved",
} as const;
