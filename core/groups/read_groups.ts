import type { Group } from "@/core/contract/groups.ts";
import { parseDeviceQuery } from "@/core/contract/device_query.ts";
import { deviceSources } from "@/core/devices/device_row.ts";
import { NotFound } from "@/core/errors.ts";
import { compileGroup, unknownTags } from "@/core/fleet_query/compile_query.ts";
import { type NamedGroup, readNamedGroups } from "@/core/fleet_query/named_groups.ts";
import type { Sql } from "@/core/ports/db.ts";

/** Groups counted in one pass over the fleet. */
const AT_ONCE = 40;

interface GroupRow extends NamedGroup {
  description: string | null;
}

/** All groups, or one; what their rules fit is asked of the database now. */
export async function readGroups(sql: Sql, id?: string): Promise<Group[]> {
  const rows = await sql<GroupRow[]>`
    select id, name, description, rule from device_groups
    ${id === undefined ? sql`` : sql`where id = ${id}`} order by lower(name), id`;
  const groups: Group[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    groups.push(...await count(sql, rows.slice(at, at + AT_ONCE)));
  }
  return groups;
}

/** @throws {NotFound} */
export async function findGroup(sql: Sql, id: string): Promise<Group> {
  const [group] = await readGroups(sql, id);
  if (!group) throw new NotFound("Cannot find this group");
  return group;
}

/**
 * Ids of the routers in service that are in a group as it is now: for whatever acts on groups. A rule
 * is asked anew at every call.
 *
 * @throws {NotFound} if the tenant has no such group
 */
export async function deviceIdsOfGroup(sql: Sql, groupId: string): Promise<string[]> {
  const groups = await readNamedGroups(sql);
  const group = [...groups.values()].find(({ id }) => id === groupId);
  if (!group) throw new NotFound("Cannot find this group");
  const rows = await sql<{ id: string }[]>`
    select d.id from ${deviceSources(sql)}
    where d.retired_at is null and ${compileGroup(sql, groups, group).condition} order by d.id`;
  return rows.map(({ id }) => id);
}

type Counts = Pick<Group, "devices" | "online" | "offline">;

async function count(sql: Sql, rows: readonly GroupRow[]): Promise<Group[]> {
  const all = await readNamedGroups(sql);
  const compiled = rows.map((group) => compileGroup(sql, all, group));
  // Each rule is asked once a router, and what fits is counted three ways.
  const fits = compiled.map(({ condition }, at) => sql`(${condition}) as ${sql(`g${at}`)}`)
    .reduce((list, one) => sql`${list}, ${one}`);
  const counters = compiled.map((_, at) =>
    sql`json_build_object(
      'devices', count(*) filter (where ${sql(`g${at}`)}),
      'online', count(*) filter (where ${sql(`g${at}`)} and status = 'online'),
      'offline', count(*) filter (where ${sql(`g${at}`)} and status = 'offline'))`
  ).reduce((list, one) => sql`${list}, ${one}`);
  const [counted] = await sql<{ groups: Counts[] }[]>`
    select json_build_array(${counters}) as groups from (
      select ${fits}, case when d.is_enabled then l.status end as status
      from ${deviceSources(sql)} where d.retired_at is null offset 0) fitting`;
  return await Promise.all(rows.map(async (group, at) => {
    const { filters } = parseDeviceQuery(group.rule ?? "");
    const problems = [...compiled[at]!.problems, ...await unknownTags(sql, filters)];
    return { ...group, ...counted!.groups[at]!, problems };
  }));
}
