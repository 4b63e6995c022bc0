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
  /** The comment lines at the top, whose date changes every time; there unless told. */
  readonly hasHeader?: boolean;
  /** This menu and those below it alone. */
  readonly under?: string;
}

/** Tables that live by themselves: an export has their static rows alone. */
const NEVER = new Set(["/interface", "/ip/arp", "/system/package/update", "/system/clock"]);
/** What every item has unless told otherwise. */
const USUAL: Readonly<Record<string, string>> = {
  disabled: "false",
  comment: "",
  dynamic: "false",
};
/** Items that a board is born with: an export changes them, it does not add them. */
const BORN = new Set([
  ...["/interface/ethernet", "/interface/wireless", "/interface/wifi", "/interface/wifiwave2"],
  "/interface/ethernet/poe",
]);
const NAMED = new Set(["/ip/service"]);
const SECRETS = new Set([
  ...["password", "secret", "passphrase", "private-key", "preshared-key", "pre-shared-key"],
  ...["security.passphrase", "wpa-pre-shared-key", "wpa2-pre-shared-key", "secrets"],
  ...["authentication-password", "encryption-password"],
]);
const WIDTH = 96;

/** What `/export` prints, as a byte string. */
export function exportText(router: SimRouter, flags: ExportFlags): string {
  const now = router.now();
  const { date, time } = dateTime(now, router.version.hasIsoDates);
  const isSix = router.version.major === 6;
  const hasSecrets = flags.hasSecrets ?? isSix;
  const lines = flags.hasHeader === false ? [] : [
    `# ${date} ${time} by RouterOS ${router.version.text}`,
    `# software id = ${softwareId(router)}`,
    "#",
    `# model = ${router.board.model}`,
    `# serial number = ${serialNumber(router)}`,
  ];
  const failing = router.fault("export-partial");
  for (const menu of [...router.tree.menus.values()].sort(inOrder)) {
    const { under } = flags;
    if (under && menu.path !== under && !menu.path.startsWith(`${under}/`)) continue;
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

/** What others refer to by name comes before them; the rest by path. */
const FIRST = [
  ...["/interface/bridge", "/interface/ethernet", "/interface/wireless", "/interface/wifi/channel"],
  ...["/interface/wifi/security", "/interface/wifi/datapath", "/interface/wifi/configuration"],
  ...["/interface/wifi", "/interface/wifiwave2", "/interface/wireguard", "/interface/bonding"],
  ...["/interface/vlan", "/ppp/profile", "/interface/pppoe-client", "/interface/list"],
  ...["/routing/table", "/ip/pool", "/queue/type", "/user/group", "/system/logging/action"],
];

function inOrder(a: Menu, b: Menu): number {
  const rank = ({ path }: Menu) => {
    const at = FIRST.indexOf(path);
    return at < 0 ? FIRST.length : at;
  };
  return rank(a) - rank(b) || (a.path < b.path ? -1 : 1);
}

function commandsOf(menu: Menu, router: SimRouter, now: number, hasSecrets: boolean): string[] {
  const { settable = [], path } = menu;
  if (settable.length === 0 || menu.isUnexported || NEVER.has(path)) return [];
  const factory = NAMED.has(path) ? menu.rows(router) : [];
  const sorted = [...settable].sort();
  const rows = router.config.rows(path).filter((row) =>
    row["dynamic"] !== "true" && row["builtin"] !== "true"
  );
  return rows.flatMap((row) => {
    const name = row["name"] === undefined ? "" : valueAt(row["name"], now);
    const before = factory.find((other) => other["name"] === row["name"]);
    const said = sorted.filter((key) => {
      if (!isSaid(menu, row, key)) return false;
      // A service is there from the start: only what is different is said of it.
      return !before || key !== "name" && (key === "disabled" || before[key] !== row[key]);
    });
    const words = said.filter((key) => hasSecrets || !SECRETS.has(key))
      .map((key) => `${key}=${written(key, String(row[key]))}`);
    if (menu.isSingle) return words.length > 0 ? [`set ${words.join(" ")}`] : [];
    if (NAMED.has(path)) return words.length > 0 ? [`set ${name} ${words.join(" ")}`] : [];
    const born = BORN.has(path) ? bornName(row, now) : undefined;
    if (born !== undefined) {
      const key = row["default-name"] === undefined ? "name" : "default-name";
      const changed = words.filter((word) =>
        word !== `name=${born}` && word !== `mac-address=${router.macOf(born)}` &&
        !word.startsWith("l2mtu=")
      );
      return changed.length > 0 ? [`set [ find ${key}=${born} ] ${changed.join(" ")}`] : [];
    }
    if (row["default"] === "true" || row["$default"] === "true") {
      const seed = menu.rows(router).find((other) => other[".id"] === row[".id"]) ?? {};
      const changed = said.filter((key) => key !== "name" && seed[key] !== row[key]);
      const text = words.filter((word) => changed.some((key) => word.startsWith(`${key}=`)));
      const which = name === "" ? rows.indexOf(row) : `[ find name=${written("name", name)} ]`;
      return text.length > 0 ? [`set ${which} ${text.join(" ")}`] : [];
    }
    return [`add ${words.join(" ")}`];
  });
}

/** What hardware is called that is there without being added. */
function bornName(row: Row, now: number): string | undefined {
  const name = row["default-name"] ?? row["name"];
  return name === undefined ? undefined : valueAt(name, now);
}

function isSaid(menu: Menu, row: Row, name: string): boolean {
  const value = row[name];
  if (typeof value !== "string") return false;
  if (name === "action" && menu.path.includes("/firewall/")) return true;
  // Emptied where there is something by default, it is said too.
  const fallback = menu.defaults?.[name] ?? USUAL[name] ?? "";
  return value !== fallback;
}

function written(name: string, value: string): string {
  if (value === "true" || value === "false") return value === "true" ? "yes" : "no";
  if (value === "") return '""';
  if (/^[\w.,:/@+*!-]+$/.test(value) && name !== "comment") return value;
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
