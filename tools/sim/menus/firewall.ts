import type { Board } from "../boards.ts";
import { wander } from "../live.ts";
import type { Menu } from "../menu.ts";
import { between } from "../random.ts";
import type { SimRouter } from "../router.ts";
import type { Version } from "../version.ts";
import { ids, LIST_VERBS, WITH_UNSET } from "./ip.ts";

/** Open connections: a number that follows the day, never a list. */
function connectionCount(router: SimRouter, now: number): number {
  const scale = router.board.key === "ccr2004" ? 40_000 : router.board.isChr ? 300 : 1_400;
  return Math.round(wander(scale * 0.2, scale, router.seed, now));
}

function firewallRows(router: SimRouter, rules: [chain: string, action: string, note: string][]) {
  return ids(rules.map(([chain, action, comment], i) => ({
    chain,
    action,
    bytes: router.counter("ether1", `rule${i}`, between(10, 90_000, router.seed, "rule", i)),
    packets: router.counter("ether1", `hit${i}`, between(1, 120, router.seed, "hit", i)),
    invalid: "false",
    dynamic: "false",
    disabled: "false",
    comment,
  })));
}

/** What every firewall table takes, and what only some do. */
const RULE = ("chain action comment disabled protocol src-address dst-address dst-port src-port " +
  "in-interface out-interface in-interface-list out-interface-list log log-prefix " +
  "src-address-list dst-address-list").split(" ");
const OWN_RULE: Record<string, readonly string[]> = {
  filter: ["connection-state"],
  nat: ["to-addresses", "to-ports"],
  mangle: ["connection-state", "new-connection-mark"],
};

/** Rules, address lists, connections. */
export function firewallMenus(_board: Board, _version: Version): Menu[] {
  const filter: [string, string, string][] = [
    ["input", "accept", "established, related"],
    ["input", "drop", "invalid"],
    ["input", "accept", "icmp"],
    ["input", "drop", "not from LAN"],
    ["forward", "fasttrack-connection", "fasttrack"],
    ["forward", "accept", "established, related"],
    ["forward", "drop", "WAN not dstnated"],
  ];
  const firewall = (name: string, list: [string, string, string][]): Menu => ({
    path: `/ip/firewall/${name}`,
    verbs: WITH_UNSET,
    settable: [...RULE, ...(OWN_RULE[name] ?? [])],
    printFlags: ["all", "dynamic"],
    rows: (router) => firewallRows(router, list),
  });
  return [
    firewall("filter", filter),
    firewall("nat", [["srcnat", "masquerade", "LAN to WAN"]]),
    firewall("mangle", []),
    firewall("raw", []),
    {
      path: "/ip/firewall/address-list",
      verbs: LIST_VERBS,
      settable: ["list", "address", "timeout", "comment", "disabled"],
      rows: () => [],
    },
    { path: "/ip/firewall/connection", rows: () => [], count: connectionCount },
    {
      path: "/ip/firewall/connection/tracking",
      isSingle: true,
      verbs: ["set"],
      settable: ["enabled", "tcp-established-timeout"],
      rows: (router) => [{
        enabled: "auto",
        active: "true",
        "tcp-established-timeout": "1d",
        "max-entries": String(Math.round(router.board.memoryBytes / 2_048)),
        "total-entries": (now) => String(connectionCount(router, now)),
      }],
    },
    { path: "/ipv6/firewall/connection", rows: () => [], count: () => 0 },
  ];
}
