import { LinkFailed, type LinkRow, type RouterConnection } from "@/core/router_link/link.ts";
import { CannotArm } from "./arm.ts";
import type { PushRun } from "./push_run.ts";
import { scriptName } from "./revert_script.ts";

/** Below this no configuration fits beside its own backup. */
const MIN_FREE = 512 * 1_024;
const SAVE_MS = 60_000;
const WRITTEN_WITHIN_MS = 60_000;
/** Boards that keep writes to their NAND back for up to 40 s: a power cut leaves the file empty. */
const SLOW_FLASH = /\bCCR|RB4011|RB1100|CRS3(?:1[2-9]|2|5)/i;
const SLOW_FLASH_MS = 45_000;

export const randomPassword = (): string => crypto.getRandomValues(new Uint8Array(24)).toHex();

/**
 * Saves a binary backup where a reboot does not take it away, and waits until it is written.
 *
 * @returns its name without `.backup`
 * @throws {CannotArm} when there is no room or it does not appear
 */
export async function saveBackup(
  run: PushRun,
  connection: RouterConnection,
  password: string,
  resource: LinkRow,
): Promise<string> {
  const free = Number(resource["free-hdd-space"] ?? NaN);
  if (free < MIN_FREE) throw new CannotArm("The router has no room for a backup");
  const flash = await connection.run("/file/print", {
    queries: ["name=flash"],
    proplist: ["name", "type"],
  });
  const name = `${flash.rows.length > 0 ? "flash/" : ""}${scriptName(run.record.token)}`;
  try {
    await connection.run("/system/backup/save", {
      attributes: { name, password },
      deadlineMs: SAVE_MS,
    });
  } catch (error) {
    if (!(error instanceof LinkFailed && error.reason === "trap")) throw error;
    throw new CannotArm(`The router cannot save a backup: ${error.message}`);
  }
  await untilWritten(run, connection, `${name}.backup`);
  const board = `${resource["board-name"] ?? ""}`;
  const isSlow = SLOW_FLASH.test(board);
  if (isSlow) await sleepWith(run, connection, SLOW_FLASH_MS);
  return name;
}

async function untilWritten(run: PushRun, connection: RouterConnection, file: string) {
  const startedMs = run.clock.monotonic();
  let before = -1;
  while (run.clock.monotonic() - startedMs < WRITTEN_WITHIN_MS) {
    const { rows } = await connection.run("/file/print", {
      queries: [`name=${file}`],
      proplist: ["name", "size"],
    });
    const size = Number(rows[0]?.["size"] ?? 0);
    if (size > 0 && size === before) return;
    before = size;
    await run.sleep(1_000);
  }
  throw new CannotArm("The backup on the router stays empty");
}

/** A connection that nobody uses is closed. */
async function sleepWith(run: PushRun, connection: RouterConnection, ms: number) {
  for (let left = ms; left > 0; left -= 15_000) {
    await run.sleep(Math.min(left, 15_000));
    await connection.run("/system/identity/print");
  }
}
