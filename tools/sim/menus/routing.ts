import type { Board } from "../boards.ts";
import type { Row } from "../live.ts";
import type { Menu } from "../menu.ts";
import { between } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { duration } from "../text.ts";
import type { Version } from "../version.ts";
import { clientMac } from "./interfaces.ts";
import { siteAddress } from "./ip.ts";

const id = (i: number) => `*${(i + 1).toString(16).toUpperCase()}`;

/** Routers that speak BGP and OSPF with each other: the core and the edge of a site. */
const speaks = (router: SimRouter) =>
  router.board.key === "ccr2004" || router.board.key === "rb4011";

interface Peer {
  readonly name: string;
  readonly address: string;
  readonly interfaceName: string;
  readonly other: SimRouter;
  readonly isUp: boolean;
}

function peers(router: SimRouter): Peer[] {
  if (!speaks(router)) return [];
  return router.spec.cables.flatMap(({ local, peer }): Peer[] => {
    const other = router.peer(peer);
    if (!other || !speaks(other)) return [];
    return [{
      name: `to-${other.spec.site}-${other.board.key}`,
      address: siteAddress(other),
      interfaceName: local,
      other,
      isUp: router.isLinkUp(local),
    }];
  });
}

const asOf = (router: SimRouter) => String(64_512 + (router.spec.index >> 3));
const heldFor = (router: SimRouter, peer: Peer) => (now: number) =>
  duration(router.activeMs(peer.interfaceName, now) / 1_000);

function bgpPeersOld(router: SimRouter): Row[] {
  return peers(router).map((peer, i) => ({
    ".id": id(i),
    name: peer.name,
    instance: "default",
    "remote-address": peer.address,
    "remote-as": asOf(peer.other),
    "hold-time": "3m",
    ttl: "default",
    "address-families": "ip",
    ...(peer.isUp
      ? {
        "remote-id": peer.address,
        "local-address": siteAddress(router),
        uptime: heldFor(router, peer),
        "prefix-count": String(between(20, 900, router.seed, "prefixes", i)),
        "updates-sent": router.counter(peer.interfaceName, "updates-sent", 0.002),
        "updates-received": router.counter(peer.interfaceName, "updates-received", 0.02),
        "withdrawn-sent": "301",
        "withdrawn-received": router.counter(peer.interfaceName, "withdrawn", 0.004),
        "used-hold-time": "3m",
        "used-keepalive-time": "1m",
        established: "true",
      }
      : {}),
    state: peer.isUp ? "established" : "active",
    disabled: "false",
  }));
}

/** Under 7 a session that is down has no row: only the connection says it should be there. */
function bgpSessions(router: SimRouter): Row[] {
  return peers(router).filter(({ isUp }) => isUp).map((peer, i) => ({
    ".id": `*${(0x2800000 + i).toString(16).toUpperCase()}`,
    name: `${peer.name}-1`,
    "remote.address": peer.address,
    "remote.as": asOf(peer.other),
    "remote.id": peer.address,
    "remote.capabilities": "mp,rr,gr,as4",
    "remote.afi": "ip",
    "remote.messages": router.counter(peer.interfaceName, "remote.messages", 0.05),
    "remote.bytes": router.counter(peer.interfaceName, "remote.bytes", 3),
    "remote.eor": "ip",
    "local.role": "ebgp",
    "local.address": siteAddress(router),
    "local.as": asOf(router),
    "local.id": siteAddress(router),
    "local.messages": router.counter(peer.interfaceName, "local.messages", 0.05),
    "local.bytes": router.counter(peer.interfaceName, "local.bytes", 2),
    "output.procid": "20",
    "input.procid": "20",
    "hold-time": "3m",
    "keepalive-time": "1m",
    uptime: heldFor(router, peer),
    "prefix-count": String(between(20, 900, router.seed, "prefixes", i)),
    established: "true",
  }));
}

function bgpConnections(router: SimRouter): Row[] {
  return peers(router).map((peer, i) => ({
    ".id": id(i),
    name: peer.name,
    "remote.address": peer.address,
    "remote.as": asOf(peer.other),
    "local.role": "ebgp",
    as: asOf(router),
    templates: "default",
    "routing-table": "main",
    disabled: "false",
    inactive: "false",
  }));
}

function ospfNeighbours(router: SimRouter): Row[] {
  const isOld = router.version.major === 6;
  return peers(router).filter(({ isUp }) => isUp).map((peer, i) => ({
    ".id": id(i),
    instance: isOld ? "default" : "ospf-v2",
    ...(isOld ? { interface: peer.interfaceName } : { area: "backbone" }),
    address: peer.address,
    ...(isOld ? { priority: "1", "dr-address": peer.address } : {}),
    "router-id": peer.address,
    state: "Full",
    "state-changes": String(between(4, 19, router.seed, "ospf", i)),
    ...(isOld ? { "ls-retransmits": "0" } : {}),
    adjacency: heldFor(router, peer),
    ...(isOld ? {} : { timeout: (now: number) => `${30 + Math.floor(now / 1_000) % 10}s` }),
    ...(isOld ? {} : { dynamic: "true" }),
  }));
}

/** PPP users of the hub, and the routing protocols of either version. */
export function routingMenus(_board: Board, version: Version): Menu[] {
  const common: Menu[] = [
    { path: "/routing/ospf/neighbor", renewMs: 60_000, rows: ospfNeighbours },
    {
      path: "/ppp/active",
      renewMs: 60_000,
      verbs: ["remove"],
      rows: (router) => pppActive(router),
    },
  ];
  if (version.major === 6) {
    return [...common, {
      path: "/routing/bgp/peer",
      renewMs: 60_000,
      printFlags: ["status"],
      rows: bgpPeersOld,
    }];
  }
  return [
    ...common,
    { path: "/routing/bgp/session", renewMs: 60_000, rows: bgpSessions },
    { path: "/routing/bgp/connection", renewMs: 60_000, rows: bgpConnections },
    { path: "/routing/bfd/session", rows: () => [] },
  ];
}

function pppActive(router: SimRouter): Row[] {
  const most = router.board.isChr ? 40 : router.board.key === "rb4011" ? 120 : 0;
  const users = most === 0 ? 0 : between(most / 4, most, router.seed, "ppp");
  return Array.from({ length: users }, (_, i) => ({
    ".id": `*8${(i + 1).toString(16).toUpperCase().padStart(7, "0")}`,
    name: `user${String(i + 1).padStart(3, "0")}`,
    service: router.board.isChr ? "l2tp" : "pppoe",
    // PPPoE tells the other end's MAC, a tunnel the address it comes from.
    "caller-id": router.board.isChr
      ? `10.9.${i >> 8}.${i & 255}`
      : clientMac("50:C7:BF", router.seed, "ppp", i),
    address: `100.64.${i >> 8}.${i & 255}`,
    uptime: duration(between(60, 600_000, router.seed, "ppp", i)),
    encoding: router.board.isChr ? "cbc(aes) + hmac(sha1)" : "",
    "session-id": `0x81B${i.toString(16).toUpperCase().padStart(5, "0")}`,
    "limit-bytes-in": "0",
    "limit-bytes-out": "0",
    radius: "true",
  }));
}
