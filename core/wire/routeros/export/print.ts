import type { Attribute, ExportEntry, Selector } from "./model.ts";
import { escapeText } from "./value_text.ts";

/** What RouterOS takes without quotes, whatever the command. */
const BARE = /^[A-Za-z0-9._:/,@+*!-]+$/;

/** The entries as RouterOS reads them: a line a command, the menu above where it changes. */
export function printExport(entries: Iterable<ExportEntry>): string {
  let text = "";
  let menu: string | undefined;
  for (const entry of entries) {
    if (entry.menu !== menu) {
      menu = entry.menu;
      text += `${printMenu(menu)}\n`;
    }
    for (const remark of entry.remarks) text += `# ${remark}\n`;
    text += `${printCommand(entry)}\n`;
  }
  return text;
}

/** `/ip/firewall/filter` as exports have it: `/ip firewall filter`. */
export function printMenu(menu: string): string {
  return `/${menu.slice(1).replaceAll("/", " ")}`;
}

export function printCommand(
  { command, selector, attributes }: Pick<ExportEntry, "command" | "selector" | "attributes">,
): string {
  return [
    command,
    ...(selector ? [printSelector(selector)] : []),
    ...attributes.map(printAttribute),
  ].join(" ");
}

export function printAttribute({ name, value }: Attribute): string {
  return value === null ? `!${name}` : `${name}=${printValue(value)}`;
}

/** Quoted unless it is plain for certain. */
export function printValue(value: string): string {
  return BARE.test(value) ? value : `"${escapeText(value)}"`;
}

function printSelector(selector: Selector): string {
  if (selector.kind === "item") return printValue(selector.item);
  return `[ ${["find", ...selector.where.map(printAttribute)].join(" ")} ]`;
}
