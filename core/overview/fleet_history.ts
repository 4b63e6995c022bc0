import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

const STEP_MS = 300_000;
/** Sites are many: their history is kept for as long as pages show it. */
const SITE_DAYS = 32;
const DAY_MS = 86_400_000;
const MOST_DELETED = 20_000;

/**
 * Notes the figures of a tenant's fleet and of each of its sites, once every five minutes however often
 * it is called. From `device_latest`, so it costs the same whatever the routers measure.
 */
export async function noteFleet(db: Db, tenantId: TenantId, nowMs: number): Promise<void> {
  const at = new Date(nowMs - nowMs % STEP_MS).toISOString();
  await db.tenant(tenantId, async (sql) => {
    const [noted] = await sql`
      select from fleet_history where tenant_id = ${tenantId} and at = ${at}::text::timestamptz`;
    if (noted) return;
    await sql`
      insert into fleet_history (tenant_id, at, ${figureNames(sql)})
      select ${tenantId}::uuid, ${at}::text::timestamptz, ${figures(sql)}
      from devices d join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      where d.tenant_id = ${tenantId} and d.is_enabled and d.retired_at is null
      having count(*) > 0
      on conflict do nothing`;
    await sql`
      insert into site_history (tenant_id, site_id, at, ${figureNames(sql)})
      select ${tenantId}::uuid, d.site_id, ${at}::text::timestamptz, ${figures(sql)}
      from devices d join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      where d.tenant_id = ${tenantId} and d.is_enabled and d.retired_at is null
        and d.site_id is not null
      group by d.site_id
      on conflict do nothing`;
  });
}

function figureNames(sql: Sql) {
  return sql`devices, online, offline, rx_bps, tx_bps, wireless_clients`;
}

function figures(sql: Sql) {
  return sql`count(*), count(*) filter (where l.status = 'online'),
    count(*) filter (where l.status = 'offline'),
    coalesce(sum(l.rx_bps) filter (where l.status = 'online'), 0),
    coalesce(sum(l.tx_bps) filter (where l.status = 'online'), 0),
    coalesce(sum(l.wireless_clients) filter (where l.status = 'online'), 0)`;
}

/** Deletes what is older than it need be. */
export async function pruneFleetHistory(
  db: Db,
  tenantId: TenantId,
  hourDays: number,
  nowMs: number,
): Promise<void> {
  const before = (days: number) => new Date(nowMs - days * DAY_MS).toISOString();
  await db.tenant(tenantId, async (sql) => {
    await sql`
      delete from fleet_history where tenant_id = ${tenantId}
        and at < ${before(hourDays)}::text::timestamptz`;
  });
  for (let deleted = MOST_DELETED; deleted === MOST_DELETED;) {
    deleted = await db.tenant(tenantId, async (sql) => {
      const result = await sql`
        delete from site_history where tenant_id = ${tenantId} and (site_id, at) in (
          select site_id, at from site_history where tenant_id = ${tenantId}
            and at < ${before(Math.min(SITE_DAYS, hourDays))}::text::timestamptz
          order by at limit ${MOST_DELETED})`;
      return result.count;
    });
  }
}

export interface FleetPoint {
  time: number;
  rxBps: number;
  txBps: number;
  wirelessClients: number;
}

/**
 * Averages over steps of `stepSeconds`, oldest first; of the whole fleet, or of one site with all that
 * stands below it, named by path or name.
 */
export async function readFleetHistory(
  sql: Sql,
  tenantId: TenantId,
  span: { from: string; to: string; stepSeconds: number },
  site: string | undefined,
): Promise<FleetPoint[]> {
  const { from, to, stepSeconds } = span;
  const time = sql`extract(epoch from
    date_bin(make_interval(secs => ${stepSeconds}), at, ${from}::text::timestamptz))::float8`;
  const within = sql`
    tenant_id = ${tenantId} and at >= ${from}::text::timestamptz and at < ${to}::text::timestamptz`;
  return site === undefined
    ? await sql<FleetPoint[]>`
      select ${time} as time, avg(rx_bps)::float8 as "rxBps", avg(tx_bps)::float8 as "txBps",
        avg(wireless_clients)::float8 as "wirelessClients"
      from fleet_history where ${within} group by 1 order by 1`
    : await sql<FleetPoint[]>`
      select ${time} as time, avg(rx_bps)::float8 as "rxBps", avg(tx_bps)::float8 as "txBps",
        avg(wireless_clients)::float8 as "wirelessClients"
      from (select at, sum(rx_bps) as rx_bps, sum(tx_bps) as tx_bps,
          sum(wireless_clients) as wireless_clients
        from site_history
        where ${within} and site_id in (
          select below.id from sites top join sites below on below.tenant_id = top.tenant_id
            and (below.id = top.id or starts_with(below.path, top.path || ' / '))
          where top.tenant_id = ${tenantId}
            and (lower(top.path) = lower(${site}) or lower(top.name) = lower(${site})))
        group by at) as each
      group by 1 order by 1`;
}
