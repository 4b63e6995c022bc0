import { recordAudit } from "@/core/audit/record.ts";
import { MAX_TAGS, TAG_COLORS } from "@/core/contract/tags.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope } from "@/core/scope.ts";

/**
 * The ids of tags by name, case ignored, keyed by the name in lower case. Who may make tags need not do
 * so before: what is missing is made.
 *
 * @throws {InvalidInput} for a tag that there is not, to those who may not make it
 */
export async function findTags(
  sql: Sql,
  scope: Scope,
  deps: { kms: Kms },
  names: Iterable<string>,
): Promise<Map<string, string>> {
  const wanted = new Map([...names].map((name) => [name.toLowerCase(), name]));
  if (wanted.size === 0) return new Map();
  const rows = await sql<{ id: string; key: string }[]>`
    select id, lower(name) as key from tags where lower(name) = any(${[...wanted.keys()]}::text[])`;
  const found = new Map(rows.map(({ id, key }) => [key, id]));
  const missing = [...wanted].filter(([key]) => !found.has(key)).map(([, name]) => name);
  if (missing.length === 0) return found;
  if (!scope.permissions.has("groups:write")) {
    throw new InvalidInput("Cannot find this tag", [
      { path: "tags", message: `there is no ${missing.join(", ")}: choose one that there is` },
    ]);
  }
  for (const [key, id] of await insertTags(sql, scope, missing)) found.set(key, id);
  await recordAudit(sql, deps.kms, scope.tenantId, {
    ...{ actor: scope.actor, action: "tag.added", outcome: "ok", details: { names: missing } },
    ...{ requestId: scope.requestId, ip: scope.ip },
  });
  return found;
}

/** Puts tags on a device in place of those it has. */
export async function setDeviceTags(
  sql: Sql,
  { tenantId }: Scope,
  deviceId: string,
  tagIds: readonly string[],
): Promise<void> {
  await sql`delete from device_tags
    where device_id = ${deviceId} and not tag_id = any(${tagIds as string[]}::uuid[])`;
  await sql`
    insert into device_tags (tenant_id, device_id, tag_id)
    select ${tenantId}, ${deviceId}, unnest(${tagIds as string[]}::uuid[])
    on conflict do nothing`;
}

/** @throws {Conflict} above the limit of one tenant */
export async function demandRoomForTags(sql: Sql, more: number): Promise<void> {
  const [row] = await sql<{ tags: number }[]>`select count(*)::int as tags from tags`;
  if (row!.tags + more > MAX_TAGS) {
    throw new Conflict(`Cannot add a tag: ${MAX_TAGS} is the limit, remove one first`);
  }
}

/** New ones differ in colour, so that they can be told apart before anybody chose one. */
async function insertTags(sql: Sql, { tenantId }: Scope, names: readonly string[]) {
  await demandRoomForTags(sql, names.length);
  const [count] = await sql<{ tags: number }[]>`select count(*)::int as tags from tags`;
  const rows = names.map((name, index) => ({
    tenant_id: tenantId,
    name,
    color: TAG_COLORS[1 + (count!.tags + index) % (TAG_COLORS.length - 1)]!,
  }));
  // Somebody may make the same one at this moment: then that one is meant.
  await sql`insert into tags ${sql(rows)} on conflict (tenant_id, lower(name)) do nothing`;
  const made = await sql<{ id: string; key: string }[]>`
    select id, lower(name) as key from tags
    where lower(name) = any(${names.map((name) => name.toLowerCase())}::text[])`;
  return made.map(({ key, id }) => [key, id] as const);
}
