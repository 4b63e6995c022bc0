import type { PeerReading } from "@/core/contract/sample.ts";
import type { Row } from "@/core/wire/routeros/mod.ts";
import { type Collector, MAX_ROWS } from "../collector.ts";
import { count, flag, isAtLeast, number, text, wholeSeconds } from "../values.ts";

/** v6: one row a configured peer, up or down. v7: a session's row vanishes when it goes down. */
export const bgp: Collector = {
  name: "bgp",
  pace: "minute",
  async collect(ask, { version }) {
    if (!isAtLeast(version, 7, 0)) {
      const { rows } = await ask("/routing/bgp/peer/print", { flags: ["status"] });
      return { sections: { peers: rows.slice(0, MAX_ROWS).map(parseBgp6) } };
    }
    const [sessions, connections] = await Promise.all([
      ask("/routing/bgp/session/print"),
      ask("/routing/bgp/connection/print", {
        proplist: ["name", "remote.address", "remote.as", "disabled"],
      }),
    ]);
    return { sections: { peers: parseBgp7(sessions.rows, connections.rows) } };
  },
};

export function parseBgp6(row: Row): PeerReading {
  const state = text(row["state"], 50) ?? (flag(row["established"]) ? "established" : "idle");
  return {
    protocol: "bgp",
    name: text(row["name"], 200) ?? "",
    remoteAddress: text(row["remote-address"], 45),
    remoteAs: number(row["remote-as"]),
    state,
    isUp: state === "established",
    uptimeSeconds: wholeSeconds(row["uptime"]),
    prefixes: count(row["prefix-count"]),
  };
}

export function parseBgp7(sessions: readonly Row[], connections: readonly Row[]): PeerReading[] {
  const peers = sessions.slice(0, MAX_ROWS).map((row): PeerReading => {
    const isUp = flag(row["established"]);
    return {
      protocol: "bgp",
      name: text(row["name"], 200) ?? "",
      remoteAddress: text(row["remote.address"], 45),
      remoteAs: number(row["remote.as"]),
      state: isUp ? "established" : text(row["state"], 50) ?? "down",
      isUp,
      uptimeSeconds: wholeSeconds(row["uptime"]),
      prefixes: count(row["prefix-count"]),
    };
  });
  // A session is named after its connection, "-1", "-2" … behind it.
  const alive = new Set(peers.map(({ name }) => name.replace(/-\d+$/, "")));
  const address = (row: Row) => row["remote.address"]?.split("/")[0];
  const addresses = new Set(peers.map(({ remoteAddress }) => remoteAddress));
  const down = connections.filter((row) =>
    !flag(row["disabled"]) && !alive.has(row["name"] ?? "") && !addresses.has(address(row) ?? "")
  ).map((row): PeerReading => ({
    protocol: "bgp",
    name: text(row["name"], 200) ?? "",
    remoteAddress: text(address(row), 45),
    remoteAs: number(row["remote.as"]),
    state: "down",
    isUp: false,
    uptimeSeconds: null,
    prefixes: null,
  }));
  return [...peers, ...down].slice(0, MAX_ROWS);
}

export const ospf: Collector = {
  name: "ospf",
  pace: "minute",
  async collect(ask) {
    const { rows } = await ask("/routing/ospf/neighbor/print");
    return { sections: { peers: rows.slice(0, MAX_ROWS).map(parseOspf) } };
  },
};

export function parseOspf(row: Row): PeerReading {
  const state = text(row["state"], 50) ?? "unknown";
  return {
    protocol: "ospf",
    name: text(row["router-id"], 45) ?? text(row["address"], 45) ?? "",
    remoteAddress: text(row["address"], 45),
    remoteAs: null,
    state,
    // Between two routers that are neither DR nor BDR "2-Way" is where it ends.
    isUp: /^(full|2-?way)$/i.test(state),
    uptimeSeconds: wholeSeconds(row["adjacency"]),
    prefixes: null,
  };
}
