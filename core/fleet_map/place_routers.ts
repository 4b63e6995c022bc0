import type { PlaceRouters } from "@/core/contract/map.ts";
import { NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";

const SHOWN = 10;

/**
 * Routers that stand on a site, or below it where no site has coordinates of its own.
 *
 * @throws {NotFound} also for another tenant's site
 */
export async function listPlaceRouters(scope: Scope, siteId: string): Promise<PlaceRouters> {
  demand(scope, "sites:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [site] = await sql`select id from sites where id = ${siteId}`;
    if (!site) throw new NotFound("Cannot find this site");
    const rows = await sql<(PlaceRouters["items"][number] & { total: number })[]>`
      with recursive here as (
        select tenant_id, id from sites where id = ${siteId}
        union all
        select s.tenant_id, s.id from sites s
        join here h on s.tenant_id = h.tenant_id and s.parent_id = h.id where s.latitude is null
      )
      select d.id, left(coalesce(d.name, nullif(l.identity, ''), d.address), 200) as name,
        case when d.is_enabled then coalesce(l.status, 'pending') else 'disabled' end as status,
        (count(*) over ())::int as total
      from here h
      join devices d on d.tenant_id = h.tenant_id and d.site_id = h.id and d.retired_at is null
      left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      order by not d.is_enabled, array_position(array['offline', 'unknown', 'pending', 'online'],
        coalesce(l.status, 'pending')), name, d.id
      limit ${SHOWN}`;
    return {
      items: rows.map(({ id, name, status }) => ({ id, name, status })),
      total: rows[0]?.total ?? 0,
    };
  });
}
