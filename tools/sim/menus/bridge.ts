import type { Board } from "../boards.ts";
import type { Menu } from "../menu.ts";
import type { SimRouter } from "../router.ts";
import type { Version } from "../version.ts";
import { clientsBehind, lanClients } from "./clients.ts";
import { list, VERBS } from "./list.ts";

function ports(router: SimRouter) {
  return router.config.rows("/interface").filter((row) => row["slave"] === "true")
    .map((row, i) => ({
      ".id": `*${(i + 1).toString(16).toUpperCase()}`,
      interface: row["name"]!,
      bridge: "bridge",
      priority: "0x80",
      "path-cost": "10",
      horizon: "none",
      pvid: "1",
      "hw-offload": "true",
      status: "in-bridge",
      role: "designated-port",
      inactive: () => row["disabled"] === "true" ? "true" : "false",
      dynamic: "false",
      disabled: "false",
    }));
}

/** Stations behind the ports, and the bridge's own addresses, which count as local. */
function hosts(router: SimRouter, version: Version) {
  const row = (macAddress: string, port: string, isLocal: boolean) => ({
    "mac-address": macAddress,
    interface: port,
    ...(version.major === 6 ? { age: isLocal ? "0s" : "12s" } : {}),
    // Version 7 names the VLAN; without VLAN filtering there is none.
    ...(version.major === 7 && !isLocal && router.board.key === "crs328" ? { vid: "10" } : {}),
    "on-interface": port,
    bridge: "bridge",
    local: String(isLocal),
    external: "false",
    dynamic: "true",
    invalid: "false",
    disabled: "false",
  });
  return [
    ...lanClients(router).map(({ mac, port }) => row(mac, port, false)),
    ...clientsBehind(router).map(({ mac, port }) => row(mac, port, false)),
    row(router.macOf("bridge"), "bridge", true),
    ...ports(router).map(({ interface: port }) =>
      row(router.macOf(String(port)), String(port), true)
    ),
  ].map((host, i) => ({ ".id": `*${(i + 1).toString(16).toUpperCase()}`, ...host }));
}

/** A port that belongs to a bridge says so of itself. */
function markSlaves(router: SimRouter): void {
  const ports = new Set(
    router.config.rows("/interface/bridge/port").map((row) => row["interface"]),
  );
  for (const row of router.config.edit("/interface")) {
    if (ports.has(row["name"]!)) row["slave"] = "true";
    else delete row["slave"];
  }
}

/** What belongs to a bridge beside itself. */
export function bridgeMenus(_board: Board, version: Version): Menu[] {
  return [
    {
      path: "/interface/bridge/port",
      verbs: VERBS,
      isOrdered: version.major >= 7,
      defaults: {
        priority: "0x80",
        "path-cost": "10",
        "internal-path-cost": "10",
        horizon: "none",
        pvid: "1",
        edge: "auto",
        "point-to-point": "auto",
        learn: "auto",
        "frame-types": "admit-all",
        hw: "true",
        trusted: "false",
      },
      needs: ["interface", "bridge"],
      unique: ["interface"],
      taken: "failure: device already added as bridge port",
      rows: ports,
      touched: markSlaves,
    },
    list("/interface/bridge/vlan", { tagged: "", untagged: "" }, {
      needs: ["bridge", "vlan-ids"],
      unique: ["bridge+vlan-ids"],
      taken: "failure: vlan already added",
    }),
    {
      path: "/interface/bridge/host",
      renewMs: 60_000,
      rows: (router) => hosts(router, version),
    },
  ];
}
