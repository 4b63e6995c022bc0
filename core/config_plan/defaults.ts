import { DEFAULT_VALUES, EVERYWHERE, SERVICE_PORTS } from "./default_values.ts";

/** Menus where an item is off until somebody enables it, in some version at least. */
const BORN_DISABLED =
  /^\/interface\/(?:wireless|wifi|wifiwave2|lte|[a-z0-9]+-client)$|^\/caps-man\/interface$|^\/ip\/(?:dhcp-server|dhcp-client|service|firewall\/service-port)$/;
/** `yes` and `no` are two of several values there, so one does not tell the other. */
const MORE_THAN_TWO = new Set([
  ...["authoritative", "rp-filter", "generate-policy", "change-tcp-mss", "only-one", "learn"],
  ...["use-compression", "use-encryption", "use-mpls", "use-upnp", "use-ipsec", "edge"],
  ...["point-to-point", "add-default-route", "use-peer-dns", "use-peer-ntp", "enabled"],
  ...["accept-router-advertisements", "accept-redirects", "ddns-enabled", "bridge-learning"],
]);
/** Menus whose items have attributes that can be without a value (`/…/unset` exists). */
const UNSETTABLE = new Set([
  ...["/disk", "/interface/6to4", "/interface/bonding", "/interface/bridge/filter"],
  ...["/interface/bridge/nat", "/interface/bridge/port", "/interface/dot1x/server"],
  ...["/interface/eoip", "/interface/eoipv6", "/interface/gre"],
  ...["/interface/gre6", "/interface/ipip", "/interface/ipipv6", "/interface/lte"],
  ...["/interface/ppp-client", "/interface/pppoe-client", "/interface/vpls", "/interface/vxlan"],
  ...["/interface/wifi", "/interface/wifi/aaa", "/interface/wifi/access-list"],
  ...["/interface/wifi/channel", "/interface/wifi/configuration", "/interface/wifi/datapath"],
  ...["/interface/wifi/interworking", "/interface/wifi/provisioning", "/interface/wifi/security"],
  ...["/interface/wifi/steering", "/ip/dhcp-client", "/ip/dhcp-relay", "/ip/dhcp-server/lease"],
  ...["/ip/dhcp-server/network", "/ip/firewall/calea", "/ip/firewall/filter"],
  ...["/ip/firewall/mangle", "/ip/firewall/nat", "/ip/firewall/raw"],
  ...["/ip/hotspot/user/profile", "/ip/hotspot/walled-garden", "/ip/hotspot/walled-garden/ip"],
  ...["/ip/proxy/access", "/ip/proxy/cache", "/ip/proxy/direct", "/ip/route"],
  ...["/ip/socks/access", "/ip/upnp/interfaces", "/ipv6/dhcp-client"],
  ...["/ipv6/dhcp-server/binding", "/ipv6/firewall/filter", "/ipv6/firewall/mangle"],
  ...["/ipv6/firewall/nat", "/ipv6/firewall/raw", "/ipv6/route", "/mpls/interface"],
  ...["/mpls/ldp", "/mpls/ldp/interface", "/mpls/mangle", "/ppp/profile", "/ppp/secret"],
  ...["/queue/simple", "/routing/bfd/configuration", "/routing/bgp/connection"],
  ...["/routing/bgp/template", "/routing/bgp/vpn", "/routing/filter/community-list"],
  ...["/routing/id", "/routing/ospf/area", "/routing/ospf/area/range"],
  ...["/routing/ospf/instance", "/routing/ospf/interface-template", "/routing/rip/instance"],
  ...["/routing/rip/interface-template", "/routing/rpki", "/routing/rule", "/routing/table"],
  ...["/tool/netwatch"],
]);

/** Names that a router gives where nobody did; older versions have none there. */
const SELF_NAMED: Readonly<Record<string, RegExp>> = {
  "/interface/wireguard/peers": /^peer\d+$/,
  "/port": /^(?:serial|usb)\d+$/,
};

/** What the attribute is when nobody set it; `null`: without a value; `undefined`: not known. */
export function defaultOf(
  menu: string,
  name: string,
  itemName?: string,
): string | null | undefined {
  const known = DEFAULT_VALUES[menu]?.[name];
  if (known !== undefined) return known;
  if (menu === "/ip/service" && name === "port" && itemName) return SERVICE_PORTS[itemName];
  if (name === "disabled" && !BORN_DISABLED.test(menu)) return "no";
  return EVERYWHERE[name];
}

/**
 * What brings an attribute that the router has as `shown` back to what it was before anybody set it.
 * `undefined`: that is not known.
 */
export function resetValue(
  menu: string,
  name: string,
  shown: string | null,
  itemName?: string,
): string | null | undefined {
  const known = defaultOf(menu, name, itemName);
  if (known !== undefined) return known;
  const opposite = oppositeOf(name, shown);
  if (opposite !== undefined) return opposite;
  return UNSETTABLE.has(menu) ? null : undefined;
}

/** An export shows what is not the default: of two values that leaves the other one. */
export function oppositeOf(name: string, shown: string | null): string | undefined {
  if (MORE_THAN_TWO.has(name)) return undefined;
  return shown === "yes" ? "no" : shown === "no" ? "yes" : undefined;
}

/** Whether a compact export is silent about the attribute at this value. */
export function isSilent(
  menu: string,
  name: string,
  value: string | null,
  itemName?: string,
): boolean {
  if (alwaysSaid(menu).includes(name)) return false;
  if (name === "name" && value !== null && SELF_NAMED[menu]?.test(value)) return true;
  const known = defaultOf(menu, name, itemName);
  if (known === undefined) return value === null && UNSETTABLE.has(menu);
  return value === known || (value === null && known === "");
}

/** Written although they may be the default, by some versions at least. */
const ALWAYS_SAID = ["action", "dst-address"];

export function alwaysSaid(menu: string): string[] {
  return ALWAYS_SAID.filter((name) => typeof DEFAULT_VALUES[menu]?.[name] === "string");
}
