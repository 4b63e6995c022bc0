import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** A router whose configuration is to be looked at, held by who took it. */
export interface DueCheck {
  readonly tenantId: TenantId;
  readonly deviceId: string;
  /** What is written with an older one is refused. */
  readonly epoch: string;
  readonly wanted: string;
}

/** Has routers looked at soon; without ids, every one of the tenant. */
export async function wantChecks(sql: Sql, ids?: readonly string[]): Promise<void> {
  const which = ids === undefined ? sql`` : sql`where device_id = any(${[...ids]}::uuid[])`;
  // In the order of whoever holds several: else two could wait for each other.
  await sql`
    with mine as materialized (
      select tenant_id, device_id from config_checks ${which} order by device_id for update)
    update config_checks k set due_at = least(k.due_at, now()), wanted = k.wanted + 1
    from mine where k.tenant_id = mine.tenant_id and k.device_id = mine.device_id`;
}

/** Each router in service has its row; of others there is none. Answers how many went. */
export async function planChecks(db: Db, tenantId: TenantId): Promise<number> {
  return await db.tenant(tenantId, async (sql) => {
    await sql`
      insert into config_checks (tenant_id, device_id)
      select d.tenant_id, d.id from devices d
      left join config_checks c on c.tenant_id = d.tenant_id and c.device_id = d.id
      where d.retired_at is null and c.device_id is null
      on conflict do nothing`;
    const gone = await sql`
      delete from config_checks c using devices d
      where d.tenant_id = c.tenant_id and d.id = c.device_id and d.retired_at is not null
      returning c.device_id`;
    return gone.length;
  });
}

/** Takes routers that are due, of all tenants: nobody else gets them while the lease lasts. */
export async function takeDueChecks(
  db: Db,
  most: number,
  leaseSeconds: number,
): Promise<DueCheck[]> {
  return await db.system((sql) =>
    sql<DueCheck[]>`
      select tenant_id as "tenantId", device_id as "deviceId", epoch::text, wanted::text
      from system_due_config_checks(${most}::int, ${leaseSeconds}::int)`
  );
}

/** Those of `checks` that still are the caller's, locked until its transaction ends. */
export async function heldChecks(sql: Sql, checks: readonly DueCheck[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    select c.device_id as id from config_checks c
    join unnest(${checks.map(({ deviceId }) => deviceId)}::uuid[],
      ${checks.map(({ epoch }) => epoch)}::text[]::bigint[]) as mine (id, epoch)
      on mine.id = c.device_id and mine.epoch = c.epoch
    order by c.device_id for update of c`;
  return new Set(rows.map(({ id }) => id));
}
