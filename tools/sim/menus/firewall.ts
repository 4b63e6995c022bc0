import type { Board } from "../boards.ts";
import { type Row, wander } from "../live.ts";
import type { Menu } from "../menu.ts";
import { between } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { Trap } from "../trap.ts";
import type { Version } from "../version.ts";
import { hasLan, ids, LIST_VERBS, WITH_UNSET } from "./ip.ts";

/** Open connections: a number that follows the day, never a list. */
function connectionCount(router: SimRouter, now: number): number {
  const scale = router.board.key === "ccr2004" ? 40_000 : router.board.isChr ? 300 : 1_400;
  return Math.round(wander(scale * 0.2, scale, router.seed, now));
}

function firewallRows(router: SimRouter, rules: Row[]) {
  return ids(rules.map((rule, i) => ({
    ...rule,
    bytes: router.counter("ether1", `rule${i}`, between(10, 90_000, router.seed, "rule", i)),
    packets: router.counter("ether1", `hit${i}`, between(1, 120, router.seed, "hit", i)),
    invalid: "false",
    dynamic: "false",
    disabled: "false",
  })));
}

const NEEDS_PORT = new Set(["tcp", "udp", "udp-lite", "dccp", "sctp", "6", "17"]);

function checkRule(_router: SimRouter, rule: Row): void {
  const hasPort = ["dst-port", "src-port", "port"].some((name) => rule[name] !== undefined);
  if (hasPort && !NEEDS_PORT.has(String(rule["protocol"] ?? "").replace(/^!/, ""))) {
    throw new Trap("failure: ports can be specified if proto is one of tcp,udp", 4);
  }
  if (rule["action"] === "jump" && rule["jump-target"] === undefined) {
    throw new Trap("failure: jump target not specified", 4);
  }
}

/** Rules, address lists, connections. */
export function firewallMenus(_board: Board, version: Version): Menu[] {
  const known = version.major === 6 ? "established,related" : "established,related,untracked";
  const filter = (router: SimRouter): Row[] => [
    {
      chain: "input",
      action: "accept",
      "connection-state": known,
      comment: "established, related",
    },
    { chain: "input", action: "drop", "connection-state": "invalid", comment: "invalid" },
    { chain: "input", action: "accept", protocol: "icmp", comment: "icmp" },
    {
      chain: "input",
      action: "drop",
      "in-interface-list": hasLan(router) ? "!LAN" : "!MGMT",
      comment: "not from LAN",
    },
    {
      chain: "forward",
      action: "fasttrack-connection",
      "connection-state": "established,related",
      comment: "fasttrack",
    },
    {
      chain: "forward",
      action: "accept",
      "connection-state": known,
      comment: "established, related",
    },
    {
      chain: "forward",
      action: "drop",
      "connection-state": "new",
      "connection-nat-state": "!dstnat",
      "in-interface-list": "WAN",
      comment: "WAN not dstnated",
    },
  ];
  const nat = (): Row[] => [
    {
      chain: "srcnat",
      action: "masquerade",
      "out-interface-list": "WAN",
      comment: "LAN to WAN",
    },
  ];
  const firewall = (name: string, list: (router: SimRouter) => Row[]): Menu => ({
    path: `/ip/firewall/${name}`,
    verbs: WITH_UNSET,
    defaults: { action: "accept", log: "false", "log-prefix": "" },
    needs: ["chain"],
    unique: [],
    isOrdered: true,
    check: checkRule,
    printFlags: ["all", "dynamic"],
    rows: (router) => firewallRows(router, list(router)),
  });
  return [
    firewall("filter", filter),
    firewall("nat", nat),
    firewall("mangle", () => []),
    firewall("raw", () => []),
    {
      path: "/ip/firewall/address-list",
      verbs: LIST_VERBS,
      needs: ["list", "address"],
      unique: ["list+address"],
      taken: "failure: already have such entry",
      rows: () => [],
    },
    { path: "/ip/firewall/connection", rows: () => [], count: connectionCount },
    {
      path: "/ip/firewall/connection/tracking",
      isSingle: true,
      verbs: ["set"],
      settable: ["enabled", "tcp-established-timeout", "udp-timeout", "udp-stream-timeout"],
      defaults: {
        enabled: "auto",
        "tcp-established-timeout": "1d",
        "udp-timeout": version.major === 6 ? "10s" : "30s",
        "udp-stream-timeout": "3m",
      },
      rows: (router) => [{
        enabled: "auto",
        active: "true",
        "tcp-established-timeout": "1d",
        "udp-timeout": version.major === 6 ? "10s" : "30s",
        "udp-stream-timeout": "3m",
        "max-entries": String(Math.round(router.board.memoryBytes / 2_048)),
        "total-entries": (now) => String(connectionCount(router, now)),
      }],
    },
    { path: "/ipv6/firewall/connection", rows: () => [], count: () => 0 },
  ];
}
