import { backUp, type BackupDeps } from "@/core/configs/back_up.ts";
import { deviceName } from "@/core/configs/tell_device.ts";
import type { BinaryOutcome } from "@/core/contract/binary_backups.ts";
import type { ExportFailure } from "@/core/contract/config_export.ts";
import { messageOf, NotFound } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Sql } from "@/core/ports/db.ts";
import { FileFailed, type RouterFiles } from "@/core/router_files/router_files.ts";
import { LinkFailed, type RouterConnection, type RouterLink } from "@/core/router_link/link.ts";
import type { TenantId } from "@/core/scope.ts";
import { checkBackupFile } from "./backup_file.ts";
import { newFileName, removeOurFiles, saveBackup } from "./files_on_router.ts";
import { readFacts, type RouterFacts } from "./router_facts.ts";
import { insertChunks, sealBinary } from "./store_binary.ts";

export interface BinaryDeps extends BackupDeps {
  bus: Bus;
  link: RouterLink;
  files: RouterFiles;
  log: Logger;
}

export interface BinaryOrderFor {
  tenantId: TenantId;
  deviceId: string;
  trigger: "manual" | "scheduled" | "operation";
  actor: string;
  /** Takes one although nothing has changed since the last. */
  isForced: boolean;
}

/** What RouterOS takes in an argument without a thought, and 190 bits of it. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
const PASSWORD_LETTERS = 33;

/**
 * Takes a full backup of a router and keeps it, beside a text that is read first. Where the text, the
 * RouterOS version and the unit are those of the newest one, that one still holds. The file is taken off
 * the router whatever happens; one that a broken connection left there goes with the next backup.
 *
 * @throws {NotFound} if the tenant has no such device
 */
export async function takeBinary(deps: BinaryDeps, order: BinaryOrderFor): Promise<BinaryOutcome> {
  const { tenantId, deviceId } = order;
  const name = await deps.db.tenant(tenantId, (sql) => deviceName(sql, deviceId));
  if (name === undefined) throw new NotFound("Cannot find this device");
  const text = await backUp(deps, order);
  if (text.outcome === "failed") return text;
  if (text.isPartial) {
    const detail = "The router could not export all of its menus: try again.";
    return { outcome: "failed", reason: "unreadable", detail };
  }
  try {
    const connection = await deps.link.open({ tenantId, deviceId });
    try {
      const facts = await readFacts(connection);
      const known = order.isForced
        ? undefined
        : await deps.db.tenant(tenantId, (sql) => findSame(sql, deviceId, text.versionId, facts));
      if (known !== undefined) return { outcome: "same", backupId: known };
      return await take(deps, order, connection, facts, text.versionId);
    } finally {
      await connection.close();
    }
  } catch (error) {
    return failureOf(error);
  }
}

async function take(
  deps: BinaryDeps,
  order: BinaryOrderFor,
  connection: RouterConnection,
  facts: RouterFacts,
  versionId: string,
): Promise<BinaryOutcome> {
  const { clock, files, db, kms, log } = deps;
  const { tenantId, deviceId, trigger, actor } = order;
  await removeOurFiles(connection);
  const password = newPassword();
  const name = await newFileName(connection);
  let data: Uint8Array;
  let checked: ReturnType<typeof checkBackupFile>;
  try {
    const saved = await saveBackup(connection, name, password, clock);
    data = await files.fetch({ tenantId, deviceId }, `/${saved.name}`);
    checked = checkBackupFile(data, saved.bytes);
  } finally {
    await removeOurFiles(connection, name).catch((error) => {
      log.warn("a backup file stays on a router until the next one is taken", {
        ...{ deviceId, error },
      });
    });
  }
  if (!checked.ok) return { outcome: "failed", reason: checked.reason, detail: checked.detail };
  const { encryption } = checked;
  const backupId = crypto.randomUUID();
  const sealed = await sealBinary(kms, tenantId, backupId, data, password);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", data as BufferSource));
  await db.tenant(tenantId, async (sql) => {
    const row = {
      ...{ tenant_id: tenantId, id: backupId, device_id: deviceId, version_id: versionId },
      ...{ taken_at: new Date(clock.now()), trigger, actor, board: facts.board },
      ...{ routeros_version: facts.version, serial: facts.serial, encryption },
      ...{ bytes: data.length, sha256, password: sealed.password },
    };
    await sql`insert into binary_backups ${sql(row)}`;
    await insertChunks(sql, tenantId, backupId, sealed.chunks);
  });
  return { outcome: "kept", backupId };
}

/** The newest one, if it still holds what the router does. */
async function findSame(
  sql: Sql,
  deviceId: string,
  versionId: string,
  { version, board, serial }: RouterFacts,
): Promise<string | undefined> {
  const [newest] = await sql<{ id: string; holds: boolean }[]>`
    select id, version_id = ${versionId} and routeros_version = ${version} and board = ${board}
      and serial is not distinct from ${serial} as holds
    from binary_backups where device_id = ${deviceId} order by taken_at desc, id limit 1`;
  return newest?.holds ? newest.id : undefined;
}

function newPassword(): string {
  let password = "";
  while (password.length < PASSWORD_LETTERS) {
    for (const byte of crypto.getRandomValues(new Uint8Array(64))) {
      // Beyond the last whole multiple some letters would come more often.
      if (byte < 256 - 256 % LETTERS.length && password.length < PASSWORD_LETTERS) {
        password += LETTERS[byte % LETTERS.length];
      }
    }
  }
  return password;
}

const REASONS: Readonly<Record<string, ExportFailure>> = {
  ...{ unreachable: "connection_refused", lost: "connection_lost", timeout: "no_answer" },
  ...{ login_refused: "login_refused", no_credential: "no_credential", trap: "refused" },
  ...{ busy: "busy", too_large: "too_large" },
};

/** A refusal by the router is an outcome, not an error. */
export function failureOf(error: unknown): Extract<BinaryOutcome, { outcome: "failed" }> {
  if (!(error instanceof LinkFailed || error instanceof FileFailed)) throw error;
  const reason = error instanceof FileFailed ? error.reason : REASONS[error.reason] ?? "failed";
  const said = messageOf(error).slice(0, 400);
  const detail = reason === "refused" && /not enough permissions/.test(said)
    ? "The user may not save backups: its group needs the policies read, write, ftp, ssh, " +
      "sensitive, policy and test."
    : said;
  return { outcome: "failed", reason, detail };
}
