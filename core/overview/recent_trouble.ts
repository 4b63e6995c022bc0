import type { FleetEvent } from "@/core/contract/events.ts";
import { deviceSources } from "@/core/devices/device_row.ts";
import { compileQuery } from "@/core/fleet_query/compile_query.ts";
import { demand, type Scope } from "@/core/scope.ts";

type Row = Omit<FleetEvent, "at" | "lastAt"> & { at: Date; lastAt: Date | null };

/** Among so many of the last ones those of a query are looked for. */
const SEARCHED = 5_000;

/** The last events that are more than information, newest first; of the fleet, or of what `q` fits. */
export async function recentTrouble(
  scope: Scope,
  { q = "", limit }: { q?: string | undefined; limit: number },
): Promise<FleetEvent[]> {
  demand(scope, "events:read");
  const { tenantId } = scope;
  const rows = await scope.db.tenant(tenantId, async (sql) => {
    const isAll = q.trim() === "";
    const { condition } = await compileQuery(sql, q);
    return await sql<Row[]>`
      select id::text, at, kind, severity, device_id as "deviceId", device_name as "deviceName",
        message, count, last_at as "lastAt"
      from (select * from events where tenant_id = ${tenantId} and severity <> 'info'
        order by at desc, id desc limit ${isAll ? limit : SEARCHED}) e
      ${
      isAll ? sql`` : sql`where device_id in (
        select d.id from ${deviceSources(sql)} where d.tenant_id = ${tenantId} and ${condition})`
    }
      order by at desc, id desc limit ${limit}`;
  });
  return rows.map(({ at, lastAt, ...event }) => ({
    ...event,
    at: at.toISOString(),
    lastAt: lastAt?.toISOString() ?? null,
  }));
}
