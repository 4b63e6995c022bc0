import { DAY_MS, dayOf } from "@/core/metrics/partitions.ts";
import type { Db } from "@/core/ports/db.ts";

/** Any number: makes two processes that want the same partitions take turns. */
const LOCK = 7_403_122;
const DAYS_AHEAD = 3;

/** Makes the partitions that cover the days of `fromMs` to `toMs`; answers how many were missing. */
export async function ensureLogPartitions(db: Db, fromMs: number, toMs: number): Promise<number> {
  return await db.system(async (sql) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`;
    const [row] = await sql<{ made: number }[]>`
      select system_ensure_log_partitions(${dayOf(fromMs)}::date, ${dayOf(toMs)}::date) as made`;
    return row!.made;
  });
}

/** Partitions of the days to come, and the end of lines that are old enough. */
export async function keepLogHouse(
  { db, config, nowMs }: { db: Db; config: { retention: { logDays: number } }; nowMs: number },
): Promise<{ made: number; dropped: number }> {
  const made = await ensureLogPartitions(db, nowMs - DAY_MS, nowMs + DAYS_AHEAD * DAY_MS);
  const keepFrom = dayOf(nowMs - config.retention.logDays * DAY_MS);
  const [row] = await db.system((sql) =>
    sql<{ dropped: number }[]>`select system_drop_log_partitions(${keepFrom}::date) as dropped`
  );
  return { made, dropped: row!.dropped };
}
