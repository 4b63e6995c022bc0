import type { SystemReading } from "@/core/contract/sample.ts";
import { PreparedCommand, type Row } from "@/core/wire/routeros/mod.ts";
import type { Run } from "../collector.ts";
import { count, flag, number, percent, text, version, wholeSeconds } from "../values.ts";

/** RouterBOARD data changes with a firmware upgrade only: read on the slow path, kept in between. */
export interface Board {
  model: string | null;
  serialNumber: string | null;
  firmwareCurrent: string | null;
  firmwareUpgrade: string | null;
}

export const NO_BOARD: Board = {
  model: null,
  serialNumber: null,
  firmwareCurrent: null,
  firmwareUpgrade: null,
};

const RESOURCE = [
  ...["uptime", "version", "cpu", "cpu-count", "cpu-frequency", "cpu-load", "free-memory"],
  ...["total-memory", "free-hdd-space", "total-hdd-space", "bad-blocks", "architecture-name"],
  ...["board-name", "platform"],
];

const IDENTITY = new PreparedCommand("/system/identity/print", { proplist: ["name"] });
const PRINT = new PreparedCommand("/system/resource/print", { proplist: RESOURCE });

/** Identity and resource: without them there is no sample. */
export async function readSystem(ask: Run, board: Board): Promise<SystemReading> {
  const [identity, resource] = await Promise.all([
    ask(IDENTITY),
    ask(PRINT),
  ]);
  return parseSystem(identity.rows[0] ?? {}, resource.rows[0] ?? {}, board);
}

export function parseSystem(identity: Row, resource: Row, board: Board): SystemReading {
  const has = (name: string) => resource[name];
  return {
    identity: text(identity["name"], 1_024) ?? "",
    ...version(has("version")),
    boardName: text(has("board-name")),
    architecture: text(has("architecture-name")),
    platform: text(has("platform")),
    cpuCount: count(has("cpu-count")),
    cpuFrequencyMhz: number(has("cpu-frequency")),
    cpuPercent: percent(number(has("cpu-load"))),
    freeMemoryBytes: count(has("free-memory")),
    totalMemoryBytes: count(has("total-memory")),
    freeDiskBytes: count(has("free-hdd-space")),
    totalDiskBytes: count(has("total-hdd-space")),
    badBlocksPercent: number(has("bad-blocks")),
    uptimeSeconds: wholeSeconds(has("uptime")) ?? 0,
    ...board,
  };
}

const ROUTERBOARD = [
  "routerboard",
  "model",
  "serial-number",
  "current-firmware",
  "upgrade-firmware",
];

/** Absent on x86; a CHR says `routerboard=false`. */
export async function readBoard(ask: Run): Promise<Board> {
  const { rows } = await ask("/system/routerboard/print", { proplist: ROUTERBOARD });
  const row = rows[0] ?? {};
  if (!flag(row["routerboard"])) return NO_BOARD;
  return {
    model: text(row["model"]),
    serialNumber: text(row["serial-number"]),
    firmwareCurrent: text(row["current-firmware"]),
    firmwareUpgrade: text(row["upgrade-firmware"]),
  };
}
