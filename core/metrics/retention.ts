import type { Config } from "@/core/config.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { FIVE_MINUTE_TABLES, HOUR_TABLES, RAW_TABLES } from "@/core/metric_tables.ts";
import { DAY_MS, dayOf } from "./partitions.ts";

type SampleRetention = Pick<Config["retention"], "rawDays" | "fiveMinuteDays" | "hourDays">;

/** Drops partitions that are older than the retention of their tier; answers how many. */
export async function dropOldPartitions(
  db: Db,
  { rawDays, fiveMinuteDays, hourDays }: SampleRetention,
  nowMs: number,
): Promise<number> {
  const tiers = [[RAW_TABLES, rawDays], [FIVE_MINUTE_TABLES, fiveMinuteDays], [
    HOUR_TABLES,
    hourDays,
  ]] as const;
  let dropped = 0;
  for (const [parents, days] of tiers) {
    for (const parent of parents) {
      // A transaction a table: the exclusive lock on its parent is held for a moment only.
      const [row] = await db.system((sql) =>
        sql<{ dropped: number }[]>`
          select system_drop_metric_partitions(${parent},
            ${dayOf(nowMs - days * DAY_MS)}::date) as dropped`
      );
      dropped += row!.dropped;
    }
  }
  return dropped;
}

const IDEMPOTENCY_MS = DAY_MS;
const STEP = 5_000;

/**
 * Deletes what a tenant need not keep: answers to repeated creates, events and changes of status past
 * the longest tier. The last change before that stays: it says how the kept time began.
 */
export async function pruneTenant(
  db: Db,
  tenantId: TenantId,
  { hourDays }: SampleRetention,
  nowMs: number,
): Promise<void> {
  const before = (ms: number) => new Date(nowMs - ms).toISOString();
  await db.tenant(tenantId, async (sql) => {
    await sql`
      delete from idempotency_keys where tenant_id = ${tenantId}
        and created_at < ${before(IDEMPOTENCY_MS)}::text::timestamptz`;
  });
  for (let deleted = STEP; deleted === STEP;) {
    deleted = await db.tenant(tenantId, async (sql) => {
      const result = await sql`
        delete from events where tenant_id = ${tenantId} and id in (
          select id from events where tenant_id = ${tenantId}
            and at < ${before(hourDays * DAY_MS)}::text::timestamptz
          order by at limit ${STEP})`;
      return result.count;
    });
  }
  for (let deleted = STEP; deleted === STEP;) {
    deleted = await db.tenant(tenantId, async (sql) => {
      const result = await sql`
        delete from device_status_changes where tenant_id = ${tenantId} and (device_id, at) in (
          select c.device_id, c.at from device_status_changes c
          where c.tenant_id = ${tenantId} and c.at < ${before(hourDays * DAY_MS)}::text::timestamptz
            and exists (select from device_status_changes n
              where n.tenant_id = ${tenantId} and n.device_id = c.device_id and n.at > c.at
                and n.at < ${before(hourDays * DAY_MS)}::text::timestamptz)
          order by c.at limit ${STEP})`;
      return result.count;
    });
  }
}
