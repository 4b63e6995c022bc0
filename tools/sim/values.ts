import type { Menu } from "./menu.ts";
import type { SimRouter } from "./router.ts";
import { duration } from "./text.ts";
import { Trap } from "./trap.ts";

const BOOLEANS: Readonly<Record<string, string>> = {
  yes: "true",
  no: "false",
  true: "true",
  false: "false",
};

/** What a property refers to by name; a renamed item is renamed there too. */
export type Reference =
  | "interface"
  | "list"
  | "pool"
  | "profile"
  | "group"
  | "action"
  | "table"
  | "server"
  | "queue"
  | "security"
  | "configuration"
  | "channel"
  | "datapath"
  | "security-profile";

const REFERENCES: Readonly<Record<string, Reference>> = {
  interface: "interface",
  bridge: "interface",
  "in-interface": "interface",
  "out-interface": "interface",
  "in-bridge-port": "interface",
  "out-bridge-port": "interface",
  "master-interface": "interface",
  tagged: "interface",
  untagged: "interface",
  slaves: "interface",
  "datapath.bridge": "interface",
  "in-interface-list": "list",
  "out-interface-list": "list",
  "discover-interface-list": "list",
  "allowed-interface-list": "list",
  "interface-list": "list",
  "address-pool": "pool",
  "next-pool": "pool",
  profile: "profile",
  group: "group",
  "routing-table": "table",
};

const HOMES: Readonly<Record<Reference, string>> = {
  interface: "/interface",
  list: "/interface/list",
  pool: "/ip/pool",
  profile: "/ppp/profile",
  group: "/user/group",
  action: "/system/logging/action",
  table: "/routing/table",
  server: "/ip/dhcp-server",
  queue: "/queue/simple",
  security: "/interface/wifi/security",
  configuration: "/interface/wifi/configuration",
  channel: "/interface/wifi/channel",
  datapath: "/interface/wifi/datapath",
  "security-profile": "/interface/wireless/security-profiles",
};

/** The same of menus where the name alone would not say it. */
const IN_MENU: Readonly<Record<string, Reference>> = {
  "/interface/list/member list": "list",
  "/interface/list include": "list",
  "/interface/list exclude": "list",
  "/system/logging action": "action",
  "/ip/dhcp-server/lease server": "server",
  "/queue/simple parent": "queue",
  "/interface/wireless security-profile": "security-profile",
  ...Object.fromEntries(
    (["security", "configuration", "channel", "datapath"] as const).flatMap((kind) => [
      [`/interface/wifi ${kind}`, kind],
      [`/interface/wifi/configuration ${kind}`, kind],
    ]),
  ),
};

/** Names that stand for something without being an item. */
const WORDS: Readonly<Record<Reference, readonly string[]>> = {
  interface: [
    "all",
    "none",
    "*0",
    "all-ppp",
    "all-ethernet",
    "all-vlan",
    "all-wireless",
    "dynamic",
  ],
  list: ["all", "none", "dynamic", "static"],
  pool: ["none", "static-only"],
  profile: [],
  group: [],
  action: [],
  table: ["main"],
  server: ["all"],
  queue: ["none"],
  security: [],
  configuration: [],
  channel: [],
  datapath: [],
  "security-profile": [],
};

const DURATIONS = new Set([
  ...["lease-time", "interval", "cache-max-ttl", "max-age", "timeout", "keepalive-timeout"],
  ...["persistent-keepalive", "ttl", "query-server-timeout", "query-total-timeout"],
  ...["idle-timeout", "session-timeout", "arp-timeout", "ageing-time", "forward-delay"],
  ...["address-list-timeout", "bootp-lease-time", "ra-interval", "ra-lifetime"],
]);

const RANGES: Readonly<Record<string, readonly [low: number, high: number]>> = {
  "vlan-id": [1, 4094],
  pvid: [1, 4094],
  distance: [1, 255],
  port: [1, 65_535],
  "remote-port": [1, 65_535],
  "listen-port": [0, 65_535],
  "endpoint-port": [0, 65_535],
  "max-sessions": [1, 1_000],
};

export const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

export function isIpv4(text: string): boolean {
  const parts = IPV4.exec(text);
  return parts !== null && parts.slice(1).every((part) => Number(part) < 256);
}

export function number4(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function text4(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

export function network4(address: string, bits: number): string {
  const size = 2 ** (32 - bits);
  return text4(Math.floor(number4(address) / size) * size);
}

/** The menu whose items a property of `menu` names; `undefined` when it names none. */
export function referenceOf(menu: Menu, name: string): string | undefined {
  const own = IN_MENU[`${menu.path} ${name}`];
  if (own) return HOMES[own];
  if (name === "profile" && !menu.path.startsWith("/ppp") && !menu.path.includes("pppoe")) {
    return undefined;
  }
  if (name === "port" || menu.path === "/system/script") return undefined;
  const kind = REFERENCES[name];
  return kind && HOMES[kind];
}

/** Splits `!a,b` as the firewall writes it: whether it is turned round, and its members. */
export function members(value: string): { isNot: boolean; names: string[] } {
  const isNot = value.startsWith("!");
  return { isNot, names: (isNot ? value.slice(1) : value).split(",") };
}

/**
 * A value as the router keeps it: yes and no as true and false, durations in its own form.
 *
 * @throws {Trap} when it cannot be one of this property
 */
export function kept(router: SimRouter, menu: Menu, name: string, value: string): string {
  const fallback = menu.defaults?.[name];
  if (name === "disabled" || fallback === "true" || fallback === "false") {
    const bool = BOOLEANS[value];
    if (bool === undefined) throw new Trap(`input does not match any value of ${name}`, 1);
    return bool;
  }
  const home = referenceOf(menu, name);
  if (home !== undefined && value !== "") checkReference(router, menu, name, home, value);
  const range = menu.path.includes("/firewall/") || menu.path.startsWith("/routing/")
    ? undefined
    : RANGES[name];
  if (range && value !== "") {
    const number = Number(value);
    if (!/^\d+$/.test(value)) throw new Trap(`invalid value for argument ${name}`, 1);
    if (number < range[0] || number > range[1]) {
      throw new Trap(`value of ${name} out of range (${range[0]}..${range[1]})`, 1);
    }
    return String(number);
  }
  if (DURATIONS.has(name)) return keptDuration(name, value);
  if (name === "mac-address" && value !== "") {
    if (!/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i.test(value)) {
      throw new Trap("invalid value of mac-address, mac address required", 1);
    }
    return value.toUpperCase().replaceAll("-", ":");
  }
  return keptAddress(menu, name, value);
}

function checkReference(
  router: SimRouter,
  menu: Menu,
  name: string,
  home: string,
  value: string,
): void {
  const kind = (Object.keys(HOMES) as Reference[]).find((key) => HOMES[key] === home)!;
  const rows = router.rows(home);
  for (const wanted of members(value).names) {
    if (wanted === "" || WORDS[kind].includes(wanted)) continue;
    if (rows.some((row) => row["name"] === wanted || row[".id"] === wanted)) continue;
    // Some name an interface or a list alike.
    if (kind === "interface" && router.rows(HOMES.list).some((row) => row["name"] === wanted)) {
      if (menu.path === "/interface/bridge/port") continue;
    }
    throw new Trap(`input does not match any value of ${name}`, 1);
  }
}

/** Seconds of `1d2h`, `00:10:00`, `90`; `undefined` when it is no duration. */
export function secondsOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const clock = /^(?:(\d+)d ?)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock) {
    const [, days, hours, minutes, seconds] = clock;
    return Number(days ?? 0) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 +
      Number(seconds ?? 0);
  }
  const parts = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (!parts || text === "") return undefined;
  const sizes = [604_800, 86_400, 3_600, 60, 1];
  return sizes.reduce((sum, size, i) => sum + Number(parts[i + 1] ?? 0) * size, 0);
}

function keptDuration(name: string, value: string): string {
  if (value === "" || /^(none|never|auto|dynamic|none-dynamic|none-static|disabled)$/.test(value)) {
    return value;
  }
  if (/^[\d.]+ms$/.test(value)) return value;
  // A firewall matches a TTL by a word and a number.
  if (name === "ttl" && /^[a-z]+:\d+$/.test(value)) return value;
  const seconds = secondsOf(value);
  if (seconds === undefined) throw new Trap(`invalid value for argument ${name}`, 1);
  return duration(seconds);
}

const ADDRESS_MENUS = new Set(["/ip/address", "/ip/dhcp-server/network"]);
const RULES = /^\/ip\/firewall\/(filter|nat|mangle|raw)$/;

function keptAddress(menu: Menu, name: string, value: string): string {
  const bad = () => new Trap(`invalid value for argument ${name}`, 1);
  if (
    menu.path === "/ip/route" && name === "dst-address" ||
    ADDRESS_MENUS.has(menu.path) && name === "address"
  ) {
    const [address, bits = "32"] = value.split("/");
    const isRight = isIpv4(address!) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32;
    if (!isRight) throw bad();
    return menu.path === "/ip/address"
      ? `${address}/${bits}`
      : `${network4(address!, Number(bits))}/${bits}`;
  }
  if (RULES.test(menu.path) && (name === "src-address" || name === "dst-address") && value !== "") {
    const text = value.startsWith("!") ? value.slice(1) : value;
    const [first, last] = text.split("-");
    const [address, bits = "32"] = first!.split("/");
    const isRight = isIpv4(address!) && Number(bits) <= 32 && (last === undefined || isIpv4(last));
    if (!isRight) throw bad();
    return value.endsWith("/32") ? value.slice(0, -3) : value;
  }
  if (/^(src-port|dst-port|to-ports)$/.test(name) && value !== "") {
    if (!/^!?\d+(-\d+)?(,\d+(-\d+)?)*$/.test(value)) throw bad();
  }
  return value;
}
