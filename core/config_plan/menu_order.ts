/**
 * In which order menus are written: what others refer to comes first. A menu that is not here stands
 * behind all that are. What refers to what is looked at besides ({@linkcode sortSteps}); this order is for
 * what that does not know, and it puts what cuts connections last.
 */
const FIRST: readonly string[] = [
  ...["/system/identity", "/system/clock", "/system/note", "/certificate"],
  ...["/interface/ethernet", "/interface/wireless/security-profiles"],
  ...["/interface/wifi/channel", "/interface/wifi/datapath", "/interface/wifi/security"],
  ...["/interface/wifi/aaa", "/interface/wifi/steering", "/interface/wifi/interworking"],
  ...["/interface/wifi/configuration", "/interface/bridge", "/interface/wireless"],
  ...["/interface/wifi", "/interface/lte/apn", "/interface/lte", "/interface/eoip"],
  ...["/interface/gre", "/interface/ipip", "/interface/wireguard", "/interface/vxlan"],
  ...["/interface/bonding", "/interface/vlan", "/interface/macvlan", "/interface/vrrp"],
  ...["/interface/list", "/routing/table", "/ip/vrf", "/ip/pool", "/ipv6/pool"],
  ...["/ip/dhcp-server/option", "/ip/dhcp-server/option/sets", "/ip/ipsec/mode-config"],
  ...["/ip/ipsec/policy/group", "/ip/ipsec/profile", "/ip/ipsec/proposal", "/ip/ipsec/peer"],
  ...["/queue/type", "/ppp/profile", "/interface/pppoe-client", "/interface/l2tp-client"],
  ...["/interface/pptp-client", "/interface/sstp-client", "/interface/ovpn-client"],
  ...["/snmp/community", "/user/group", "/system/logging/action", "/system/script"],
  ...["/ip/hotspot/profile", "/ip/hotspot/user/profile", "/ip/hotspot"],
  ...["/routing/id", "/routing/ospf/instance", "/routing/ospf/area", "/routing/bgp/template"],
  ...["/interface/bridge/vlan", "/interface/bridge/port", "/interface/list/member"],
  ...["/interface/wireguard/peers", "/ip/address", "/ipv6/address", "/ip/dhcp-server"],
  ...["/ip/firewall/address-list", "/ipv6/firewall/address-list", "/queue/simple"],
  ...["/queue/tree", "/ppp/secret", "/ip/route", "/ipv6/route"],
];
const LAST: readonly string[] = [
  ...["/ip/firewall/raw", "/ip/firewall/mangle", "/ip/firewall/nat", "/ip/firewall/filter"],
  ...["/ipv6/firewall/raw", "/ipv6/firewall/mangle", "/ipv6/firewall/nat"],
  ...["/ipv6/firewall/filter", "/ip/service", "/ip/ssh", "/user/aaa"],
];
const RANKS = new Map([
  ...FIRST.map((menu, at) => [menu, at] as const),
  ...LAST.map((menu, at) => [menu, FIRST.length + 1 + at] as const),
]);

/** Lower is written earlier and removed later. */
export function rankOf(menu: string): number {
  return RANKS.get(menu) ?? FIRST.length;
}
