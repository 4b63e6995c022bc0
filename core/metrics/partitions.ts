import type { Db } from "@/core/ports/db.ts";

export const DAY_MS = 86_400_000;
/** Any number: makes two processes that want the same partitions take turns. */
const LOCK = 7_403_121;

/** The UTC day of `ms`, as PostgreSQL reads a date. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Makes the partitions that cover the days of `fromMs` to `toMs`; answers how many were missing. */
export async function ensureMetricPartitions(
  db: Db,
  fromMs: number,
  toMs: number,
): Promise<number> {
  return await db.system(async (sql) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`;
    const [row] = await sql<{ made: number }[]>`
      select system_ensure_metric_partitions(${dayOf(fromMs)}::date, ${dayOf(toMs)}::date) as made`;
    return row!.made;
  });
}
