import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";

/** How long it is kept what a router held before a push, once that has ended. */
const KEPT_DAYS = 90;
const AT_ONCE = 200;

/**
 * Drops what ended pushes needed to be taken back: whole configurations among it, which versions of the
 * configuration keep by rules of their own. What was pushed, by whom and how it came out stays.
 */
export async function forgetEvidence(
  { db, clock }: { db: Db; clock: Clock },
  signal: AbortSignal,
): Promise<number> {
  const before = new Date(clock.now() - KEPT_DAYS * 86_400_000);
  let dropped = 0;
  for (const tenantId of await listTenantIds(db)) {
    for (let last = AT_ONCE; last === AT_ONCE && !signal.aborted;) {
      const rows = await db.tenant(tenantId, (sql) =>
        sql`
          update pushes set plan = null, evidence = null
          where id in (
            select id from pushes where ended_at < ${before} and evidence is not null
            limit ${AT_ONCE})
          returning id`);
      last = rows.length;
      dropped += last;
    }
  }
  return dropped;
}
