import { fleetAvailability } from "@/core/availability/fleet_availability.ts";
import { shareOf } from "@/core/contract/availability.ts";
import type { TenantOverview } from "@/core/contract/overview.ts";
import { listTenants } from "@/core/directory/find_tenant.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";

/** Transactions at once: the rest of the pool stays for everybody else. */
const SIDE_BY_SIDE = 3;
const DAY_MS = 86_400_000;

type Figures = Omit<TenantOverview, "id" | "name" | "isActive">;

/**
 * Every tenant's fleet in one line each, worst first. Each is read in a transaction of that tenant, so
 * that row-level security holds as everywhere; no query ever sees two tenants.
 */
export async function tenantsOverview(
  scope: Scope,
  { clock }: { clock: Clock },
): Promise<TenantOverview[]> {
  demand(scope, "tenants:read");
  const nowMs = clock.now();
  const tenants = (await listTenants(scope)).filter(({ isDeletionFinal }) => !isDeletionFinal);
  const found: TenantOverview[] = [];
  const waiting = tenants.values();
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async () => {
    for (const { id, name, isActive, devices } of waiting) {
      const figures = devices === 0
        ? NOTHING
        : await scope.db.tenant(id as TenantId, (sql) => read(sql, id as TenantId, nowMs));
      found.push({ id, name, isActive, ...figures });
    }
  }));
  return found.sort((a, b) =>
    b.offline - a.offline || (a.averageHealth ?? 101) - (b.averageHealth ?? 101) ||
    a.name.localeCompare(b.name)
  );
}

const NOTHING: Figures = {
  ...{ total: 0, online: 0, offline: 0, unknown: 0, rxBps: 0, txBps: 0 },
  ...{ averageHealth: null, share: null, worst: null },
};

async function read(sql: Sql, tenantId: TenantId, nowMs: number): Promise<Figures> {
  const [counts] = await sql<Omit<Figures, "share" | "worst">[]>`
    select count(*)::int as total, (count(*) filter (where l.status = 'online'))::int as online,
      (count(*) filter (where l.status = 'offline'))::int as offline,
      (count(*) filter (where l.status = 'unknown'))::int as unknown,
      coalesce(sum(l.rx_bps) filter (where l.status = 'online'), 0)::float8 as "rxBps",
      coalesce(sum(l.tx_bps) filter (where l.status = 'online'), 0)::float8 as "txBps",
      avg(l.health_score)::float8 as "averageHealth"
    from devices d left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.tenant_id = ${tenantId} and d.is_enabled and d.retired_at is null`;
  const [worst] = await sql<{ name: string; score: number; reason: string | null }[]>`
    select coalesce(d.name, nullif(l.identity, ''), d.address) as name, l.health_score as score,
      l.health_reasons[1] as reason
    from device_latest l join devices d on d.tenant_id = l.tenant_id and d.id = l.device_id
    where l.tenant_id = ${tenantId} and d.is_enabled and d.retired_at is null
      and l.health_score < 90
    order by l.health_score, l.device_id limit 1`;
  const [all] = await fleetAvailability(sql, {
    ...{ tenantId, fromMs: nowMs - DAY_MS, toMs: nowMs, slots: 1 },
    ...{ online: counts!.online, offline: counts!.offline },
  });
  return { ...counts!, share: shareOf(all!), worst: worst ?? null };
}
