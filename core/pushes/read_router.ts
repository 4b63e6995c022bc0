import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import {
  LinkFailed,
  type LinkRow,
  type LinkWords,
  readable,
  type RouterConnection,
} from "@/core/router_link/link.ts";
import { type ConfigItem, ConfigModel, isOn } from "./config_model.ts";
import { bestWay } from "./lockout/routes.ts";
import type { Management } from "./lockout/management.ts";
import { localAddresses } from "./lockout/way_in.ts";

/** What we know of the way to a router before we ask it. */
export interface KnownWay {
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface RouterReading {
  /** The touched menus, and those that the way to the router goes through. */
  readonly model: ConfigModel;
  readonly us: Management;
  readonly version: string;
  readonly identity: string;
  /** Menus that the router does not have, or would not tell. */
  readonly unread: ReadonlyMap<string, string>;
}

/** Of those, what a change in any other menu cannot break. */
const MANAGEMENT: readonly string[] = [
  ...["/ip/address", "/interface", "/interface/bridge", "/interface/bridge/port"],
  ...["/interface/bridge/vlan", "/interface/vlan", "/interface/ethernet", "/interface/bonding"],
  ...["/interface/wireguard", "/interface/wireguard/peers", "/interface/list"],
  ...["/interface/list/member", "/ip/route", "/ip/firewall/filter", "/ip/firewall/nat"],
  ...["/ip/firewall/raw", "/ip/firewall/address-list", "/ip/firewall/connection/tracking"],
  ...["/ip/service", "/user", "/user/group", "/ip/dhcp-client", "/ip/vrf", "/ip/settings"],
];
const MANAGEMENT_SIX: readonly string[] = [
  ...["/ipv6/address", "/ipv6/route", "/ipv6/firewall/filter", "/ipv6/firewall/raw"],
  ...["/ipv6/firewall/address-list", "/ipv6/settings"],
];
const MATTERS =
  /^\/(interface|user|radius|ipv6|routing)(\/|$)|^\/ip\/(address|route|firewall|service|dhcp-client|vrf|settings|ipsec|hotspot)(\/|$)/;

/** Rows of a menu that is read whole. */
const MOST_ROWS = 5_000;
const COUNTED = /\/(route|address-list)$/;
/** Counters and states: what changes without anybody's doing, and is dear to ask for. */
const CHEAP: Readonly<Record<string, readonly string[]>> = {
  "/interface": [
    ...[".id", "name", "type", "disabled", "running", "comment", "dynamic", "default-name"],
    ...["mtu", "l2mtu", "mac-address"],
  ],
};

/** Reads what `commands` touch, and what the way to the router depends on, one menu after the other. */
export async function readRouter(
  connection: RouterConnection,
  way: KnownWay,
  commands: readonly ConfigCommand[],
): Promise<RouterReading> {
  const touched = new Set(commands.map(({ menu }) => menu));
  const management = [...touched].some((menu) => MATTERS.test(menu))
    ? [...MANAGEMENT, ...(way.address.includes(":") ? MANAGEMENT_SIX : [])]
    : [];
  const reader = new MenuReader(connection);
  const [[resource], [identity]] = [
    await reader.print("/system/resource", { proplist: ["version"] }),
    await reader.print("/system/identity", { proplist: ["name"] }),
  ];
  const session = management.length > 0 ? await ourSession(reader) : undefined;
  const menus = new Map<string, readonly ConfigItem[]>();
  const unread = new Map<string, string>();
  for (const menu of new Set([...touched, ...management])) {
    try {
      menus.set(menu, await reader.read(menu, touched.has(menu)));
    } catch (error) {
      if (!(error instanceof LinkFailed)) throw error;
      if (error.reason !== "trap" && error.reason !== "too_large") throw error;
      unread.set(menu, readable(error.message));
    }
  }
  const model = new ConfigModel(menus);
  const us = { ...way, ...(session ?? { sources: [], username: "" }), ingress: null };
  return {
    ...{ model, unread },
    us: { ...us, ingress: management.length > 0 ? await ingress(reader, model, us) : null },
    version: resource?.["version"] ?? "",
    identity: identity?.["name"] ?? "",
  };
}

class MenuReader {
  readonly #connection: RouterConnection;

  constructor(connection: RouterConnection) {
    this.#connection = connection;
  }

  async print(menu: string, words: LinkWords = {}): Promise<ConfigItem[]> {
    const { rows } = await this.#connection.run(`${menu}/print`, words);
    return rows.map(readableRow);
  }

  async read(menu: string, isTouched: boolean): Promise<ConfigItem[]> {
    const proplist = isTouched ? undefined : CHEAP[menu];
    if (proplist) return await this.print(menu, { proplist });
    if (!COUNTED.test(menu)) return await this.print(menu);
    const { ret } = await this.#connection.run(`${menu}/print`, { flags: ["count-only"] });
    if (Number(ret) <= MOST_ROWS) return await this.print(menu);
    // What a routing protocol brought, or a rule put there, is not what is configured.
    return await this.print(menu, { queries: ["dynamic=true", "#!"] });
  }
}

export function readableRow(row: LinkRow): ConfigItem {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readable(value)]));
}

/** Our own login: the newest over the API, as it was made a moment ago. */
async function ourSession(
  reader: MenuReader,
): Promise<{ sources: string[]; username: string } | undefined> {
  const rows = await reader.print("/user/active").catch(() => []);
  const number = (row: ConfigItem) => Number.parseInt((row[".id"] ?? "*0").slice(1), 16) || 0;
  const ours = rows.filter(({ via }) => via === "api" || via === "api-ssl")
    .toSorted((a, b) => number(b) - number(a))[0];
  if (!ours) return undefined;
  const address = ours["address"] ?? "";
  return { sources: address === "" ? [] : [address], username: ours["name"] ?? "" };
}

/** The port of a bridge from which our frames come, by the hardware address of who is next to us. */
async function ingress(
  reader: MenuReader,
  model: ConfigModel,
  us: Management,
): Promise<string | null> {
  const [source] = us.sources;
  const [local, ...others] = localAddresses(model, us);
  if (source === undefined || !local || others.length > 0) return null;
  const bridge = local.item["interface"]!;
  const isBridge = model.items("/interface/bridge").some((item) => item["name"] === bridge);
  if (!isBridge) return null;
  const next = /^by:([0-9a-f.:]+)$/.exec(bestWay(model, source)?.key ?? "")?.[1] ?? source;
  const [neighbor] = await reader
    .print("/ip/arp", { queries: [`address=${next}`] }).catch(() => []);
  const mac = neighbor?.["mac-address"];
  if (!mac) return null;
  const hosts = await reader
    .print("/interface/bridge/host", { queries: [`mac-address=${mac}`] }).catch(() => []);
  const host = hosts.find((item) => item["bridge"] === bridge && !isOn(item, "local"));
  return host?.["on-interface"] ?? host?.["interface"] ?? null;
}
