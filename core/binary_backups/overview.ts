import type { BinaryOverview } from "@/core/contract/binary_backups.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { demand, type Scope } from "@/core/scope.ts";

const MOST_FAILING = 100;

/** How full backups of the fleet go. */
export async function overviewOfBinaries(
  scope: Scope,
  { clock }: { clock: Clock },
): Promise<BinaryOverview> {
  demand(scope, "configs:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [kept] = await sql<Pick<BinaryOverview, "backups" | "routers" | "bytes">[]>`
      select count(*)::int as backups, count(distinct device_id)::int as routers,
        coalesce(sum(bytes), 0)::float8 as bytes from binary_backups`;
    const [due] = await sql<{ waiting: number }[]>`
      select count(*)::int as waiting from binary_backup_jobs
      where due_at <= ${new Date(clock.now())}`;
    const failing = await sql<
      { deviceId: string; deviceName: string; triedAt: Date | null; detail: string }[]
    >`
      select d.id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName",
        b.tried_at as "triedAt", coalesce(b.detail, '') as detail
      from binary_backup_jobs b
      join devices d on d.tenant_id = b.tenant_id and d.id = b.device_id
      left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      where b.failures > 0 and d.retired_at is null
      order by lower(coalesce(d.name, nullif(l.identity, ''), d.address)), d.id
      limit ${MOST_FAILING}`;
    return {
      ...kept!,
      ...due!,
      failing: failing.map(({ triedAt, ...one }) => ({
        ...one,
        triedAt: triedAt?.toISOString() ?? null,
      })),
    };
  });
}
