import type { Row } from "../live.ts";
import type { Menu } from "../menu.ts";
import type { SimRouter } from "../router.ts";
import { Trap } from "../trap.ts";
import type { Version } from "../version.ts";
import { connected, wayOf } from "../ways.ts";
import { managedBy } from "./network.ts";
import { DYNAMIC, ids, siteAddress, WITH_UNSET } from "./ip.ts";

const isOld = (router: SimRouter) => router.version.major === 6;

/** The next hop, and how a version says what became of it. */
function via(router: SimRouter, next: string, way: string | undefined): Row {
  if (isOld(router)) return { "gateway-status": `${next} ${way ? "reachable" : "unreachable"}` };
  return way ? { "immediate-gw": next === way ? way : `${next}%${way}` } : {};
}

const table = (router: SimRouter): Row => isOld(router) ? {} : { "routing-table": "main" };

function staticRoutes(router: SimRouter): Row[] {
  const gateway = siteAddress(router).replace(/\d+$/, "254");
  return ids([{
    "dst-address": "0.0.0.0/0",
    gateway,
    distance: "1",
    scope: "30",
    "target-scope": "10",
    ...table(router),
    static: "true",
    disabled: "false",
  }]);
}

const flags = (router: SimRouter, origin: "connect" | "bgp" | "ospf"): Row => ({
  scope: origin === "connect" ? "10" : "30",
  "target-scope": "10",
  ...table(router),
  active: "true",
  dynamic: "true",
  [origin]: "true",
  disabled: "false",
});

/** Networks of its own addresses, and what routing protocols tell. */
function otherRoutes(router: SimRouter): Row[] {
  const near = connected(router).map(({ network, bits, way }): Row => ({
    "dst-address": `${network}/${bits}`,
    gateway: way,
    ...via(router, way, way),
    distance: "0",
    ...flags(router, "connect"),
  }));
  return [...ids(near, DYNAMIC), ...learnedRoutes(router)];
}

const learned = new WeakMap<SimRouter, Row[]>();

/** Hundreds of rows that nothing on the router changes: made once. */
function learnedRoutes(router: SimRouter): Row[] {
  const known = learned.get(router);
  if (known) return known;
  const gateway = siteAddress(router).replace(/\d+$/, "254");
  const way = managedBy(router);
  const count = router.board.key === "ccr2004" ? 240 : router.board.key === "rb4011" ? 60 : 0;
  const rows = Array.from({ length: count }, (_, i): Row => ({
    "dst-address": `172.${16 + (i >> 8)}.${i & 255}.0/24`,
    gateway,
    ...via(router, gateway, way),
    distance: i % 4 === 0 ? "110" : "20",
    ...flags(router, i % 4 === 0 ? "ospf" : "bgp"),
  }));
  const all = ids(rows, DYNAMIC + 0x1000);
  learned.set(router, all);
  return all;
}

/** A route with what became of it. */
function shownRoute(router: SimRouter, row: Row): Row {
  const gateway = String(row["gateway"] ?? "");
  const way = row["disabled"] === "true" ? undefined : wayOf(router, gateway);
  return {
    ...row,
    ...via(router, gateway, way),
    ...(way === undefined ? {} : { active: "true" }),
  };
}

/** Under 7 a route that blackholes has no gateway. */
function checkRoute(_router: SimRouter, row: Row): void {
  const type = row["blackhole"] ?? row["type"];
  if (row["gateway"] === undefined && type === undefined) {
    throw new Trap("failure: gateway must be set", 4);
  }
}

/** Routes: those people made, then those that follow from addresses and routing protocols. */
export function routeMenu(version: Version): Menu {
  const isSeven = version.major >= 7;
  return {
    path: "/ip/route",
    verbs: WITH_UNSET,
    defaults: {
      "dst-address": "0.0.0.0/0",
      distance: "1",
      scope: "30",
      "target-scope": "10",
      ...(isSeven ? { "routing-table": "main", "suppress-hw-offload": "false" } : {}),
    },
    unique: [],
    check: checkRoute,
    derive: () => ({ static: "true" }),
    rows: staticRoutes,
    dynamic: otherRoutes,
    show: shownRoute,
  };
}
