import { type Row, valueAt } from "./live.ts";
import type { Menu } from "./menu.ts";
import { softwareId } from "./menus/ip.ts";
import { serialNumber } from "./menus/system.ts";
import type { SimRouter } from "./router.ts";
import { dateTime } from "./text.ts";

export interface ExportFlags {
  readonly isTerse: boolean;
  /** `undefined`: as the version does by itself. */
  readonly hasSecrets: boolean | undefined;
}

/** Tables that live by themselves: an export has their static rows alone. */
const NEVER = new Set(["/interface", "/ip/arp", "/system/package/update", "/system/clock"]);
/** What every item has unless told otherwise. */
const USUAL: Readonly<Record<string, string>> = { disabled: "false", comment: "" };
/** Items that a board is born with: an export changes them, it does not add them. */
const BORN = new Set(["/interface/ethernet", "/interface/wireless", "/interface/wifi"]);
const NAMED = new Set(["/ip/service"]);
const SECRETS = new Set(["password", "secret", "passphrase", "private-key", "pre-shared-key"]);
const WIDTH = 96;

/** What `/export` prints, as a byte string. */
export function exportText(router: SimRouter, flags: ExportFlags): string {
  const now = router.now();
  const { date, time } = dateTime(now, router.version.hasIsoDates);
  const isSix = router.version.major === 6;
  const hasSecrets = flags.hasSecrets ?? isSix;
  const lines = [
    `# ${date} ${time} by RouterOS ${router.version.text}`,
    `# software id = ${softwareId(router)}`,
    "#",
    `# model = ${router.board.model}`,
    `# serial number = ${serialNumber(router)}`,
  ];
  const failing = router.fault("export-partial");
  for (const menu of [...router.tree.menus.values()].sort((a, b) => a.path < b.path ? -1 : 1)) {
    if (menu.path === failing?.menu) {
      lines.push(`#error exporting "${menu.path}" (timeout)`);
      continue;
    }
    const commands = commandsOf(menu, router, now, hasSecrets);
    if (commands.length === 0) continue;
    const path = `/${menu.path.slice(1).replaceAll("/", " ")}`;
    if (flags.isTerse) lines.push(...commands.map((command) => `${path} ${command}`));
    else lines.push(path, ...commands.map(wrap));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function commandsOf(menu: Menu, router: SimRouter, now: number, hasSecrets: boolean): string[] {
  const { settable = [], path } = menu;
  if (settable.length === 0 || NEVER.has(path)) return [];
  return router.rows(path).filter((row) => row["dynamic"] !== "true").flatMap((row) => {
    const said = settable.filter((name) => isSaid(row, name, now)).sort();
    const words = said.filter((name) => hasSecrets || !SECRETS.has(name))
      .map((name) => `${name}=${written(name, valueAt(row[name]!, now))}`);
    if (menu.isSingle) return words.length > 0 ? [`set ${words.join(" ")}`] : [];
    if (BORN.has(path)) {
      const born = valueAt(row["default-name"] ?? row["name"]!, now);
      const changed = words.filter((word) => word !== `name=${born}`);
      if (changed.length === 0) return [];
      return [`set [ find default-name=${born} ] ${changed.join(" ")}`];
    }
    if (NAMED.has(path)) {
      return words.length > 0 ? [`set ${valueAt(row["name"]!, now)} ${words.join(" ")}`] : [];
    }
    return [`add ${words.join(" ")}`];
  });
}

function isSaid(row: Row, name: string, now: number): boolean {
  const value = row[name];
  if (value === undefined) return false;
  const text = valueAt(value, now);
  return text !== "" && text !== USUAL[name];
}

function written(name: string, value: string): string {
  if (value === "true" || value === "false") return value === "true" ? "yes" : "no";
  if (/^[\w.,:;/@+*!-]+$/.test(value) && name !== "comment") return value;
  const escaped = [...value].map((char) => {
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    if (/["\\$?]/.test(char)) return `\\${char}`;
    const code = char.charCodeAt(0);
    if (code >= 0x20 && code < 0x7f) return char;
    return `\\${code.toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return /[\s"\\$?=[\]{}();]/.test(value) || escaped.length === 0 || escaped.join("") !== value
    ? `"${escaped.join("")}"`
    : value;
}

/** Breaks a long command as RouterOS does: a backslash, and four blanks on the next line. */
function wrap(command: string): string {
  const lines: string[] = [];
  let from = 0;
  let prefix = "";
  while (command.length - from > WIDTH) {
    const at = command.lastIndexOf(" ", from + WIDTH);
    if (at <= from) break;
    // Blanks at the start of a line are lost: within quotes one is written so that it stays.
    const counts = isInQuotes(command, at);
    lines.push(`${prefix}${command.slice(from, at)}${counts ? "" : " "}\\`);
    prefix = counts ? "\\_" : "";
    from = at + 1;
  }
  return [...lines, `${prefix}${command.slice(from)}`].join("\r\n    ");
}

function isInQuotes(text: string, at: number): boolean {
  let isInside = false;
  for (let i = 0; i < at; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') isInside = !isInside;
  }
  return isInside;
}
