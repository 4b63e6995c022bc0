import type { Board } from "../boards.ts";
import type { Menu } from "../menu.ts";
import type { SimRouter } from "../router.ts";
import type { Version } from "../version.ts";
import { lanClients } from "./clients.ts";

function ports(router: SimRouter) {
  return router.rows("/interface").filter((row) => row["slave"] === "true")
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

/** What belongs to a bridge beside itself. */
export function bridgeMenus(board: Board, version: Version): Menu[] {
  if (board.isChr) return [];
  return [
    {
      path: "/interface/bridge/port",
      verbs: ["set", "add", "remove", "enable", "disable", "comment"],
      settable: ["interface", "bridge", "pvid", "comment", "disabled", "path-cost", "horizon"],
      rows: ports,
    },
    {
      path: "/interface/bridge/host",
      renewMs: 60_000,
      rows: (router) =>
        lanClients(router).map((client, i) => ({
          ".id": `*${(i + 1).toString(16).toUpperCase()}`,
          "mac-address": client.mac,
          ...(version.major === 6
            ? { interface: client.port, age: "12s" }
            : { interface: client.port }),
          "on-interface": client.port,
          bridge: "bridge",
          local: "false",
          external: "false",
          dynamic: "true",
          invalid: "false",
          disabled: "false",
        })),
    },
  ];
}
