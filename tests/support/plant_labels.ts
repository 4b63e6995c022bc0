import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** Tags that stand on a part of the fleet each, and groups: one chosen, one by rule. */
export async function plantLabels(sql: Sql, tenantId: TenantId): Promise<void> {
  await sql`
    insert into tags (tenant_id, name)
    select ${tenantId}::uuid, 'tag-' || n from generate_series(0, 19) n`;
  await sql`
    insert into device_tags (tenant_id, device_id, tag_id)
    select d.tenant_id, d.id, t.id
    from (select tenant_id, id, substr(name, 8)::int as num from devices
      where tenant_id = ${tenantId}) d
    join tags t on t.tenant_id = d.tenant_id
      and substr(t.name, 5)::int in (d.num % 20, d.num / 7 % 20)`;
  await sql`
    insert into device_groups (tenant_id, name, rule)
    values (${tenantId}, 'Chosen', null), (${tenantId}, 'Old firmware', 'version:<7.15 -tag:tag-3')`;
  await sql`
    insert into device_group_members (tenant_id, group_id, device_id)
    select g.tenant_id, g.id, d.id from device_groups g
    join devices d on d.tenant_id = g.tenant_id and substr(d.name, 8)::int % 12 = 0
    where g.tenant_id = ${tenantId} and g.name = 'Chosen'`;
}
