import type { FleetSummary } from "@/core/contract/device.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { deviceColumns, type DeviceRow, deviceSources, toDevice } from "./device_row.ts";

const WORST = 8;

/** The key figures of the fleet and its worst devices; what the dashboard shows first. */
export async function fleetSummary(scope: Scope): Promise<FleetSummary> {
  demand(scope, "fleet:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const from = sql`from ${deviceSources(sql)}
      where d.tenant_id = ${scope.tenantId} and d.retired_at is null`;
    const [counts] = await sql<Omit<FleetSummary, "versions" | "worst">[]>`
      select count(*)::int as total,
        (count(*) filter (where d.is_enabled and l.status = 'online'))::int as online,
        (count(*) filter (where d.is_enabled and l.status = 'offline'))::int as offline,
        (count(*) filter (where d.is_enabled and l.status = 'unknown'))::int as unknown,
        (count(*) filter (where d.is_enabled and coalesce(l.status, 'pending') = 'pending'))::int
          as pending,
        (count(*) filter (where not d.is_enabled))::int as disabled,
        coalesce(sum(l.rx_bps) filter (where l.status = 'online'), 0)::float8 as "rxBps",
        coalesce(sum(l.tx_bps) filter (where l.status = 'online'), 0)::float8 as "txBps",
        coalesce(sum(l.wireless_clients) filter (where l.status = 'online'), 0)::int
          as "wirelessClients",
        (avg(l.health_score) filter (where d.is_enabled))::float8 as "averageHealth"
      ${from}`;
    const versions = await sql<{ version: string; devices: number }[]>`
      select l.version, count(*)::int as devices ${from} and l.version is not null
      group by l.version order by version_key(l.version) desc`;
    const worst = await sql<DeviceRow[]>`
      select ${deviceColumns(sql)} ${from} and d.is_enabled and l.health_score < 90
      order by l.health_score, d.id limit ${WORST}`;
    return { ...counts!, versions, worst: worst.map(toDevice) };
  });
}
