import { policyOf } from "@/core/configs/policy.ts";
import type { ConfigRetention } from "@/core/contract/config_policy.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** Rows of a backup are large: a few in one transaction. */
const STEP = 100;

/**
 * Takes away full backups of a tenant beyond the newest few of each router; those that stand on a
 * pinned version, or that a restore is under way from, stay. Answers how many went.
 */
export async function thinBinaries(
  db: Db,
  tenantId: TenantId,
  installation: ConfigRetention,
  signal: AbortSignal,
): Promise<number> {
  const { binaries } = await db.tenant(tenantId, (sql) => policyOf(sql, installation));
  let total = 0;
  for (let gone = STEP; gone === STEP && !signal.aborted; total += gone) {
    gone = (await db.tenant(tenantId, (sql) =>
      sql`
        delete from binary_backups b using (
          select r.id from (
            select n.id, n.version_id, row_number() over (
              partition by n.device_id order by n.taken_at desc, n.id) as place
            from binary_backups n) r
          join config_versions v on v.tenant_id = ${tenantId} and v.id = r.version_id
          where r.place > ${binaries.keep} and v.pinned_at is null and not exists (
            select from binary_restores t where t.backup_id = r.id and t.ended_at is null)
          limit ${STEP}) old
        where b.tenant_id = ${tenantId} and b.id = old.id`)).count;
  }
  return total;
}
