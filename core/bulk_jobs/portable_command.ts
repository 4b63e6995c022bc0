import { isOrdered, keyAttributes } from "@/core/configs/item_keys.ts";
import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";

/** What was made on one router, as it can be carried out on others; or why it cannot. */
export type Portable = { command: ConfigCommand } | { problem: string };

/**
 * A command without the ids of one router: an item is known by what it is called there. `base` is the item
 * as it was when the change was made.
 */
export function portableCommand(
  command: ConfigCommand,
  base: Readonly<Record<string, string>> | null,
): Portable {
  const { action, menu } = command;
  if ((action === "add" || action === "move") && command.before?.by === "id") {
    return { problem: `${menu}: it stands before an item of one router alone` };
  }
  if (action === "add") return { command };
  if (command.target.by !== "id") return { command };
  const where = base && knownBy(menu, base);
  if (!where) {
    return { problem: `${menu}: its item has no name or comment to know it by on other routers` };
  }
  const target: ItemTarget = { by: "where", where };
  return { command: { ...command, target } };
}

/** What tells an item apart in every router that has it. */
function knownBy(
  menu: string,
  base: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const has = (name: string) => (base[name] ?? "") !== "";
  const names = has("default-name")
    ? ["default-name"]
    : isOrdered(menu)
    ? has("comment") ? ["comment", "chain"].filter(has) : []
    : keyAttributes(menu, has);
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, base[name]!]));
}
