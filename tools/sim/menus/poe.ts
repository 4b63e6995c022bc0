import type { Board } from "../boards.ts";
import { type Row, valueAt, wander } from "../live.ts";
import type { Menu } from "../menu.ts";
import { hash } from "../random.ts";
import type { SimRouter } from "../router.ts";

function report(router: SimRouter, row: Row, now: number): Row {
  const name = String(row["name"]);
  const seed = hash(router.seed, name, "poe");
  const link = router.rows("/interface").find((candidate) => candidate["name"] === name);
  const isUp = link !== undefined && valueAt(link["running"]!, now) === "true";
  const feeds = router.spec.cables.some(({ local }) => local === name) || seed % 3 === 0;
  const status = row["poe-out"] === "off"
    ? "disabled"
    : isUp && feeds
    ? "powered-on"
    : seed % 41 === 0
    ? "short-circuit"
    : "waiting-for-load";
  if (status !== "powered-on") {
    return { name, "poe-out": row["poe-out"]!, "poe-out-status": status };
  }
  const volts = wander(52.6, 53.4, seed, now);
  const milliamps = wander(90, 240, seed + 1, now);
  return {
    name,
    "poe-out": row["poe-out"]!,
    "poe-out-status": status,
    "poe-out-voltage": volts.toFixed(1),
    "poe-out-current": String(Math.round(milliamps)),
    "poe-out-power": (volts * milliamps / 1_000).toFixed(1),
  };
}

/** Power over ethernet: the menu is missing on boards that feed nobody. */
export function poeMenus(board: Board): Menu[] {
  if (board.poeOut.length === 0) return [];
  return [{
    path: "/interface/ethernet/poe",
    verbs: ["set"],
    settable: ["poe-out", "poe-priority", "poe-voltage"],
    defaults: { "poe-out": "auto-on", "poe-priority": "10", "poe-voltage": "auto" },
    rows: (router) =>
      board.poeOut.map((name, i) => ({
        ".id": `*${(i + 1).toString(16).toUpperCase()}`,
        name,
        "poe-out": hash(router.seed, name, "off") % 17 === 0 ? "off" : "auto-on",
        "poe-priority": "10",
        "poe-voltage": "auto",
        "power-cycle-ping-enabled": "false",
        "power-cycle-interval": "none",
      })),
    monitors: { monitor: { names: "numbers", report } },
  }];
}
