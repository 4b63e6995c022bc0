import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { printAttribute, printMenu, printValue } from "@/core/wire/routeros/export/print.ts";

/** The commands as a script that people read and `/import` takes: a line each, menus as headings. */
export function printScript(commands: readonly ConfigCommand[]): string {
  let text = "";
  let menu: string | undefined;
  for (const command of commands) {
    if (command.menu !== menu) {
      menu = command.menu;
      text += `${printMenu(menu)}\n`;
    }
    text += `${printChange(command)}\n`;
  }
  return text;
}

/** One of them, without its menu. */
export function printChange(command: ConfigCommand): string {
  const words: string[] = [command.action];
  if (command.action !== "add") words.push(...printTarget(command.target));
  if (command.action === "add" || command.action === "set") {
    for (const [name, value] of Object.entries(command.attributes)) {
      words.push(printAttribute({ name, value }));
    }
  }
  if ((command.action === "add" || command.action === "move") && command.before) {
    const name = command.action === "add" ? "place-before" : "destination";
    words.push(`${name}=${printTarget(command.before).join("")}`);
  }
  return words.join(" ");
}

function printTarget(target: ItemTarget): string[] {
  if (target.by === "menu") return [];
  if (target.by === "id") return [target.id];
  const conditions = Object.entries(target.where)
    .map(([name, value]) => value === "" ? `!${name}` : `${name}=${printValue(value)}`);
  const found = `[find ${conditions.join(" ")}]`;
  return [target.nth === undefined ? found : `[:pick ${found} ${target.nth}]`];
}
