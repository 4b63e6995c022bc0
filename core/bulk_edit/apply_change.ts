import type { BulkChange } from "@/core/contract/bulk.ts";
import { MAX_TAGS_OF_DEVICE } from "@/core/contract/tags.ts";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import { markRestored, markRetired } from "@/core/devices/retirement.ts";
import { switchOff } from "@/core/devices/switch_off.ts";
import { InvalidInput } from "@/core/errors.ts";
import { addMembers, removeMembers } from "@/core/groups/members.ts";
import { findGroup } from "@/core/groups/read_groups.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { findSites } from "@/core/sites/find_sites.ts";
import { findTags } from "@/core/tags/find_tags.ts";

/** A chosen router as it was before. */
export interface Target {
  id: string;
  name: string;
  region: string;
  isRetired: boolean;
}

export interface Applied {
  changed: ReadonlySet<string>;
  /** Why of those that could not. */
  refused: ReadonlyMap<string, string>;
}

/** Carries one change out on many routers, a statement or two for all of them. */
export async function applyChange(
  sql: Sql,
  scope: Scope,
  deps: DeviceDeps,
  targets: readonly Target[],
  change: BulkChange,
): Promise<Applied> {
  const ids = targets.map(({ id }) => id);
  const at = new Date(deps.clock.now());
  const done = (changed: ReadonlySet<string>) => ({ changed, refused: new Map() });
  const set = async (column: string, value: string | number | boolean | null) =>
    done(await setColumn(sql, ids, column, value, at));
  switch (change.action) {
    case "tags":
      return await changeTags(sql, scope, deps, targets, change);
    case "group": {
      demand(scope, "groups:write");
      const group = await findGroup(sql, change.groupId);
      const act = change.isMember ? addMembers : removeMembers;
      return done(await act(sql, group, ids));
    }
    case "site": {
      const sites = await findSites(sql, scope, deps, change.site === null ? [] : [change.site]);
      return await set("site_id", change.site === null ? null : sites.get(change.site)!);
    }
    case "region":
      return await set("region", change.region);
    case "interval":
      return await set("poll_interval_seconds", change.pollIntervalSeconds);
    case "polling": {
      const applied = await set("is_enabled", change.isEnabled);
      if (!change.isEnabled) await switchOff(sql, scope.tenantId, [...applied.changed], at);
      return applied;
    }
    case "retire":
      return done(await markRetired(sql, ids, at));
    case "restore": {
      const changed = await markRestored(sql, ids, at);
      const hindered = targets.filter(({ id, isRetired }) => isRetired && !changed.has(id));
      const reason = "another router is managed at its address";
      return { changed, refused: new Map(hindered.map(({ id }) => [id, reason])) };
    }
  }
}

async function setColumn(
  sql: Sql,
  ids: readonly string[],
  column: string,
  value: string | number | boolean | null,
  at: Date,
): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    update devices set ${sql({ [column]: value })}, updated_at = ${at}, revision = revision + 1
    where id = any(${ids as string[]}::uuid[]) and ${sql(column)} is distinct from ${value}
    returning id`;
  return new Set(rows.map(({ id }) => id));
}

async function changeTags(
  sql: Sql,
  scope: Scope,
  deps: DeviceDeps,
  targets: readonly Target[],
  { add, remove }: Extract<BulkChange, { action: "tags" }>,
): Promise<Applied> {
  const adding = [...(await findTags(sql, scope, deps, add)).values()];
  const removing = new Set(await knownTagIds(sql, remove));
  const ids = targets.map(({ id }) => id);
  const rows = await sql<{ id: string; tags: string[] }[]>`
    select device_id as id, array_agg(tag_id) as tags from device_tags
    where device_id = any(${ids}::uuid[]) group by device_id`;
  const before = new Map(rows.map(({ id, tags }) => [id, tags]));
  const refused = new Map<string, string>();
  const fresh: [string, string][] = [];
  const gone: [string, string][] = [];
  for (const { id } of targets) {
    const had = before.get(id) ?? [];
    const leaving = had.filter((tag) => removing.has(tag));
    const coming = adding.filter((tag) => !had.includes(tag) && !removing.has(tag));
    if (had.length - leaving.length + coming.length > MAX_TAGS_OF_DEVICE) {
      refused.set(id, `it would have more than ${MAX_TAGS_OF_DEVICE} tags`);
      continue;
    }
    fresh.push(...coming.map((tag): [string, string] => [id, tag]));
    gone.push(...leaving.map((tag): [string, string] => [id, tag]));
  }
  const column = (pairs: [string, string][], at: 0 | 1) => pairs.map((pair) => pair[at]);
  await sql`
    delete from device_tags dt
    using unnest(${column(gone, 0)}::uuid[], ${column(gone, 1)}::uuid[]) as g (device_id, tag_id)
    where dt.device_id = g.device_id and dt.tag_id = g.tag_id`;
  await sql`
    insert into device_tags (tenant_id, device_id, tag_id)
    select ${scope.tenantId}, * from unnest(${column(fresh, 0)}::uuid[], ${
    column(fresh, 1)
  }::uuid[]) on conflict do nothing`;
  const changed = new Set([...fresh, ...gone].map(([id]) => id));
  await sql`
    update devices set revision = revision + 1, updated_at = ${new Date(deps.clock.now())}
    where id = any(${[...changed]}::uuid[])`;
  return { changed, refused };
}

/** @throws {InvalidInput} for one that there is not: a slip would take nothing off, in silence */
async function knownTagIds(sql: Sql, names: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string; key: string }[]>`
    select id, lower(name) as key from tags
    where lower(name) = any(${names.map((name) => name.toLowerCase())}::text[])`;
  const keys = new Set(rows.map(({ key }) => key));
  const unknown = names.filter((name) => !keys.has(name.toLowerCase()));
  if (unknown.length > 0) {
    throw new InvalidInput("Cannot take off these tags", [
      { path: "change.remove", message: `there is no ${unknown.join(", ")}` },
    ]);
  }
  return rows.map(({ id }) => id);
}
