import { type Item, nameOf, valueOf } from "./item.ts";
import { isNamed } from "./model.ts";
import { roomOf } from "./references.ts";

/** Attributes that no two items of a menu may have the same, each row on its own. */
const UNIQUE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "/interface/vlan": [["interface", "vlan-id"]],
  "/interface/bridge/port": [["interface"]],
  "/interface/list/member": [["list", "interface"]],
  "/interface/wireguard": [["listen-port"]],
  "/interface/wireguard/peers": [["interface", "public-key"]],
  "/ip/address": [["address"]],
  "/ipv6/address": [["address", "interface"]],
  "/ip/arp": [["address", "interface"]],
  "/ip/dhcp-client": [["interface"]],
  "/ipv6/dhcp-client": [["interface"]],
  "/ip/dhcp-server": [["interface"]],
  "/ip/dhcp-server/lease": [["mac-address", "server"], ["address", "server"]],
  "/ip/dhcp-server/network": [["address"]],
  "/ip/firewall/address-list": [["list", "address"]],
  "/ipv6/firewall/address-list": [["list", "address"]],
};

/** What no other item may have in common with this one: a router refuses two that share a key. */
export function uniqueKeys(item: Item): string[] {
  const { menu } = item;
  const keys: string[] = [];
  const name = isNamed(item) ? nameOf(item) : undefined;
  if (name !== undefined) keys.push(`${roomOf(menu)} ${name}`);
  for (const names of UNIQUE[menu] ?? []) {
    const values = names.map((one) => valueOf(item, one));
    if (values[0] !== "") keys.push(`${menu} ${names.join()} ${JSON.stringify(values)}`);
  }
  if (menu === "/interface/bridge/vlan") {
    for (const id of vlanIds(item)) keys.push(`${menu} ${valueOf(item, "bridge")} ${id}`);
  }
  return keys;
}

export function clash(a: Item, b: Item): boolean {
  const keys = new Set(uniqueKeys(a));
  return uniqueKeys(b).some((key) => keys.has(key));
}

/** Whether these attributes alone tell an item from all others of its menu. */
export function isUniqueBy(menu: string, names: readonly string[]): boolean {
  return (names.includes("name") && isNamed({ menu })) ||
    (UNIQUE[menu] ?? []).some((row) => row.every((name) => names.includes(name)));
}

const HIGHEST_VLAN = 4_095;

function vlanIds(item: Item): number[] {
  return valueOf(item, "vlan-ids").split(",").filter(Boolean).flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    const last = Math.min(to, HIGHEST_VLAN);
    return Array.from({ length: Math.max(0, last - from + 1) }, (_, at) => from + at);
  });
}
