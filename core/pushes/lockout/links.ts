import { type ConfigItem, type ConfigModel, isOn, isSame } from "../config_model.ts";
import { holds } from "./addresses.ts";
import { certain, type Check, type Obstacle, possible, type Situation } from "./management.ts";
import { vlanPasses } from "./vlans.ts";
import {
  ADDRESS_MENUS,
  addressOf,
  type Hop,
  hopsOf,
  interfaceNamed,
  isOff,
  localAddresses,
  portOf,
  typedInterface,
} from "./way_in.ts";

const OTHER_MENUS = ["/ip/dhcp-client", "/ipv6/dhcp-client", "/ip/vrf"];

/** Whether the router still has the address that we reach it by, and a way from it to us. */
export const links: Check = {
  watches: (menu) =>
    menu.startsWith("/interface") || ADDRESS_MENUS.includes(menu) || OTHER_MENUS.includes(menu),
  look(situation) {
    const { base, us } = situation;
    const ways = localAddresses(base, us);
    const found = ways.map(({ menu, item }) => lookAt(situation, menu, item));
    if (ways.length <= 1) return found.flat();
    // Which of them is ours is not known, or several are: certain is only what cuts all off.
    const isEach = found.every((list) => list.some(({ severity }) => severity === "certain"));
    return isEach ? found.flat() : found.flat().map(softened);
  },
};

function softened(obstacle: Obstacle): Obstacle {
  if (obstacle.severity === "possible") return obstacle;
  return { ...obstacle, severity: "possible", reason: `${obstacle.reason} We may come that way.` };
}

function lookAt(situation: Situation, menu: string, was: ConfigItem): Obstacle[] {
  const { model, base, us } = situation;
  const address = addressOf(was);
  const called = `The address ${address}, by which we reach the router,`;
  const now = model.items(menu).find((item) => item[".id"] === was[".id"]);
  const key = `address:${menu}:${was[".id"]}`;
  if (!now || isOff(now)) {
    const moved = model.live(menu).some((item) => addressOf(item) === address);
    if (!moved) return [certain(key, `${called} is ${now ? "switched off" : "removed"}.`)];
  } else if (addressOf(now) !== address) {
    return [certain(key, `${called} is changed to ${addressOf(now)}.`)];
  }
  const item = now && !isOff(now)
    ? now
    : model.live(menu).find((other) => addressOf(other) === address)!;
  const found = isOn(was, "dynamic") ? lease(situation, menu, was) : [];
  const oldHops = hopsOf(base, was["interface"], us);
  const first = oldHops[0];
  const moved = interfaceNamed(model, item["interface"]);
  if (first && moved && moved[".id"] !== first.item[".id"]) {
    const reason = `${called} moves from ${first.item["name"]} to ${item["interface"]}.`;
    found.push(certain(`${key}:interface`, reason));
    return found;
  }
  for (const hop of oldHops) found.push(...hopObstacles(situation, hop));
  return found;
}

/** An address that the router was given, and that it gives up with the client. */
function lease({ model, base }: Situation, menu: string, address: ConfigItem): Obstacle[] {
  const clients = menu === "/ip/address" ? "/ip/dhcp-client" : "/ipv6/dhcp-client";
  const was = base.live(clients).find((item) => item["interface"] === address["interface"]);
  if (!was) return [];
  const now = model.items(clients).find((item) => item[".id"] === was[".id"]);
  const key = `lease:${was[".id"]}`;
  const called = `The DHCP client on ${was["interface"]}, which gave the router its address,`;
  if (!now || isOff(now)) {
    return [certain(key, `${called} is ${now ? "switched off" : "removed"}.`)];
  }
  return isChanged(was, now, ["interface", "dhcp-options", "use-peer-dns", "add-default-route"])
    ? [possible(key, `${called} is changed.`)]
    : [];
}

/** What changing it may cut for a moment, or for good. */
const TOUCHY: Readonly<Record<string, readonly string[]>> = {
  ethernet: ["auto-negotiation", "speed", "advertise", "full-duplex", "arp", "mac-address"],
  bridge: ["arp", "protocol-mode", "ether-type", "frame-types", "pvid"],
  vlan: ["arp", "use-service-tag"],
  bonding: ["arp", "slaves", "mode", "transmit-hash-policy"],
};
const HARMLESS = new Set(["name", "comment", "disabled", "mtu", "l2mtu", ".id"]);

function hopObstacles(situation: Situation, { item: was, kind, vlan }: Hop): Obstacle[] {
  const { model, base, us } = situation;
  const name = was["name"]!;
  const key = `interface:${was[".id"]}`;
  const called = `The interface ${name}, through which we come,`;
  const now = model.items("/interface").find((item) => item[".id"] === was[".id"]);
  if (!now || isOff(now)) {
    return [certain(key, `${called} is ${now ? "switched off" : "removed"}.`)];
  }
  const found: Obstacle[] = [];
  const bridge = portOf(model, now["name"]!)?.["bridge"];
  if (kind !== "bridge" && bridge !== undefined && !portOf(base, name)) {
    found.push(certain(`${key}:port`, `${called} becomes a port of ${bridge}.`));
  }
  const menu = kindMenu(base, name, kind);
  const old = menu && typedInterface(base, name, menu);
  const own = menu && typedInterface(model, now["name"], menu);
  if (old && own) {
    if (kind === "vlan" && !isSame(old["vlan-id"], own["vlan-id"])) {
      found.push(certain(`${key}:vlan`, `${called} gets VLAN ${own["vlan-id"]}.`));
    }
    const under = interfaceNamed(base, old["interface"])?.[".id"];
    if (kind === "vlan" && interfaceNamed(model, own["interface"])?.[".id"] !== under) {
      found.push(certain(`${key}:under`, `${called} moves to ${own["interface"]}.`));
    }
    const touched = (TOUCHY[menu] ?? Object.keys({ ...old, ...own }))
      .filter((one) => !HARMLESS.has(one) && isChanged(old, own, [one]));
    if (touched.length > 0) {
      const what = touched.slice(0, 5).join(", ");
      found.push(possible(`${key}:${what}`, `${called} gets another ${what}.`));
    }
  }
  if (kind === "bridge") found.push(...bridgeObstacles(situation, name, now["name"]!, vlan));
  if (kind === "wg") found.push(...peerObstacles(situation, now["name"]!));
  const vrf = vrfOf(model, now["name"]!);
  if (vrf !== vrfOf(base, name)) {
    found.push(certain(`${key}:vrf`, `${called} moves to the routing table of ${vrf ?? "main"}.`));
  }
  return found.map((one) => us.ingress === name && kind === "bridge" ? softened(one) : one);
}

function bridgeObstacles(
  { model, base, us }: Situation,
  old: string,
  name: string,
  vlan: number | null,
): Obstacle[] {
  const key = `bridge:${old}`;
  const ports = (of: ConfigModel, bridge: string) =>
    of.live("/interface/bridge/port").filter((port) => port["bridge"] === bridge);
  const before = ports(base, old).filter((port) => !isOn(port, "dynamic"));
  const after = new Set(ports(model, name).map((port) => port[".id"]));
  const gone = before.filter((port) => !after.has(port[".id"]));
  const found: Obstacle[] = [];
  const ours = gone.find((port) => port["interface"] === us.ingress);
  const said = "leaves the bridge";
  if (ours) {
    const reason = `The port ${ours["interface"]}, through which we come, ${said} ${name}.`;
    found.push(certain(`${key}:port`, reason));
  } else if (before.length > 0 && after.size === 0) {
    found.push(certain(`${key}:empty`, `The bridge ${name}, through which we come, has no port.`));
  } else if (us.ingress === null) {
    for (const port of gone) {
      const reason = `The port ${port["interface"]} ${said} ${name}: we may come through it.`;
      found.push(possible(`${key}:${port[".id"]}`, reason));
    }
  }
  const passed = vlanPasses(base, old, vlan, us.ingress);
  const passes = vlanPasses(model, name, vlan, us.ingress);
  const what = vlan === null ? "our frames" : `our frames of VLAN ${vlan}`;
  if (passes === "no" && passed !== "no") {
    const reason = `The VLANs of the bridge ${name} keep ${what} from the router.`;
    found.push(certain(`${key}:vlans`, reason));
  } else if (passes === "unknown" && passed === "yes") {
    const reason = `Some ports of the bridge ${name} keep ${what} from the router.`;
    found.push(possible(`${key}:vlans`, reason));
  }
  const filters = (of: ConfigModel, bridge: string) =>
    isOn(typedInterface(of, bridge, "bridge"), "vlan-filtering");
  if (passes !== "no" && filters(model, name) !== filters(base, old)) {
    const word = filters(model, name) ? "on" : "off";
    const reason =
      `VLAN filtering is switched ${word} on the bridge ${name}, through which we come.`;
    found.push(possible(`${key}:filtering`, reason));
  }
  return found;
}

/** The peer of a tunnel through which we come. */
function peerObstacles({ model, base, us }: Situation, name: string): Obstacle[] {
  const menu = "/interface/wireguard/peers";
  const found: Obstacle[] = [];
  for (const was of base.live(menu)) {
    const allowed = (item: ConfigItem) =>
      us.sources.some((source) =>
        (item["allowed-address"] ?? "").split(",").some((part) => holds(part, source) === true)
      );
    if (was["interface"] !== name || (us.sources.length > 0 && !allowed(was))) continue;
    const now = model.items(menu).find((item) => item[".id"] === was[".id"]);
    const key = `peer:${was[".id"]}`;
    const isLost = !now || isOff(now) || (us.sources.length > 0 && !allowed(now));
    if (isLost && us.sources.length > 0) {
      found.push(certain(key, `The tunnel peer on ${name}, through which we come, is cut off.`));
    } else if (isLost || isChanged(was, now, ["public-key", "endpoint-address", "endpoint-port"])) {
      found.push(possible(key, `A tunnel peer on ${name}, through which we come, is changed.`));
    }
  }
  return found;
}

/** The menu of an interface's kind. The router's word for a kind is not always the menu's. */
function kindMenu(model: ConfigModel, name: string, kind: string): string | undefined {
  const candidates = [KIND_MENUS[kind] ?? kind, "wifi", "wireless", "wireguard"];
  return candidates.find((menu) => typedInterface(model, name, menu) !== undefined);
}
const KIND_MENUS: Readonly<Record<string, string>> = {
  ...{ ether: "ethernet", bond: "bonding", wg: "wireguard", wlan: "wireless" },
  ...{ "pppoe-out": "pppoe-client", "l2tp-out": "l2tp-client", "sstp-out": "sstp-client" },
  ...{ "ovpn-out": "ovpn-client", "pptp-out": "pptp-client", "gre-tunnel": "gre" },
  ...{ "ipip-tunnel": "ipip", "eoip-tunnel": "eoip" },
};

function vrfOf(model: ConfigModel, name: string): string | undefined {
  return model.live("/ip/vrf").find((vrf) =>
    (vrf["interfaces"] ?? "").split(",").includes(name) && vrf["name"] !== "main"
  )?.["name"];
}

function isChanged(a: ConfigItem, b: ConfigItem, names: readonly string[]): boolean {
  return names.some((name) => !isSame(a[name], b[name]));
}
