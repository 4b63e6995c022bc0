import { nameOf } from "@/core/actor_name.ts";
import { tellDevice } from "@/core/configs/tell_device.ts";
import type { BinaryBackup, BinaryRestore, BinaryState } from "@/core/contract/binary_backups.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { openBinary, openPassword } from "./store_binary.ts";

export interface ReadDeps {
  kms: Kms;
  clock: Clock;
}

const MOST = 200;
const MOST_RESTORES = 20;

/** A router's full backups and restores, newest first. */
export async function readBinaries(scope: Scope, deviceId: string): Promise<BinaryState> {
  demand(scope, "configs:read");
  await demandDevice(scope, deviceId);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const items = await sql<BackupRow[]>`
      select ${backupColumns(sql)} where b.device_id = ${deviceId}
      order by b.taken_at desc, b.id limit ${MOST}`;
    const restores = await sql<RestoreRow[]>`
      select ${restoreColumns(sql)} where r.device_id = ${deviceId}
      order by r.started_at desc, r.id limit ${MOST_RESTORES}`;
    const [job] = await sql<{ dueAt: Date | null; triedAt: Date | null; detail: string | null }[]>`
      select due_at as "dueAt", tried_at as "triedAt", detail from binary_backup_jobs
      where device_id = ${deviceId}`;
    return {
      items: items.map(toBackup),
      restores: restores.map(toRestore),
      dueAt: job?.dueAt?.toISOString() ?? null,
      triedAt: job?.triedAt?.toISOString() ?? null,
      detail: job?.detail ?? null,
    };
  });
}

/** The file, still encrypted with its password; who took it stands in the audit log. */
export async function downloadBinary(
  scope: Scope,
  deps: ReadDeps,
  deviceId: string,
  backupId: string,
): Promise<{ backup: BinaryBackup; data: Uint8Array }> {
  demand(scope, "configs:write");
  const stored = await findBinary(scope, deviceId, backupId);
  const read = <T>(work: (sql: Sql) => Promise<T>) => scope.db.tenant(scope.tenantId, work);
  const data = await openBinary(read, deps.kms, scope.tenantId, stored);
  await scope.db.tenant(scope.tenantId, (sql) => {
    const details = { backup: backupId, takenAt: stored.backup.takenAt };
    return tellDevice(sql, scope, deps, deviceId, "config.binary_downloaded", details);
  });
  return { backup: stored.backup, data };
}

/** The password of a file. Who, why and when stands in the audit log before it is given away. */
export async function revealPassword(
  scope: Scope,
  deps: ReadDeps,
  deviceId: string,
  backupId: string,
  reason: string,
): Promise<{ password: string }> {
  demand(scope, "configs:reveal");
  const stored = await findBinary(scope, deviceId, backupId);
  const password = await openPassword(deps.kms, scope.tenantId, backupId, stored.password);
  const at = new Date(deps.clock.now());
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await noteSecretRead(sql, scope.tenantId, {
      ...{ actor: scope.actor, purpose: "config.reveal", secret: "device.backup_password" },
      ...{ deviceId, at, requestId: scope.requestId },
    });
    const details = { reason, backup: backupId, takenAt: stored.backup.takenAt };
    await tellDevice(sql, scope, deps, deviceId, "config.binary_revealed", details);
  });
  return { password };
}

interface Stored {
  id: string;
  backup: BinaryBackup;
  bytes: number;
  sha256: Uint8Array;
  password: Uint8Array;
}

/** @throws {NotFound} also for another tenant's */
export async function findBinary(
  scope: Scope,
  deviceId: string,
  backupId: string,
): Promise<Stored> {
  await demandDevice(scope, deviceId);
  const [row] = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<(BackupRow & { sha256: Uint8Array; password: Uint8Array })[]>`
      select b.sha256, b.password, ${backupColumns(sql)}
      where b.device_id = ${deviceId} and b.id = ${backupId}`,
  );
  if (!row) throw new NotFound("Cannot find this full backup");
  const { sha256, password, ...backup } = row;
  return { id: row.id, backup: toBackup(backup), bytes: row.bytes, sha256, password };
}

type BackupRow = Omit<BinaryBackup, "takenAt"> & { takenAt: Date };

function backupColumns(sql: Sql) {
  return sql`b.id, b.taken_at as "takenAt", b.trigger, b.actor,
    ${nameOf(sql, sql`b.tenant_id`, sql`b.actor`)} as "actorName", b.version_id as "versionId",
    b.routeros_version as "routerosVersion", b.board, b.serial, b.encryption, b.bytes
    from binary_backups b`;
}

const toBackup = ({ takenAt, ...backup }: BackupRow): BinaryBackup => ({
  ...backup,
  takenAt: takenAt.toISOString(),
});

type RestoreRow = Omit<BinaryRestore, "startedAt" | "updatedAt" | "endedAt"> & {
  startedAt: Date;
  updatedAt: Date;
  endedAt: Date | null;
};

export function restoreColumns(sql: Sql) {
  return sql`r.id, r.backup_id as "backupId", r.state, r.actor,
    ${nameOf(sql, sql`r.tenant_id`, sql`r.actor`)} as "actorName", r.started_at as "startedAt",
    r.updated_at as "updatedAt", r.ended_at as "endedAt", r.before_version as "beforeVersion",
    r.after_version as "afterVersion", b.version_id as "wantedVersion", r.detail
    from binary_restores r
    left join binary_backups b on b.tenant_id = r.tenant_id and b.id = r.backup_id`;
}

export const toRestore = (
  { startedAt, updatedAt, endedAt, ...rest }: RestoreRow,
): BinaryRestore => ({
  ...rest,
  startedAt: startedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});
