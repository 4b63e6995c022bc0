import { shareOf } from "@/core/contract/availability.ts";
import { statusStrips } from "@/core/availability/status_strips.ts";
import { type Cause, CAUSES, type FleetSummary } from "@/core/contract/overview.ts";
import { deviceSources } from "@/core/devices/device_row.ts";
import { compileQuery } from "@/core/fleet_query/compile_query.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { radioTrouble } from "./radios.ts";

const WORST = 8;
const SITES = 6;
const VERSIONS = 12;
/** A strip of half hours. */
const STRIP = { hours: 24, slots: 48 };

type Counted = Omit<
  FleetSummary,
  "at" | "health" | "causes" | "versions" | "worst" | "sites" | "radios" | "problems"
>;
type Worst = Omit<FleetSummary["worst"][number], "day">;
interface Figures {
  counts: Counted & { good: number; fair: number; poor: number } & Record<Cause, number>;
  versions: FleetSummary["versions"] | null;
  worst: Worst[] | null;
  sites: FleetSummary["sites"] | null;
}

/**
 * The key figures of the fleet, or of what a query of it fits: counts, what costs health, the worst
 * routers, sites and radios, versions. The fleet is read once, narrow; everything is counted from that.
 */
export async function fleetSummary(
  scope: Scope,
  { clock }: { clock: Clock },
  q = "",
): Promise<FleetSummary> {
  demand(scope, "fleet:read");
  const { tenantId } = scope;
  const nowMs = clock.now();
  return await scope.db.tenant(tenantId, async (sql) => {
    const { condition, problems } = await compileQuery(sql, q);
    const [row] = await sql<Figures[]>`
      with fleet as materialized (
        select d.id, d.site_id, d.is_enabled, coalesce(l.status, 'pending') as status, l.version,
          l.health_score, l.rx_bps, l.tx_bps, l.wireless_clients, l.cpu_percent > 80 as cpu,
          l.memory_percent > 85 as memory, l.disk_percent > 90 as disk, l.temperature_c > 65 as hot
        from ${deviceSources(sql)}
        where d.tenant_id = ${tenantId} and ${condition}
      ), polled as (
        select *, status = 'online' as up from fleet where is_enabled
      ), counted as (
        select (select count(*) from fleet)::int as total,
          (count(*) filter (where up))::int as online,
          (count(*) filter (where status = 'offline'))::int as offline,
          (count(*) filter (where status = 'unknown'))::int as unknown,
          (count(*) filter (where status = 'pending'))::int as pending,
          (select count(*) from fleet where not is_enabled)::int as disabled,
          coalesce(sum(rx_bps) filter (where up), 0)::float8 as "rxBps",
          coalesce(sum(tx_bps) filter (where up), 0)::float8 as "txBps",
          coalesce(sum(wireless_clients) filter (where up), 0)::int as "wirelessClients",
          avg(health_score)::float8 as "averageHealth",
          (count(*) filter (where health_score >= 90))::int as good,
          (count(*) filter (where health_score between 60 and 89))::int as fair,
          (count(*) filter (where health_score < 60))::int as poor,
          (count(*) filter (where up and cpu))::int as cpu,
          (count(*) filter (where up and memory))::int as memory,
          (count(*) filter (where up and disk))::int as disk,
          (count(*) filter (where up and hot))::int as temperature,
          (count(*) filter (where up and health_score < 100
            and (cpu or memory or disk or hot) is not true))::int as other
        from polled
      ), ranked as (
        select id from polled where health_score < 90 order by health_score, id limit ${WORST}
      )
      select to_jsonb(c) as counts,
        (select jsonb_agg(jsonb_build_object('version', v.version, 'devices', v.devices)
            order by version_key(v.version) desc, v.version)
          from (select version, count(*)::int as devices from fleet where version is not null
            group by version order by 2 desc, version limit ${VERSIONS}) v) as versions,
        (select jsonb_agg(jsonb_build_object('id', d.id,
            'name', coalesce(d.name, nullif(l.identity, ''), d.address), 'site', s.path,
            'status', l.status, 'healthScore', l.health_score, 'healthReasons', l.health_reasons)
            order by l.health_score, d.id)
          from ranked join devices d using (id)
          join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
          left join sites s on s.tenant_id = d.tenant_id and s.id = d.site_id
          where d.tenant_id = ${tenantId}) as worst,
        (select jsonb_agg(jsonb_build_object('id', t.id, 'path', t.path, 'devices', t.devices,
            'offline', t.offline, 'averageHealth', t.health))
          from (select s.id, s.path, count(*)::int as devices,
              (count(*) filter (where p.status = 'offline'))::int as offline,
              avg(p.health_score)::float8 as health
            from polled p join sites s on s.tenant_id = ${tenantId} and s.id = p.site_id
            group by s.id, s.path
            having count(*) filter (where p.status = 'offline') > 0 or avg(p.health_score) < 90
            order by 4 desc, 5, s.path limit ${SITES}) t) as sites
      from counted c`;
    const { counts, versions, worst, sites } = row!;
    const { good, fair, poor, offline, ...rest } = counts;
    const strips = await statusStrips(sql, tenantId, (worst ?? []).map(({ id }) => id), {
      nowMs,
      ...STRIP,
    });
    const among = q.trim() === "" ? undefined : sql`
      select d.id from ${deviceSources(sql)} where d.tenant_id = ${tenantId} and ${condition}`;
    const radios = await radioTrouble(sql, tenantId, nowMs, among as never);
    const { total, online, unknown, pending, disabled, rxBps, txBps } = rest;
    return {
      at: new Date(nowMs).toISOString(),
      ...{ total, online, offline, unknown, pending, disabled, rxBps, txBps },
      wirelessClients: rest.wirelessClients,
      averageHealth: rest.averageHealth,
      health: { good, fair, poor },
      causes: (Object.keys(CAUSES) as Cause[])
        .map((cause) => ({ cause, devices: counts[cause] }))
        .filter(({ devices }) => devices > 0),
      versions: versions ?? [],
      worst: (worst ?? []).map((one) => ({ ...one, day: strips.get(one.id)!.map(shareOf) })),
      sites: sites ?? [],
      radios,
      problems,
    };
  });
}
