/**
 * By which attributes an item of a menu is known: two exports hold the same item where these agree. A
 * menu that is not here knows its items by `name` where they have one, else by all of what they say.
 */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  "/ip/address": ["address", "interface"],
  "/ipv6/address": ["address", "interface"],
  "/ip/arp": ["address", "interface"],
  "/ip/route": ["dst-address", "gateway", "routing-table", "routing-mark"],
  "/ipv6/route": ["dst-address", "gateway", "routing-table"],
  "/ip/dhcp-client": ["interface"],
  "/ipv6/dhcp-client": ["interface"],
  "/ip/dhcp-server/network": ["address"],
  "/ip/dhcp-server/lease": ["mac-address", "address", "server"],
  "/ip/dns/static": ["name", "regexp", "type", "address"],
  "/ip/firewall/address-list": ["list", "address"],
  "/ipv6/firewall/address-list": ["list", "address"],
  "/ip/pool": ["name"],
  "/ip/neighbor/discovery": ["name"],
  "/ipv6/nd": ["interface"],
  "/interface/bridge/port": ["interface"],
  "/interface/bridge/vlan": ["bridge", "vlan-ids"],
  "/interface/list/member": ["list", "interface"],
  "/interface/wireguard/peers": ["interface", "public-key"],
  "/interface/wireless/access-list": ["mac-address", "interface"],
  "/routing/bgp/network": ["network"],
  "/routing/ospf/interface-template": ["area", "interfaces", "networks"],
  "/system/logging": ["topics", "action", "prefix"],
  "/tool/netwatch": ["host", "type"],
};

/** Menus where the place of an item is part of what it does: the first that matches decides. */
const ORDERED = new Set([
  ...["/ip/firewall/filter", "/ip/firewall/nat", "/ip/firewall/mangle", "/ip/firewall/raw"],
  ...["/ipv6/firewall/filter", "/ipv6/firewall/nat", "/ipv6/firewall/mangle"],
  ...["/ipv6/firewall/raw", "/interface/bridge/filter", "/interface/bridge/nat"],
  ...["/interface/wireless/access-list", "/interface/wifi/access-list"],
  ...["/interface/wireless/connect-list", "/caps-man/access-list", "/caps-man/provisioning"],
  ...["/interface/wifi/provisioning", "/interface/ethernet/switch/rule", "/queue/simple"],
  ...["/routing/filter/rule", "/routing/filter", "/routing/rule", "/ip/hotspot/walled-garden"],
  ...["/ip/hotspot/walled-garden/ip", "/ip/ipsec/policy", "/ip/proxy/access"],
  ...["/user-manager/user/group", "/ip/upnp/interfaces"],
]);

export function isOrdered(menu: string): boolean {
  return ORDERED.has(menu);
}

/** Attributes that name an item of `menu`; empty: nothing but the whole does. */
export function keyAttributes(menu: string, has: (name: string) => boolean): readonly string[] {
  const known = KEYS[menu];
  if (known) return known.filter(has);
  return has("name") ? ["name"] : [];
}
