import type { RestoreState } from "@/core/contract/binary_backups.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";

/** A restore as its worker has it. */
export interface RestoreRow {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly epoch: number;
  readonly deviceId: string;
  readonly backupId: string | null;
  readonly state: RestoreState;
  readonly actor: string;
  readonly startedAt: Date;
  readonly bootedAt: Date | null;
  readonly loadedAt: Date | null;
  readonly fileName: string | null;
  readonly beforeVersion: string | null;
}

export interface RestoreChange {
  state?: RestoreState;
  bootedAt?: Date;
  loadedAt?: Date;
  fileName?: string;
  beforeVersion?: string;
  afterVersion?: string;
  detail?: string | null;
}

/** Longer than the longest step between two changes of the row. */
export const RESTORE_LEASE_SECONDS = 900;
export const ENDED: readonly RestoreState[] = ["restored", "differs", "failed"];

/** Somebody else has the restore by now: whoever hears this writes nothing more and asks no router. */
export class StaleRestore extends Error {
  override name = "StaleRestore";
}

/** Takes restores that have something to do; a worker that had one before has it no more. */
export async function takeDueRestores(db: Db, most: number): Promise<RestoreRow[]> {
  const taken = await db.system((sql) =>
    sql<Pick<RestoreRow, "tenantId" | "id" | "epoch">[]>`
      select tenant_id as "tenantId", id, epoch
      from system_due_binary_restores(${most}::int, ${RESTORE_LEASE_SECONDS}::int)`
  );
  return await Promise.all(taken.map((one) => readRow(db, one)));
}

async function readRow(
  db: Db,
  { tenantId, id, epoch }: Pick<RestoreRow, "tenantId" | "id" | "epoch">,
): Promise<RestoreRow> {
  const [row] = await db.tenant(tenantId, (sql) =>
    sql<Omit<RestoreRow, "tenantId">[]>`
      select id, device_id as "deviceId", backup_id as "backupId", state, actor,
        started_at as "startedAt", booted_at as "bootedAt", loaded_at as "loadedAt",
        file_name as "fileName", before_version as "beforeVersion"
      from binary_restores where id = ${id} and epoch = ${epoch}`);
  if (!row) throw new StaleRestore("Somebody else has this restore");
  return { ...row, tenantId, epoch };
}

/** Stores what is about to be done, or was found, and tells whoever watches. @throws {StaleRestore} */
export async function changeRestore(
  { db, bus, clock }: { db: Db; bus: Bus; clock: Clock },
  row: RestoreRow,
  change: RestoreChange,
): Promise<RestoreRow> {
  const { tenantId, id, epoch, deviceId } = row;
  const state = change.state ?? row.state;
  const at = new Date(clock.now());
  const columns = {
    ...{ state, updated_at: at },
    ...(ENDED.includes(state) && { ended_at: at, due_at: null }),
    ...(change.bootedAt && { booted_at: change.bootedAt }),
    ...(change.loadedAt && { loaded_at: change.loadedAt }),
    ...(change.fileName !== undefined && { file_name: change.fileName }),
    ...(change.beforeVersion !== undefined && { before_version: change.beforeVersion }),
    ...(change.afterVersion !== undefined && { after_version: change.afterVersion }),
    ...(change.detail !== undefined && { detail: change.detail?.slice(0, 1_000) ?? null }),
  };
  const changed = await db.tenant(tenantId, (sql) =>
    sql`
      update binary_restores set ${sql(columns)},
        leased_until = now() + make_interval(secs => ${RESTORE_LEASE_SECONDS})
      where id = ${id} and epoch = ${epoch} and ended_at is null returning id`);
  if (changed.length === 0) throw new StaleRestore("Somebody else has this restore");
  bus.broadcast(subjects.binaryRestore(tenantId, deviceId), new TextEncoder().encode("{}"));
  const { detail: _, afterVersion: _after, ...kept } = change;
  return { ...row, ...kept, state };
}

/** Gives it back, to be looked at again at `due`. */
export async function releaseRestore(db: Db, row: RestoreRow, due: Date): Promise<void> {
  await db.tenant(row.tenantId, (sql) =>
    sql`
      update binary_restores set leased_until = null, due_at = ${due}
      where id = ${row.id} and epoch = ${row.epoch} and ended_at is null`);
}
