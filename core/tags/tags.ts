import { recordAudit } from "@/core/audit/record.ts";
import { NewTag, type Tag, TagPatch } from "@/core/contract/tags.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import { demandUnnamed, renameInQueries } from "@/core/fleet_query/stored_queries.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { demandRoomForTags } from "./find_tags.ts";

export interface TagDeps {
  kms: Kms;
  clock: Clock;
}

/** All tags of the tenant, by name. */
export async function listTags(scope: Scope): Promise<Tag[]> {
  demand(scope, "groups:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readTags(sql));
}

/** @throws {Conflict} for a name that there is */
export async function addTag(scope: Scope, deps: TagDeps, input: NewTag): Promise<Tag> {
  demand(scope, "groups:write");
  const parsed = NewTag.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await demandRoomForTags(sql, 1);
    const row = { tenant_id: scope.tenantId, ...parsed.data };
    const [made] = await inTagWords(() =>
      sql<{ id: string }[]>`insert into tags ${sql(row)} returning id`
    );
    const tag = await findTag(sql, made!.id);
    await tellTag(sql, scope, deps, tag, "tag.added");
    return tag;
  });
}

/** Renames or recolours; every router that has the tag keeps it. */
export async function updateTag(
  scope: Scope,
  deps: TagDeps,
  id: string,
  patch: TagPatch,
): Promise<Tag> {
  demand(scope, "groups:write");
  const parsed = TagPatch.safeParse(patch);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await findTag(sql, id);
    const changes = { ...parsed.data, updated_at: new Date(deps.clock.now()) };
    await inTagWords(() => sql`update tags set ${sql(changes as never)} where id = ${id}`);
    const after = await findTag(sql, id);
    await renameInQueries(sql, "tag", before.name, after.name);
    const from = { name: before.name, color: before.color };
    await tellTag(sql, scope, deps, after, "tag.changed", { from });
    return after;
  });
}

/** Takes it off every router, too. @throws {Conflict} while the rule of a group names it */
export async function removeTag(scope: Scope, deps: TagDeps, id: string): Promise<void> {
  demand(scope, "groups:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const tag = await findTag(sql, id);
    await demandUnnamed(sql, "tag", tag.name);
    await sql`delete from tags where id = ${id}`;
    await tellTag(sql, scope, deps, tag, "tag.removed", { devices: tag.devices });
  });
}

async function readTags(sql: Sql, id?: string): Promise<Tag[]> {
  return await sql<Tag[]>`
    select t.id, t.name, t.color, count(d.id)::int as devices
    from tags t
    left join device_tags dt on dt.tenant_id = t.tenant_id and dt.tag_id = t.id
    left join devices d on d.tenant_id = dt.tenant_id and d.id = dt.device_id
      and d.retired_at is null
    ${id === undefined ? sql`` : sql`where t.id = ${id}`}
    group by t.id
    order by lower(t.name), t.id`;
}

async function findTag(sql: Sql, id: string): Promise<Tag> {
  const [tag] = await readTags(sql, id);
  if (!tag) throw new NotFound("Cannot find this tag");
  return tag;
}

async function inTagWords<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { constraint_name: constraint } = error as { constraint_name?: string };
    if (constraint === "tags_by_name") {
      throw new Conflict("Cannot save this tag: there is one of this name already");
    }
    throw error;
  }
}

async function tellTag(
  sql: Sql,
  scope: Scope,
  { kms }: TagDeps,
  { id, name }: Tag,
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "tag", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

function invalid(issues: { path: PropertyKey[]; message: string }[]): InvalidInput {
  return new InvalidInput(
    "Cannot save this tag",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
