import { MAX_CLIENTS } from "@/core/contract/sample.ts";
import { TrapError } from "@/core/wire/routeros/mod.ts";
import type { Ask, Collector, Table } from "../collector.ts";
import { mergeClients } from "./merge_clients.ts";

/** Tables in which a router knows devices, and what is wanted of each. */
const TABLES = {
  arp: [
    "/ip/arp",
    // RouterOS 6 has no status and says `complete`; 7 has both.
    ["address", "mac-address", "interface", "complete", "status", "dynamic", "invalid", "disabled"],
    ["comment"],
  ],
  leases: [
    "/ip/dhcp-server/lease",
    ["address", "active-address", "mac-address", "active-mac-address", "host-name", "status"],
    ["dynamic", "comment", "disabled"],
  ],
  hosts: [
    "/interface/bridge/host",
    ["mac-address", "on-interface", "interface", "bridge", "vid", "local", "dynamic", "invalid"],
    ["disabled"],
  ],
  ppp: ["/ppp/active", ["name", "service", "caller-id", "address", "uptime"], []],
  ipv6: ["/ipv6/neighbor", ["address", "mac-address", "interface", "status"], []],
} as const;
type TableName = keyof typeof TABLES;
export type ClientTables = Record<TableName, Table>;

const NONE: Table = { rows: [], isCut: false };

/** Who is behind the router, wired and wireless. Registrations are read with the radios, each poll. */
export const clients: Collector = {
  name: "clients",
  pace: "slow",
  async collect(ask) {
    const names = Object.keys(TABLES) as TableName[];
    const read = await Promise.all(names.map((name) => readTable(ask, name)));
    const tables = Object.fromEntries(names.map((name, at) => [name, read[at]!]));
    return { sections: { clients: mergeClients(tables as ClientTables) } };
  },
};

/** A menu that is not there (no bridge, IPv6 or PPP in this build) has no rows; the others stand. */
async function readTable(ask: Ask, name: TableName): Promise<Table> {
  const [menu, first, rest] = TABLES[name];
  try {
    return await ask.table(`${menu}/print`, { proplist: [...first, ...rest] }, MAX_CLIENTS);
  } catch (error) {
    if (error instanceof TrapError) return NONE;
    throw error;
  }
}
