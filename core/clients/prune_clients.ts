import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

const DAY_MS = 86_400_000;
const STEP = 2_000;

/** Deletes where clients were, and clients themselves, that nobody saw for `days`; in small steps. */
export async function pruneClients(
  db: Db,
  tenantId: TenantId,
  days: number,
  nowMs: number,
): Promise<void> {
  const day = new Date(nowMs - days * DAY_MS).toISOString().slice(0, 10);
  // A router that is managed no longer: what remembers its interfaces is a client as any other.
  await db.tenant(tenantId, (sql) =>
    sql`
      update clients set kind = 'client'
      where tenant_id = ${tenantId} and device_id is null and kind = 'router'`);
  for (let deleted = STEP; deleted === STEP;) {
    deleted = await db.tenant(tenantId, async (sql) =>
      (await sql`
        delete from client_sightings where tenant_id = ${tenantId} and id = any(array(
          select id from client_sightings where tenant_id = ${tenantId}
            and seen_on < ${day}::text::date order by seen_on limit ${STEP}))`).count);
  }
  for (let deleted = STEP; deleted === STEP;) {
    deleted = await db.tenant(tenantId, async (sql) =>
      (await sql`
        delete from clients where tenant_id = ${tenantId} and mac = any(array(
          select mac from clients where tenant_id = ${tenantId}
            and seen_on < ${day}::text::date order by seen_on limit ${STEP}))`).count);
  }
}
