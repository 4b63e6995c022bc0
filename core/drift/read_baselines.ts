import { nameOf } from "@/core/actor_name.ts";
import type { Baseline } from "@/core/contract/drift.ts";
import { NotFound } from "@/core/errors.ts";
import { deviceIdsOfGroup } from "@/core/groups/read_groups.ts";
import type { Sql } from "@/core/ports/db.ts";

export type BaselineRow = Omit<Baseline, "takenAt" | "updatedAt"> & {
  takenAt: Date | null;
  updatedAt: Date;
  ciphertext: Uint8Array;
};

/** Baselines with their texts sealed: all, one, those of groups, or the one of a router. */
export async function readBaselines(
  sql: Sql,
  which: { id?: string; deviceIds?: readonly string[]; ofGroups?: boolean } = {},
): Promise<BaselineRow[]> {
  const { id, deviceIds, ofGroups } = which;
  const fits = id !== undefined
    ? sql`b.id = ${id}`
    : deviceIds !== undefined
    ? sql`b.device_id = any(${[...deviceIds]}::uuid[])`
    : ofGroups
    ? sql`b.group_id is not null`
    : sql`true`;
  return await sql<BaselineRow[]>`
    select b.id, b.device_id as "deviceId", b.group_id as "groupId",
      coalesce(g.name, d.name, nullif(l.identity, ''), d.address) as name,
      b.whole_menus as "wholeMenus", b.taken_at as "takenAt", b.revision,
      b.updated_by as "updatedBy", ${
    nameOf(sql, sql`b.tenant_id`, sql`b.updated_by`)
  } as "updatedByName", b.updated_at as "updatedAt", b.ciphertext,
      (select count(distinct i.device_id)::int from drift_items i where i.baseline_id = b.id)
        as drifted
    from config_baselines b
    left join device_groups g on g.tenant_id = b.tenant_id and g.id = b.group_id
    left join devices d on d.tenant_id = b.tenant_id and d.id = b.device_id
    left join device_latest l on l.tenant_id = b.tenant_id and l.device_id = b.device_id
    where ${fits} order by b.group_id is null, lower(g.name), b.id`;
}

/** @throws {NotFound} also for another tenant's */
export async function findBaseline(sql: Sql, id: string): Promise<BaselineRow> {
  const [row] = await readBaselines(sql, { id });
  if (!row) throw new NotFound("Cannot find this baseline");
  return row;
}

export function toBaseline({ ciphertext: _, takenAt, updatedAt, ...row }: BaselineRow): Baseline {
  return { ...row, takenAt: takenAt?.toISOString() ?? null, updatedAt: updatedAt.toISOString() };
}

/** Routers that a baseline is for, as it is now. */
export async function routersOf(
  sql: Sql,
  { deviceId, groupId }: Pick<Baseline, "deviceId" | "groupId">,
): Promise<string[]> {
  return deviceId !== null ? [deviceId] : await deviceIdsOfGroup(sql, groupId!);
}
