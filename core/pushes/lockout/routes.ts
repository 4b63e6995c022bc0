import { type ConfigItem, type ConfigModel, isOn } from "../config_model.ts";
import { holds, maskOf } from "./addresses.ts";
import { certain, type Check, type Obstacle, possible, type Situation } from "./management.ts";
import { ADDRESS_MENUS, interfaceNamed, isOff, localAddresses } from "./way_in.ts";

const ROUTE_MENUS = ["/ip/route", "/ipv6/route"];
const MENUS = [...ADDRESS_MENUS, ...ROUTE_MENUS, "/ip/dhcp-client"];

/** Whether the router's answers still find the way to where we are. */
export const routes: Check = {
  watches: (menu) => MENUS.includes(menu) || menu.startsWith("/interface"),
  look(situation) {
    const { us } = situation;
    if (us.sources.length === 0) return defaultRoute(situation);
    const found = us.sources.map((source) => lookAt(situation, source));
    const isEach = found.every((list) => list.some(({ severity }) => severity === "certain"));
    if (isEach || found.length === 1) return found.flat();
    return found.flat().map((one) => ({ ...one, severity: "possible" as const }));
  },
};

interface Way {
  /** Bits of the destination that fit. */
  readonly length: number;
  readonly distance: number;
  /** The same way has the same text. */
  readonly key: string;
  /** For people. */
  readonly via: string;
  /** `blackhole`, or why the gateway cannot be used; `null`: as far as it is known it leads there. */
  readonly trouble: string | null;
}

function lookAt({ model, base, us }: Situation, source: string): Obstacle[] {
  const far = farGateways(base);
  const was = bestWay(base, source, far);
  if (!was || was.trouble) return []; // what works in a way that we do not see is not judged
  const now = bestWay(model, source, far);
  const key = `route:${source}`;
  const called = `The way from the router to us (${source})`;
  if (!now) return [certain(key, `${called} is gone: no route leads there any more.`)];
  if (now.trouble) return [certain(key, `${called} ends: ${now.trouble}.`)];
  if (now.key === was.key) return [];
  const local = localAddresses(base, us).map(({ item }) => item["address"]).join();
  const reason = `${called} changes from ${was.via} to ${now.via}.`;
  return [possible(`${key}:${now.key}:${local}`, reason)];
}

/**
 * The way that the router takes to `target`: the longest destination, then the least distance.
 *
 * @param far gateways that are known to be reached by another route
 */
export function bestWay(
  model: ConfigModel,
  target: string,
  far: ReadonlySet<string> = new Set(),
): Way | undefined {
  const ways = [...connected(model, target), ...routed(model, target, far)];
  const isTaken = ({ trouble, key }: Way) => trouble === null || key.startsWith("black:");
  const best = (list: readonly Way[]) =>
    list.toSorted((a, b) => b.length - a.length || a.distance - b.distance)[0];
  return best(ways.filter(isTaken)) ?? best(ways);
}

/** Gateways in no network of the router that routes lead to all the same, as it says. */
function farGateways(base: ConfigModel): Set<string> {
  const active = ROUTE_MENUS.flatMap((menu) => base.live(menu))
    .filter((route) => isOn(route, "active"));
  return new Set(
    active.flatMap((route) => (route["gateway"] ?? "").split(","))
      .filter((gateway) => connected(base, gateway).length === 0),
  );
}

function connected(model: ConfigModel, target: string): Way[] {
  return ADDRESS_MENUS.flatMap((menu) => model.live(menu)).flatMap((item): Way[] => {
    const name = item["interface"];
    if (holds(item["address"] ?? "", target) !== true || !isUp(model, name)) return [];
    const length = maskOf(item["address"]!);
    // A network of its own address alone leads nowhere.
    if (length === (target.includes(":") ? 128 : 32)) return [];
    return [{
      length,
      distance: 0,
      key: `on:${name}`,
      via: `the interface ${name}`,
      trouble: null,
    }];
  });
}

function routed(model: ConfigModel, target: string, far: ReadonlySet<string>): Way[] {
  return ROUTE_MENUS.flatMap((menu) => model.live(menu)).flatMap((route): Way[] => {
    const destination = route["dst-address"] ?? (target.includes(":") ? "::/0" : "0.0.0.0/0");
    if (holds(destination, target) !== true || !isMain(route)) return [];
    if (isOn(route, "dynamic") && !isGiven(model, route)) return [];
    // Those of addresses are counted as such.
    if (isOn(route, "connect") || isOn(route, "DAC")) return [];
    const gateway = route["gateway"] ?? "";
    const kind = isOn(route, "blackhole") ? "blackhole" : route["type"] ?? "unicast";
    const isBlack = kind !== "unicast" && kind !== "";
    return [{
      length: maskOf(destination),
      distance: Number(route["distance"] ?? 1) || 1,
      key: isBlack ? `black:${destination}` : `by:${gateway}`,
      via: isBlack ? `a ${kind} route` : `the gateway ${gateway || "of no name"}`,
      trouble: isBlack
        ? `a ${kind} route for ${destination} takes it`
        : isReachable(model, gateway, far)
        ? null
        : `the gateway ${gateway} is in no network of the router`,
    }];
  });
}

const isMain = (route: ConfigItem) =>
  ["", "main"].includes(route["routing-table"] ?? "") && !route["routing-mark"];

/** A default route that a DHCP client brought goes with it. */
function isGiven(model: ConfigModel, route: ConfigItem): boolean {
  const clients = model.items("/ip/dhcp-client");
  if (!isOn(route, "dhcp") || clients.length === 0) return true;
  return clients.some((client) => !isOff(client) && client["add-default-route"] !== "no");
}

function isReachable(model: ConfigModel, gateways: string, far: ReadonlySet<string>): boolean {
  return gateways.split(",").some((gateway) => {
    const [address = "", zone] = gateway.split("%");
    if (zone !== undefined) return isUp(model, zone);
    const named = interfaceNamed(model, address);
    if (named) return !isOff(named);
    return connected(model, address).length > 0 || far.has(gateway);
  });
}

function isUp(model: ConfigModel, name: string | undefined): boolean {
  const item = interfaceNamed(model, name);
  return item === undefined || !isOff(item);
}

/** We do not know where we are: the way of most is the default route. */
function defaultRoute({ model, base }: Situation): Obstacle[] {
  const of = (from: ConfigModel) =>
    from.live("/ip/route").filter((route) => route["dst-address"] === "0.0.0.0/0" && isMain(route))
      .map((route) => `${route["gateway"]} ${route["distance"]}`).sort().join();
  const [was, now] = [of(base), of(model)];
  if (was === now || was === "") return [];
  return [possible("route:default", "The default route changes, and we may come that way.")];
}
