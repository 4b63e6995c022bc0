import { isIP } from "node:net";
import { type ClientReading, type ClientsReading, MAX_CLIENTS } from "@/core/contract/sample.ts";
import type { Row } from "@/core/wire/routeros/mod.ts";
import { count, flag, text, wholeSeconds } from "../values.ts";
import type { ClientTables } from "./clients.ts";

const MAX_ADDRESSES = 8;
const MAX_NAME = 255;

/** All that the tables know, one row a MAC address, those that are here first. */
export function mergeClients(tables: ClientTables): ClientsReading {
  const merged = new Merge();
  for (const row of tables.hosts.rows) merged.host(row);
  for (const row of tables.leases.rows) merged.lease(row);
  for (const row of tables.arp.rows) merged.arp(row);
  for (const row of tables.ppp.rows) merged.ppp(row);
  for (const row of tables.ipv6.rows) merged.ipv6(row);
  const all = merged.rows();
  return {
    clients: all.slice(0, MAX_CLIENTS),
    isCut: all.length > MAX_CLIENTS || Object.values(tables).some(({ isCut }) => isCut),
  };
}

class Merge {
  readonly #byMac = new Map<string, ClientReading>();
  readonly #withoutMac: ClientReading[] = [];
  /** What the bridge itself is, port by port. */
  readonly #own = new Set<string>();

  /** Those who are here first, so that a cut takes what is merely remembered. */
  rows(): ClientReading[] {
    for (const mac of this.#own) this.#byMac.delete(mac);
    const all = [...this.#byMac.values(), ...this.#withoutMac];
    for (const { addresses } of all) addresses.sort((a, b) => isIP(a) - isIP(b));
    return all.sort((a, b) => Number(b.isHere) - Number(a.isHere));
  }

  host(row: Row): void {
    const mac = macOf(row["mac-address"]);
    if (!mac || flag(row["invalid"]) || flag(row["disabled"])) return;
    if (flag(row["local"])) return void this.#own.add(mac);
    const client = this.#client(mac);
    // One MAC in several VLANs has a row in each: the first stands for it.
    client.port ??= text(row["on-interface"] ?? row["interface"], 200) ?? undefined;
    client.vlan ??= vlanOf(row["vid"]);
    client.isHere ||= row["dynamic"] !== "false";
  }

  lease(row: Row): void {
    // A conflict has no MAC.
    const mac = macOf(row["active-mac-address"] ?? row["mac-address"]);
    if (!mac || flag(row["disabled"])) return;
    const client = this.#client(mac);
    addAddress(client, row["active-address"] ?? row["address"]);
    client.hostName ??= text(row["host-name"], MAX_NAME) ?? undefined;
    client.comment ??= text(row["comment"], MAX_NAME) ?? undefined;
    client.lease ??= {
      status: text(row["status"], 30) ?? "unknown",
      isReserved: !flag(row["dynamic"]),
    };
  }

  arp(row: Row): void {
    const mac = macOf(row["mac-address"]);
    const status = row["status"] ?? (row["complete"] === "false" ? "failed" : "");
    if (!mac || flag(row["invalid"]) || flag(row["disabled"])) return;
    if (status === "failed" || status === "incomplete") return;
    const client = this.#client(mac);
    addAddress(client, row["address"]);
    client.interface ??= text(row["interface"], 200) ?? undefined;
    client.comment ??= text(row["comment"], MAX_NAME) ?? undefined;
    // What people entered by hand is there whether or not anybody answers.
    client.isHere ||= flag(row["dynamic"]) || status === "reachable" || status === "delay";
  }

  ppp(row: Row): void {
    const name = text(row["name"], MAX_NAME);
    if (name === null) return;
    // PPPoE tells a MAC, tunnels the address they came from.
    const mac = macOf(row["caller-id"]);
    const client = mac ? this.#client(mac) : this.#nameless();
    const service = text(row["service"], 30) ?? "ppp";
    addAddress(client, row["address"]);
    client.ppp = { name, service, uptimeSeconds: wholeSeconds(row["uptime"]) };
    client.interface ??= `<${service}-${name}>`.slice(0, 200);
    client.isHere = true;
  }

  ipv6(row: Row): void {
    const mac = macOf(row["mac-address"]);
    const status = row["status"] ?? "";
    if (!mac || status === "failed" || status === "incomplete" || status === "noarp") return;
    const client = this.#client(mac);
    addAddress(client, row["address"]);
    client.interface ??= text(row["interface"], 200) ?? undefined;
    client.isHere ||= status === "reachable" || status === "delay";
  }

  #client(macAddress: string): ClientReading {
    let client = this.#byMac.get(macAddress);
    if (!client) {
      this.#byMac.set(macAddress, client = { macAddress, addresses: [], isHere: false });
    }
    return client;
  }

  #nameless(): ClientReading {
    const client: ClientReading = { addresses: [], isHere: true };
    this.#withoutMac.push(client);
    return client;
  }
}

/** Upper case; `undefined` for what is none, or stands for nobody (zero, multicast). */
export function macOf(value: string | undefined): string | undefined {
  const mac = value?.toUpperCase();
  if (!mac || !/^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/.test(mac)) return undefined;
  const isMulticast = (parseInt(mac.slice(0, 2), 16) & 1) === 1;
  return isMulticast || mac === "00:00:00:00:00:00" ? undefined : mac;
}

function addAddress({ addresses }: ClientReading, value: string | undefined): void {
  // An interface may follow: "fd00::5%bridge".
  const address = value?.replace(/%.*$/, "").toLowerCase();
  if (!address || isIP(address) === 0 || address.startsWith("fe80:") || address === "0.0.0.0") {
    return;
  }
  if (addresses.length < MAX_ADDRESSES && !addresses.includes(address)) addresses.push(address);
}

function vlanOf(value: string | undefined): number | undefined {
  const vlan = count(value) ?? 0;
  return vlan >= 1 && vlan <= 4_094 ? vlan : undefined;
}
