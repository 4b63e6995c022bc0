import type { NeighborReading } from "@/core/contract/sample.ts";
import type { Row } from "@/core/wire/routeros/mod.ts";
import type { Collector } from "../collector.ts";
import { text } from "../values.ts";

const PROPERTIES = [
  ...["interface", "interface-name", "address", "address4", "address6", "mac-address", "identity"],
  ...["platform", "version", "board", "discovered-by"],
];
const MAX_NEIGHBORS = 512;

export const neighbors: Collector = {
  name: "neighbors",
  pace: "slow",
  async collect(ask) {
    const { rows } = await ask("/ip/neighbor/print", { proplist: PROPERTIES });
    return { sections: { neighbors: parseNeighbors(rows) } };
  },
};

export function parseNeighbors(rows: readonly Row[]): NeighborReading[] {
  return rows.slice(0, MAX_NEIGHBORS).map((row) => ({
    // RouterOS 6 says "ether3,bridge": the port, then the bridge it is in.
    interface: text(row["interface"]?.split(",")[0], 200) ?? "",
    address: text(row["address4"] ?? row["address"] ?? row["address6"], 45),
    macAddress: text(row["mac-address"], 17),
    identity: text(row["identity"]),
    platform: text(row["platform"], 100),
    board: text(row["board"], 100),
    version: text(row["version"], 100),
    remoteInterface: text(row["interface-name"], 200),
    discoveredBy: text(row["discovered-by"], 50),
  }));
}
