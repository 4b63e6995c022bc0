import type { Clock } from "@/core/ports/clock.ts";
import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";

/** Files of ours on a router begin so: what is left of one that broke off is found again. */
const PREFIX = "tod-backup-";
const SAVE_MS = 120_000;
/** Boards with NAND may hold writes back for 40 s. */
const STABLE_WITHIN_MS = 75_000;
const LOOK_EVERY_MS = 1_000;

export interface SavedFile {
  /** As the router calls it: `flash/tod-backup-0123456789.backup`. */
  readonly name: string;
  readonly bytes: number;
}

/** A name for a file of ours, where the router keeps it over a restart. */
export async function newFileName(connection: RouterConnection): Promise<string> {
  const token = crypto.getRandomValues(new Uint8Array(5)).toHex();
  return `${await lastingFolder(connection)}${PREFIX}${token}.backup`;
}

/** The same for a file to load: whoever takes a backup meanwhile leaves it alone. */
export async function newRestoreName(connection: RouterConnection, id: string): Promise<string> {
  return `${await lastingFolder(connection)}tod-restore-${id.slice(0, 8)}.backup`;
}

/** On boards with a directory `flash` everything else is in memory. */
async function lastingFolder(connection: RouterConnection): Promise<"" | "flash/"> {
  // Without a proplist the answer would hold the contents of files.
  const { rows } = await connection.run("/file/print", {
    proplist: ["name", "type"],
    queries: ["name=flash"],
  });
  return rows.length > 0 ? "flash/" : "";
}

/**
 * Saves a backup on the router, encrypted with `password`, and waits until its size stays.
 *
 * @throws {LinkFailed} the router declined, broke off, or never finished the file
 */
export async function saveBackup(
  connection: RouterConnection,
  name: string,
  password: string,
  clock: Clock,
): Promise<SavedFile> {
  // RouterOS adds the ending itself.
  const attributes = { name: name.replace(/\.backup$/, ""), password };
  const save = (more: Record<string, string>) =>
    connection.run("/system/backup/save", {
      attributes: { ...attributes, ...more },
      deadlineMs: SAVE_MS,
    });
  try {
    await save({ encryption: "aes-sha256" });
  } catch (error) {
    // Before 6.43 there is one way to encrypt, and no word for it.
    const isOld = error instanceof LinkFailed && error.reason === "trap" &&
      /unknown parameter/i.test(error.message);
    if (!isOld) throw error;
    await save({});
  }
  const deadline = clock.monotonic() + STABLE_WITHIN_MS;
  for (let before = -1;;) {
    const bytes = (await findFile(connection, name))?.bytes ?? 0;
    if (bytes > 0 && bytes === before) return { name, bytes };
    if (clock.monotonic() > deadline) {
      const what = bytes === 0 ? "stays empty" : "does not stop growing";
      throw new LinkFailed("failed", `The backup file on the router ${what}`);
    }
    before = bytes;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** A file by its whole name; `undefined`: it is not there. */
export async function findFile(
  connection: RouterConnection,
  name: string,
): Promise<{ id: string; bytes: number } | undefined> {
  const { rows: [row] } = await connection.run("/file/print", {
    proplist: [".id", "name", "size"],
    queries: [`name=${name}`],
  });
  if (!row) return undefined;
  return {
    id: row[".id"] ?? "",
    bytes: /^\d{1,12}$/.test(row["size"] ?? "") ? Number(row["size"]) : 0,
  };
}

/** More than ever are left behind. */
const MOST_REMOVED = 50;

/** Takes away files of ours: `name`, or whatever earlier ones left. @throws {LinkFailed} */
export async function removeOurFiles(connection: RouterConnection, name?: string): Promise<void> {
  const isOurs = (found: string) =>
    name === undefined ? found.replace(/^\/?(?:flash\/)?/, "").startsWith(PREFIX) : found === name;
  // Read anew after each: ids of files may shift when one goes.
  for (let removed = 0; removed < MOST_REMOVED; removed += 1) {
    const { rows } = await connection.run("/file/print", { proplist: [".id", "name"] });
    const id = rows.find((row) => isOurs(row["name"] ?? ""))?.[".id"];
    if (id === undefined) return;
    await connection.run("/file/remove", { attributes: { ".id": id } });
  }
}
