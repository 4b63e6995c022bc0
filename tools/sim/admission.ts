import { type Row, valueAt } from "./live.ts";
import { siteAddress } from "./menus/ip.ts";
import { uplink } from "./menus/network.ts";
import type { SimRouter } from "./router.ts";
import { members } from "./values.ts";
import { connected, isWithin, nextHop } from "./ways.ts";

/** A TCP connection from somewhere to the router. */
export interface Visit {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

export type Verdict =
  | "accept"
  /** Nothing comes back. */
  | "silent"
  /** Refused: no such service, or the firewall rejects. */
  | "refused"
  /** Taken and closed at once: the service does not want this address. */
  | "closed";

/** The address by which people manage a router, unless they changed it. */
export const managementAddress = siteAddress;

/** What the world around it has: who stands where does not change with a router's configuration. */
const gatewayOf = (router: SimRouter) => siteAddress(router).replace(/\d+$/, "254");

/** What decides who comes in: it is looked at with every packet, so it is kept at hand. */
const DECIDING = [
  ...["/interface", "/interface/bridge/port", "/interface/list", "/interface/list/member"],
  ...["/ip/address", "/ip/route", "/ip/service", "/ip/firewall/filter", "/ip/firewall/raw"],
  ...["/ip/firewall/address-list", "/user", "/user/group", "/system/scheduler", "/system/script"],
];

/** Keeps what admission looks at, rather than work it out from the seed again and again. */
export function keepAtHand(router: SimRouter): void {
  for (const path of DECIDING) if (router.tree.menus.has(path)) router.config.edit(path);
}

/** Whether a manager far away comes in: the port, the address, the firewall, the way back, the service. */
export function admits(router: SimRouter, visit: Visit, state: "new" | "established"): Verdict {
  if (!router.isOnline) return "silent";
  const way = arrival(router);
  if (way === undefined) return "silent";
  if (!connected(router).some(({ address }) => address === visit.to)) return "silent";
  const verdict = filter(router, visit, way, state);
  if (verdict !== "accept") return verdict;
  if (!isAnswered(router, visit.from, way)) return "silent";
  return state === "established" ? "accept" : serviceOf(router, visit);
}

/** The interface on which what comes over the uplink arrives: the bridge, if it is a port of one. */
function arrival(router: SimRouter): string | undefined {
  const born = uplink(router);
  const now = router.now();
  const port = router.config.rows("/interface").find((row) =>
    (row["default-name"] ?? row["name"]) === born
  );
  if (!port) return undefined;
  const name = String(port["name"]);
  if (valueAt(port["disabled"]!, now) === "true" || !router.isLinkUp(born)) return undefined;
  const member = router.config.rows("/interface/bridge/port").find((row) =>
    row["interface"] === name && row["disabled"] !== "true"
  );
  if (!member) return name;
  const bridge = router.config.rows("/interface").find((row) => row["name"] === member["bridge"]);
  if (!bridge || valueAt(bridge["disabled"]!, now) === "true") return undefined;
  if (bridge["$vlan-filtering"] === "true") {
    // It sends without a tag: where the port puts that must be where the router itself is.
    if ((member["pvid"] ?? "1") !== (bridge["$pvid"] ?? "1")) return undefined;
  }
  return String(bridge["name"]);
}

/** Whether answers find their way: to the network itself, or to a gateway that is really there. */
function isAnswered(router: SimRouter, from: string, way: string): boolean {
  const hop = nextHop(router, from);
  if (!hop || hop.way !== way) return false;
  const isNear = isWithin(from, `${siteAddress(router)}/24`);
  return isNear ? hop.gateway === undefined : hop.gateway === gatewayOf(router);
}

// --- firewall

interface Packet extends Visit {
  readonly way: string;
  readonly state: "new" | "established";
}

function filter(
  router: SimRouter,
  visit: Visit,
  way: string,
  state: "new" | "established",
): Verdict {
  const packet = { ...visit, way, state };
  const raw = chain(router, "/ip/firewall/raw", "prerouting", packet, 0);
  if (raw && raw !== "accept") return raw;
  return chain(router, "/ip/firewall/filter", "input", packet, 0) ?? "accept";
}

/** @returns `undefined` when no rule of the chain decides */
function chain(
  router: SimRouter,
  path: string,
  name: string,
  packet: Packet,
  depth: number,
): Verdict | undefined {
  if (depth > 10) return undefined;
  for (const rule of router.config.rows(path)) {
    if (rule["chain"] !== name || rule["disabled"] === "true") continue;
    if (!fits(router, rule, packet)) continue;
    switch (rule["action"] ?? "accept") {
      case "accept":
        return "accept";
      case "drop":
      case "tarpit":
        return "silent";
      case "reject":
        return "refused";
      case "return":
        return undefined;
      case "jump": {
        const verdict = chain(router, path, String(rule["jump-target"]), packet, depth + 1);
        if (verdict) return verdict;
      }
    }
  }
  return undefined;
}

const text = (rule: Row, name: string): string | undefined => {
  const value = rule[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** One condition, turned round by `!`. */
function holds(value: string | undefined, test: (names: string[]) => boolean): boolean {
  if (value === undefined) return true;
  const { isNot, names } = members(value);
  return test(names) !== isNot;
}

function fits(router: SimRouter, rule: Row, { from, to, port, way, state }: Packet): boolean {
  return holds(text(rule, "protocol"), (names) => names.includes("tcp") || names.includes("6")) &&
    holds(text(rule, "src-address"), (names) => names.some((one) => isWithin(from, one))) &&
    holds(text(rule, "dst-address"), (names) => names.some((one) => isWithin(to, one))) &&
    holds(text(rule, "dst-port"), (names) => names.some((one) => isPort(one, port))) &&
    holds(text(rule, "port"), (names) => names.some((one) => isPort(one, port))) &&
    // Clients take a port of the upper half; nobody writes a rule for one of them.
    holds(text(rule, "src-port"), (names) => names.some((one) => isPort(one, 50_000))) &&
    holds(text(rule, "connection-state"), (names) => names.includes(state)) &&
    holds(text(rule, "connection-nat-state"), () => false) &&
    holds(text(rule, "in-interface"), ([name]) => name === way || name === "all") &&
    holds(text(rule, "in-interface-list"), ([name]) => isInList(router, name!, way)) &&
    holds(text(rule, "src-address-list"), ([name]) => isListed(router, name!, from)) &&
    holds(text(rule, "dst-address-list"), ([name]) => isListed(router, name!, to)) &&
    holds(text(rule, "dst-address-type"), (names) => names.includes("local")) &&
    holds(text(rule, "src-address-type"), (names) => names.includes("unicast")) &&
    NEVER.every((name) => holds(text(rule, name), () => false));
}

/** What a plain connection has none of, and marks that nobody here sets. */
const NEVER = [
  ...["out-interface", "out-interface-list", "connection-mark", "packet-mark", "routing-mark"],
  ...["src-mac-address", "layer7-protocol", "content", "icmp-options", "tls-host", "ipsec-policy"],
];

function isPort(text: string, port: number): boolean {
  const [low, high = low] = text.split("-");
  return Number(low) <= port && port <= Number(high);
}

function isInList(router: SimRouter, name: string, way: string, depth = 0): boolean {
  if (name === "all") return true;
  if (name === "none" || depth > 5) return false;
  const isMember = router.config.rows("/interface/list/member").some((row) =>
    row["list"] === name && row["interface"] === way && row["disabled"] !== "true"
  );
  if (isMember) return true;
  const list = router.config.rows("/interface/list").find((row) => row["name"] === name);
  const including = String(list?.["include"] ?? "").split(",").filter(Boolean);
  return including.some((other) => isInList(router, other, way, depth + 1));
}

function isListed(router: SimRouter, name: string, address: string): boolean {
  return router.config.rows("/ip/firewall/address-list").some((row) =>
    row["list"] === name && row["disabled"] !== "true" && isWithin(address, String(row["address"]))
  );
}

// --- services

function serviceOf(router: SimRouter, { from, port }: Visit): Verdict {
  const service = router.config.rows("/ip/service").find((row) =>
    Number(row["port"]) === port && row["disabled"] !== "true"
  );
  if (!service) return "refused";
  const allowed = String(service["address"] ?? "").split(",").filter(Boolean);
  return isFrom(from, allowed) ? "accept" : "closed";
}

/** Whether an address is in one of the networks; with none all are. */
export function isFrom(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true;
  return networks.some((network) =>
    network === "0.0.0.0/0" || network === "::/0" || isWithin(address, network)
  );
}
