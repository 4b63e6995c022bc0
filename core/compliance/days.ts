import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

const DAY_MS = 86_400_000;
/** Two years and what pages compare with. */
const KEEP_DAYS = 800;

/** Notes today's score of the fleet and of each site, as it is now: the last of a day stays. */
export async function noteDay(db: Db, tenantId: TenantId, nowMs: number): Promise<void> {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  await db.tenant(tenantId, (sql) =>
    sql`
      insert into compliance_days as h (tenant_id, day, site_id, passed_weight, asked_weight, devices,
        failing, drifted)
      select ${tenantId}, ${day}::text::date, d.site_id, sum(k.passed_weight), sum(k.asked_weight),
        count(*), count(*) filter (where k.failed > 0), count(*) filter (where k.drifted > 0)
      from config_checks k join devices d on d.tenant_id = k.tenant_id and d.id = k.device_id
      where k.checked_at is not null and d.retired_at is null
      group by grouping sets ((), (d.site_id))
      -- Routers without a site are in the sum alone.
      having grouping(d.site_id) = 1 and count(*) > 0 or grouping(d.site_id) = 0 and d.site_id is not null
      on conflict (tenant_id, day, site_id) do update set passed_weight = excluded.passed_weight,
        asked_weight = excluded.asked_weight, devices = excluded.devices,
        failing = excluded.failing, drifted = excluded.drifted
        where (h.passed_weight, h.asked_weight, h.devices, h.failing, h.drifted) is distinct from
          (excluded.passed_weight, excluded.asked_weight, excluded.devices, excluded.failing,
            excluded.drifted)`);
}

export async function pruneDays(db: Db, tenantId: TenantId, nowMs: number): Promise<void> {
  const before = new Date(nowMs - KEEP_DAYS * DAY_MS).toISOString().slice(0, 10);
  await db.tenant(
    tenantId,
    (sql) => sql`delete from compliance_days where day < ${before}::text::date`,
  );
}
