import type { BackupOutcome } from "@/core/contract/configs.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { backUp, type BackupDeps } from "./back_up.ts";

/** Something of ours that is about to change a router. */
export interface ConfigOperation extends OperationKey {
  actor: string;
  /** What people read: the title of the push, say. */
  title: string;
}

export interface OperationKey {
  tenantId: TenantId;
  deviceId: string;
  /** `push`, `restore` … */
  kind: string;
  /** Of that push, restore … */
  id: string;
}

export type OperationOutcome = "kept" | "reverted" | "failed" | "unknown";

/**
 * Backs the router up before it is changed, and notes what is about to change it. Asked again for the
 * same operation (after a crash) it answers the backup that was taken then: the router may have been
 * changed since.
 *
 * @throws {NotFound} if the tenant has no such device
 */
export async function beginOperation(
  deps: BackupDeps,
  operation: ConfigOperation,
): Promise<BackupOutcome> {
  const { tenantId, deviceId, kind, id, title, actor } = operation;
  const known = await deps.db.tenant(tenantId, async (sql) => {
    const [row] = await sql<{ versionId: string; isPartial: boolean }[]>`
      select v.id as "versionId", v.failed_menus <> '{}' as "isPartial"
      from config_operations o
      join config_versions v on v.tenant_id = o.tenant_id and v.id = o.before_version
      where o.device_id = ${deviceId} and o.kind = ${kind} and o.operation_id = ${id}`;
    return row;
  });
  if (known) return { outcome: "same", ...known, changes: 0 };
  return await backUp(
    deps,
    { tenantId, deviceId, trigger: "operation", actor },
    async (sql, outcome) => {
      if (outcome.outcome === "failed") return;
      // It begins with the reading before it, to the instant: what that one found is not its doing.
      await sql`
        insert into config_operations (tenant_id, device_id, kind, operation_id, title, actor,
          began_at, before_version)
        select tenant_id, device_id, ${kind}, ${id}, ${title.slice(0, 200)}, ${actor}, seen_at, id
        from config_versions where id = ${outcome.versionId}
        on conflict (tenant_id, device_id, kind, operation_id) do update
          set before_version = excluded.before_version, began_at = excluded.began_at`;
    },
  );
}

/**
 * Backs the router up once the operation is over, whatever became of it: what has changed since
 * {@linkcode beginOperation} is the operation's doing. The same version as before the operation is the
 * proof that the old configuration is back.
 */
export async function endOperation(
  deps: BackupDeps,
  { tenantId, deviceId, kind, id }: OperationKey,
  outcome: OperationOutcome,
): Promise<BackupOutcome> {
  return await backUp(
    deps,
    { tenantId, deviceId, trigger: "operation", actor: `system:${kind}` },
    async (sql, taken) => {
      const after = taken.outcome === "failed" ? null : taken.versionId;
      await sql`
        update config_operations set outcome = ${outcome}, after_version = ${after},
          ended_at = coalesce((select seen_at from config_versions where id = ${after}::uuid),
            ${new Date(deps.clock.now())})
        where device_id = ${deviceId} and kind = ${kind} and operation_id = ${id}`;
    },
  );
}

/** A version that a router was brought back to is kept, whatever its age. In the caller's transaction. */
export async function noteRestoreSource(sql: Sql, versionId: string, at: Date): Promise<void> {
  await sql`update config_versions set restored_at = ${at} where id = ${versionId}`;
}
