import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/**
 * Nobody polls these devices from `at` on: what they were then is no longer known, and the time until
 * they are polled again counts neither as online nor as offline. In the caller's transaction.
 */
export async function switchOff(
  sql: Sql,
  tenantId: TenantId,
  deviceIds: readonly string[],
  at: Date,
): Promise<void> {
  await sql`
    with off as (
      update device_latest set status = 'unknown', reason = 'disabled',
        status_detail = 'Its polling is switched off', status_since = ${at}
      where tenant_id = ${tenantId} and device_id = any(${deviceIds as string[]}::uuid[])
        and status in ('online', 'offline') and (status_since is null or status_since < ${at})
      returning device_id, reason, status_detail
    )
    insert into device_status_changes (tenant_id, device_id, at, status, reason, detail)
    select ${tenantId}::uuid, device_id, ${at}::timestamptz, 'unknown', reason, status_detail from off
    on conflict do nothing`;
}
