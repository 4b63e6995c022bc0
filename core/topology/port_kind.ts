import type { PortKind } from "@/core/contract/topology.ts";

/** What carries a neighbour's packets, by RouterOS's own type of the interface. */
export function portKind(type: string | undefined): PortKind {
  if (type === undefined) return "wired"; // a port nobody described: most are
  if (/^(ether|sfp|combo|lte|.*-switch)/.test(type)) return "wired";
  if (/^(wlan|wifi|wifiwave|cap|w60g|virtual-ap)/.test(type)) return "wireless";
  if (/^(bridge|vlan|bond|vrrp|macvlan|veth|loopback|vrf)/.test(type)) return "virtual";
  return "tunnel";
}

/** Which of several virtual interfaces stands for them: the one nearest to the cable. */
export function virtualRank(type: string | undefined): number {
  const rank = ["bond", "bridge", "vlan"].indexOf(type?.replace(/ing$/, "") ?? "");
  return rank < 0 ? 3 : rank;
}
