import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { maskAttribute } from "@/core/configs/secrets.ts";
import type { Attribute } from "@/core/wire/routeros/export/model.ts";
import { printAttribute, printMenu, printValue } from "@/core/wire/routeros/export/print.ts";

/** The commands as a script for people to read: a line each under its menu, secrets hidden. */
export function printCommands(commands: readonly ConfigCommand[]): string {
  const lines: string[] = [];
  let menu: string | undefined;
  for (const command of commands) {
    if (command.menu !== menu) {
      menu = command.menu;
      lines.push(printMenu(menu));
    }
    lines.push(line(command));
  }
  return lines.join("\n");
}

function line(command: ConfigCommand): string {
  const { menu, action } = command;
  const words: string[] = [action];
  if (action !== "add") words.push(...target(menu, command.target));
  if (action === "add" || action === "set") {
    const attributes = Object.entries(command.attributes);
    words.push(...attributes.map(([name, value]) => attribute(menu, { name, value })));
  }
  if ((action === "add" || action === "move") && command.before) {
    const [place] = target(menu, command.before);
    words.push(action === "add" ? `place-before=${place}` : `destination=${place}`);
  }
  return words.filter(Boolean).join(" ");
}

function target(menu: string, of: ItemTarget): string[] {
  if (of.by === "menu") return [];
  if (of.by === "id") return [printValue(of.id)];
  const where = Object.entries(of.where).map(([name, value]) => attribute(menu, { name, value }));
  return [`[ find ${where.join(" ")} ]`];
}

const attribute = (menu: string, one: Attribute) => printAttribute(maskAttribute(menu, one));
