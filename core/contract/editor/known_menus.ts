import type { MenuSchema } from "./field.ts";
import { FIREWALL_MENUS } from "./menus/firewall.ts";
import { INTERFACE_MENUS } from "./menus/interfaces.ts";
import { IP_MENUS } from "./menus/ip.ts";
import { SYSTEM_MENUS } from "./menus/system.ts";
import { WIRELESS_MENUS } from "./menus/wireless.ts";
import { isWithin, type RouterVersion } from "./router_version.ts";

const ALL: readonly MenuSchema[] = [
  ...INTERFACE_MENUS,
  ...WIRELESS_MENUS,
  ...IP_MENUS,
  ...FIREWALL_MENUS,
  ...SYSTEM_MENUS,
];
const BY_PATH = new Map(ALL.map((menu) => [menu.path, menu]));
const GROUPS = [
  ...["Interfaces", "Wireless", "IP", "Firewall", "Queues", "PPP", "Access", "System"],
];

/** Menus with forms that a router of this version has, in the order people look for them. */
export function knownMenus(version: RouterVersion): MenuSchema[] {
  const rank = ({ group }: MenuSchema) => GROUPS.indexOf(group);
  return ALL.filter((menu) => isWithin(version, menu)).sort((a, b) => rank(a) - rank(b));
}

export function menuSchema(path: string): MenuSchema | undefined {
  return BY_PATH.get(path);
}

/** Order counts there, form or no form. */
export function isOrderedMenu(path: string): boolean {
  return BY_PATH.get(path)?.isOrdered ?? MORE_ORDERED.has(path);
}
const MORE_ORDERED = new Set([
  ...["/ipv6/firewall/raw", "/interface/bridge/filter", "/interface/bridge/nat"],
  ...["/interface/wifi/access-list", "/interface/wireless/connect-list", "/caps-man/access-list"],
  ...["/caps-man/provisioning", "/interface/wifi/provisioning", "/interface/ethernet/switch/rule"],
  ...["/routing/filter/rule", "/routing/rule", "/ip/hotspot/walled-garden", "/ip/proxy/access"],
  ...["/ip/hotspot/walled-garden/ip", "/ip/ipsec/policy", "/ipv6/firewall/raw"],
]);
