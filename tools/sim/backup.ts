import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { Row, Value } from "./live.ts";
import { interfaceRow } from "./menus/interfaces.ts";
import type { SimRouter } from "./router.ts";
import { Trap } from "./trap.ts";

/** What a file begins with: one that is encrypted in either way, and one that is not. */
const MAGIC = {
  plain: "\x88\xac\xa1\xb1",
  aes: "\xef\xa8\x91\x73",
  rc4: "\xef\xa8\x91\x72",
} as const;
const HEADER = 8;
const SALT = 32;
const CHECK = "configuration:";

const keyOf = (password: string) => createHash("sha256").update(password, "latin1").digest();

/** Fixed: a simulated secret is worth nothing, and the same state makes the same file. */
const IV = Buffer.alloc(16);

export type Encryption = "aes-sha256" | "rc4";

/** The whole configuration as a file of the router, as a byte string. */
export function backupFile(
  router: SimRouter,
  password: string | undefined,
  encryption: Encryption = "aes-sha256",
): string {
  const text = CHECK + stateText(router);
  if (!password) return framed(MAGIC.plain, text);
  const cipher = createCipheriv("aes-256-ctr", keyOf(password), IV);
  const body = Buffer.concat([cipher.update(text, "latin1"), cipher.final()]).toString("latin1");
  const salt = keyOf(`${password} salt`).toString("latin1").slice(0, SALT);
  return framed(encryption === "rc4" ? MAGIC.rc4 : MAGIC.aes, salt + body);
}

/** The mark, the length of the whole file, and the rest. */
function framed(magic: string, body: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(HEADER + body.length);
  return magic + length.toString("latin1") + body;
}

/** @throws {Trap} when it is none, is not whole, or the password is another */
export function readBackup(file: string, password: string | undefined): string {
  const magic = file.slice(0, 4);
  const length = Buffer.from(file.slice(4, HEADER), "latin1");
  const isWhole = length.length === 4 && length.readUInt32LE() === file.length;
  const isPlain = magic === MAGIC.plain;
  if (!isWhole || !isPlain && magic !== MAGIC.aes && magic !== MAGIC.rc4) {
    throw new Trap("failure: broken backup file", 4);
  }
  const body = file.slice(HEADER);
  const text = isPlain ? body : decrypted(body.slice(SALT), password ?? "");
  if (text.startsWith(CHECK)) return text.slice(CHECK.length);
  throw new Trap("failure: wrong password or backup file is broken", 4);
}

function decrypted(body: string, password: string): string {
  const decipher = createDecipheriv("aes-256-ctr", keyOf(password), IV);
  return Buffer.concat([decipher.update(body, "latin1"), decipher.final()]).toString("latin1");
}

/**
 * All that is configured, as text: two routers of the same text are configured alike. Values that
 * live by themselves, and items that do, are not in it.
 */
export function stateText(router: SimRouter): string {
  const menus: Record<string, Record<string, string>[]> = {};
  for (const path of configured(router)) {
    menus[path] = router.config.rows(path).filter((row) => row["dynamic"] !== "true")
      .map(plainRow);
  }
  return JSON.stringify(menus);
}

function configured(router: SimRouter): string[] {
  return [...router.tree.menus.values()]
    .filter((menu) => (menu.settable?.length ?? 0) > 0 && menu.path === router.storeOf(menu))
    .map(({ path }) => path).filter((path) => path !== "/file" && path !== "/system/clock").sort();
}

/** Its fixed properties, by name. */
function plainRow(row: Row): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const name of Object.keys(row).sort()) {
    const value = row[name]!;
    if (typeof value === "string") plain[name] = value;
  }
  return plain;
}

/** Puts the configuration of a backup in place of the present one. The caller reboots. */
export function restoreState(router: SimRouter, text: string): void {
  const menus = JSON.parse(text) as Record<string, Record<string, string>[]>;
  const stored = new Map<string, Row[]>();
  for (const [path, rows] of Object.entries(menus)) {
    const menu = router.tree.menus.get(path);
    if (!menu) continue;
    const seeded = menu.rows(router);
    stored.set(path, rows.map((row) => revived(router, path, seeded, row)));
  }
  router.config.replace(stored);
  router.revision++;
}

/** The row with what lives in it: counters, states. */
function revived(
  router: SimRouter,
  path: string,
  seeded: Row[],
  saved: Record<string, string>,
): Row {
  const born = seeded.find((row) => row[".id"] === saved[".id"]);
  const row: Row = born ??
    (path === "/interface"
      ? interfaceRow(router, saved[".id"]!, saved["name"]!, saved["type"]!)
      : {});
  for (const [name, value] of Object.entries(row) as [string, Value][]) {
    if (typeof value === "string" && saved[name] === undefined) delete row[name];
  }
  return Object.assign(row, saved);
}
