import { giveWay } from "@/core/give_way.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import type { ConfigRetention } from "@/core/contract/config_policy.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { openContent } from "./content.ts";
import { countChanges } from "./count_changes.ts";
import { type AgedVersion, planRetention } from "./plan_retention.ts";
import { policyOf } from "./policy.ts";
import { diffExports } from "./semantic_diff.ts";
import type { ConfigDeps } from "./store_version.ts";

export interface Thinned {
  devices: number;
  versions: number;
  contents: number;
}

/** Routers looked at in one transaction. */
const STEP = 50;
/** Newer than this nothing is taken away, whatever the settings: an operation may stand on it. */
const LEAST_DAYS = 7;

interface OldVersion extends AgedVersion {
  deviceId: string;
  contentId: string;
}

/**
 * Takes away the versions of a tenant that its rules do not keep, a few routers at a time, and the
 * contents that no version has any more. What is left is counted anew against what stands before it now.
 */
export async function thinVersions(
  deps: ConfigDeps,
  tenantId: TenantId,
  installation: ConfigRetention,
  signal: AbortSignal,
): Promise<Thinned> {
  const { db, clock } = deps;
  const total: Thinned = { devices: 0, versions: 0, contents: 0 };
  const { retention } = await db.tenant(tenantId, (sql) => policyOf(sql, installation));
  const nowMs = clock.now();
  const rules = { ...retention, allDays: Math.max(retention.allDays, LEAST_DAYS) };
  const before = new Date(nowMs - rules.allDays * 86_400_000);
  let after = "00000000-0000-0000-0000-000000000000";
  while (!signal.aborted) {
    const ids = await db.tenant(tenantId, (sql) => oldDevices(sql, after, before));
    if (ids.length === 0) break;
    after = ids.at(-1)!;
    const versions = await db.tenant(tenantId, (sql) => readOld(sql, ids));
    for (const [deviceId, own] of Map.groupBy(versions, (one) => one.deviceId)) {
      const gone = new Set(planRetention(own, rules, nowMs));
      if (gone.size === 0) continue;
      const contents = await removeVersions(deps, tenantId, deviceId, own, gone);
      total.devices += 1;
      total.versions += gone.size;
      total.contents += contents;
      await giveWay();
    }
  }
  return total;
}

/** Routers with more than one version of which one is past the first tier. */
async function oldDevices(sql: Sql, after: string, before: Date): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select device_id as id from config_versions
    where device_id > ${after}
    group by device_id having count(*) > 1 and min(seen_at) < ${before}
    order by device_id limit ${STEP}`;
  return rows.map(({ id }) => id);
}

async function readOld(sql: Sql, devices: readonly string[]): Promise<OldVersion[]> {
  return await sql<OldVersion[]>`
    select v.id, v.device_id as "deviceId", v.content_id as "contentId", v.taken_at as "takenAt",
      v.seen_at as "seenAt", v.failed_menus <> '{}' as "isPartial",
      (v.pinned_at is not null or v.restored_at is not null or exists (
        select from config_operations o where o.device_id = v.device_id and o.ended_at is null
          and o.before_version = v.id)
        -- The newest full backup stands on it.
        or v.id = (select b.version_id from binary_backups b where b.device_id = v.device_id
          order by b.taken_at desc, b.id limit 1)) as "isKept"
    from config_versions v
    where v.device_id = any(${devices as string[]}::uuid[])
    order by v.device_id, v.taken_at, v.id`;
}

/** In one transaction a router, so that no reader finds a count against a version that is gone. */
async function removeVersions(
  deps: ConfigDeps,
  tenantId: TenantId,
  deviceId: string,
  versions: readonly OldVersion[],
  gone: ReadonlySet<string>,
): Promise<number> {
  const counts = await recount(deps, tenantId, versions, gone);
  return await deps.db.tenant(tenantId, async (sql) => {
    // As who stores a version does: contents and versions change together.
    await sql`select from devices where id = ${deviceId} for update`;
    await sql`
      delete from config_versions where device_id = ${deviceId} and pinned_at is null
        and restored_at is null and id = any(${[...gone]}::uuid[])`;
    for (const { id, count } of counts) {
      await sql`
        update config_versions set added = ${count?.added ?? null},
          removed = ${count?.removed ?? null}, changed = ${count?.changed ?? null}
        where id = ${id}`;
    }
    const { count } = await sql`
      delete from config_contents c where c.device_id = ${deviceId} and not exists (
        select from config_versions v where v.tenant_id = c.tenant_id and v.content_id = c.id)`;
    return count;
  });
}

/** What those that stay differ in from the whole version that stands before them now. */
async function recount(
  { db, kms }: ConfigDeps,
  tenantId: TenantId,
  versions: readonly OldVersion[],
  gone: ReadonlySet<string>,
) {
  const counts: { id: string; count: ReturnType<typeof countChanges> | null }[] = [];
  let before: OldVersion | undefined;
  let isOther = false;
  const parsed = async ({ contentId }: OldVersion) => {
    const [row] = await db.tenant(tenantId, (sql) =>
      sql<{ ciphertext: Uint8Array }[]>`
        select ciphertext from config_contents where id = ${contentId}`);
    return parseExport(await openContent(kms, tenantId, contentId, row!.ciphertext)).entries;
  };
  for (const version of versions) {
    if (version.isPartial) continue;
    if (gone.has(version.id)) {
      isOther = true;
      continue;
    }
    if (isOther) {
      const count = before === undefined
        ? null
        : countChanges(diffExports(await parsed(before), await parsed(version)));
      counts.push({ id: version.id, count });
      await giveWay();
    }
    before = version;
    isOther = false;
  }
  return counts;
}
