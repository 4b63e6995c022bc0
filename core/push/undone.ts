import { isUntouched } from "./effects.ts";
import { isState } from "./menu_rows.ts";
import type { MenuRows, PushRecord } from "./record.ts";

/**
 * What the change had made and is not on the router any more: safe mode of somebody else takes back what
 * others did meanwhile, after each command was read back.
 *
 * @param added what was added, as far as known
 * @param after the touched menus as they are now
 * @returns a sentence; `null`: all is there
 */
export function undone(
  { plan, evidence }: PushRecord,
  added: readonly { readonly menu: string; readonly id: string }[],
  after: readonly MenuRows[],
): string | null {
  const rowsOf = (menus: readonly MenuRows[], menu: string) =>
    menus.find((one) => one.menu === menu)?.rows ?? [];
  const rowOf = (menus: readonly MenuRows[], menu: string, id: string | null) =>
    rowsOf(menus, menu).find((row) => id === null || row[".id"] === id);
  const commands = plan!.commands;
  // What the change adds and removes itself is known by its place among the commands alone.
  const removesOwn = new Set(
    commands.flatMap((one) => one.action === "remove" && one.id.startsWith("+") ? [one.menu] : []),
  );
  for (const { menu, id } of added) {
    if (!removesOwn.has(menu) && !rowOf(after, menu, id)) {
      return `an item that was added to ${menu} is gone again`;
    }
  }
  const last = new Map<string, { menu: string; id: string | null; name: string; value: string }>();
  const removed = new Set<string>();
  for (const command of commands) {
    const { menu } = command;
    if (command.action === "remove") {
      removed.add(`${menu} ${command.id}`);
      if (rowOf(after, menu, command.id)) return `an item that was removed from ${menu} is back`;
    }
    if (command.action !== "set" || command.id?.startsWith("+")) continue;
    for (const [name, value] of Object.entries(command.attributes)) {
      last.set(`${menu} ${command.id} ${name}`, { menu, id: command.id, name, value: value ?? "" });
    }
  }
  for (const { menu, id, name, value } of last.values()) {
    if (isState(menu, name) || removed.has(`${menu} ${id}`)) continue;
    const [was, is] = [rowOf(evidence!.before, menu, id), rowOf(after, menu, id)];
    if (!is) return `an item of ${menu} that was changed is gone`;
    if (isUntouched(was?.[name] ?? "", is[name] ?? "", value)) {
      return `${name} of an item of ${menu} is as it was before`;
    }
  }
  return null;
}
