import { LinkFailed, readable, type RouterConnection } from "@/core/router_link/link.ts";

/** What a full backup fits, and since when the router runs. */
export interface RouterFacts {
  readonly version: string;
  readonly board: string;
  /** `null`: it has none, as virtual routers. */
  readonly serial: string | null;
  readonly uptimeSeconds: number;
}

const TEXT = 100;

/** @throws {LinkFailed} also when the router does not say what it is */
export async function readFacts(connection: RouterConnection): Promise<RouterFacts> {
  const { rows: [resource] } = await connection.run("/system/resource/print", {
    proplist: ["version", "board-name", "uptime"],
  });
  const text = (value: string | undefined) =>
    readable(value ?? "").replaceAll("\0", "").trim().slice(0, TEXT);
  // "7.18.2 (stable)"
  const version = text(resource?.["version"]).split(/\s/)[0] ?? "";
  const board = text(resource?.["board-name"]);
  const uptimeSeconds = secondsOf(resource?.["uptime"] ?? "");
  if (version === "" || board === "" || uptimeSeconds === undefined) {
    throw new LinkFailed("failed", "The router does not say its board, version and uptime");
  }
  const serial = await connection.run("/system/routerboard/print", { proplist: ["serial-number"] })
    .then(({ rows: [row] }) => text(row?.["serial-number"]) || null)
    .catch((error) => {
      // A virtual router has no such menu.
      if (error instanceof LinkFailed && error.reason === "trap") return null;
      throw error;
    });
  return { version, board, serial, uptimeSeconds };
}

const UNITS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** "1w2d3h4m5s"; `undefined`: it is none. */
function secondsOf(uptime: string): number | undefined {
  if (!/^(?:\d{1,9}[wdhms])+$/.test(uptime)) return undefined;
  return [...uptime.matchAll(/(\d+)([wdhms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit!]!,
    0,
  );
}
