import type {
  ChangeSetFilter,
  ChangeSetHead,
  ChangeSetList,
  ChangeSetPatch,
  NewChangeSet,
  NewComment,
} from "@/core/contract/change_sets.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { ChangeSetDeps } from "./deps.ts";
import { demandOpen, headColumns, type HeadRow, lockSet, personOf, toHead } from "./rows.ts";
import { tellSet } from "./tell_set.ts";

type Told = Pick<ChangeSetDeps, "kms" | "clock">;

export interface ChangeSetQuery {
  filter: ChangeSetFilter;
  /** Those with changes for this router. */
  device?: string | undefined;
  /** Those that whoever asks had a hand in. */
  isOwn?: boolean | undefined;
  cursor?: string | undefined;
  limit: number;
}

const SORT = "updated";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The latest first. */
export async function listChangeSets(
  scope: Scope,
  { filter, device, isOwn, cursor, limit }: ChangeSetQuery,
): Promise<ChangeSetList> {
  demand(scope, "configs:read");
  const place = cursor === undefined ? undefined : decodeCursor(cursor, SORT);
  if (place && (!UUID.test(place.id) || Number.isNaN(Date.parse(place.value ?? "")))) {
    throw new InvalidInput("Cannot continue this list from this cursor");
  }
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const own = isOwn ? await personOf(sql, scope.actor) : undefined;
    const about = sql`
      ${own === undefined ? sql`true` : sql`${own} = any(s.writers)`}
      ${
      device === undefined ? sql`` : sql`and (exists (select from change_set_changes c
        where c.tenant_id = s.tenant_id and c.change_set_id = s.id and c.device_id = ${device}))`
    }`;
    const after = place
      ? sql`and (s.updated_at, s.id) < (${place.value}::text::timestamptz, ${place.id}::text::uuid)`
      : sql``;
    const rows = await sql<(HeadRow & { exactly: string })[]>`
      select ${headColumns(sql)}, s.updated_at::text as exactly from change_sets s
      where ${about} and ${fits(sql, filter)} ${after}
      order by s.updated_at desc, s.id desc limit ${limit + 1}`;
    const [counts] = await sql<ChangeSetList["counts"][]>`
      select count(*)::int as "all",
        count(*) filter (where ${fits(sql, "open")})::int as open,
        count(*) filter (where ${fits(sql, "waiting")})::int as waiting,
        count(*) filter (where ${fits(sql, "pushed")})::int as pushed,
        count(*) filter (where ${fits(sql, "discarded")})::int as discarded
      from change_sets s where ${about}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(({ exactly: _, ...row }) => toHead(row)),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: SORT, value: last.exactly, id: last.id })
        : null,
      counts: counts!,
    };
  });
}

function fits(sql: Sql, filter: ChangeSetFilter) {
  switch (filter) {
    case "all":
      return sql`true`;
    case "open":
      return sql`s.status in ('draft', 'reviewed')`;
    case "waiting":
      return sql`(s.status = 'draft' and s.review_asked_at is not null)`;
    default:
      return sql`s.status = ${filter}`;
  }
}

/** An empty draft. */
export async function createChangeSet(
  scope: Scope,
  deps: Told,
  { name }: NewChangeSet,
): Promise<ChangeSetHead> {
  demand(scope, "configs:write");
  const now = new Date(deps.clock.now());
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const person = await personOf(sql, scope.actor);
    const [made] = await sql<{ id: string }[]>`
      insert into change_sets (tenant_id, name, writers, created_by, created_at, updated_at)
      values (${scope.tenantId}, ${name}, array[${person}]::text[], ${scope.actor}, ${now}, ${now})
      returning id`;
    const head = await readHead(sql, made!.id);
    await tellSet(sql, scope, deps, head, "change_set.created");
    return head;
  });
}

/** Its name is no edit: a review stays. */
export async function renameChangeSet(
  scope: Scope,
  deps: Told,
  id: string,
  { name }: ChangeSetPatch,
): Promise<ChangeSetHead> {
  demand(scope, "configs:write");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, id);
    demandOpen(set);
    await sql`
      update change_sets set name = ${name}, updated_at = ${new Date(deps.clock.now())}
      where id = ${id}`;
    await tellSet(sql, scope, deps, { id, name }, "change_set.renamed", { from: set.name });
    return await readHead(sql, id);
  });
}

/** It stays to be read, and is never pushed. */
export async function discardChangeSet(scope: Scope, deps: Told, id: string): Promise<void> {
  demand(scope, "configs:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, id);
    demandOpen(set);
    await sql`
      update change_sets set status = 'discarded', updated_at = ${new Date(deps.clock.now())}
      where id = ${id}`;
    await tellSet(sql, scope, deps, set, "change_set.discarded");
  });
}

/** Says something about it; who comments is no writer of it. */
export async function commentChangeSet(
  scope: Scope,
  deps: Told,
  id: string,
  { text }: NewComment,
): Promise<void> {
  demand(scope, "configs:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, id);
    await insertComment(sql, scope, deps, id, text);
    await tellSet(sql, scope, deps, set, "change_set.commented");
  });
}

/** More is no discussion. */
const MOST_COMMENTS = 500;

export async function insertComment(
  sql: Sql,
  scope: Scope,
  { clock }: Pick<ChangeSetDeps, "clock">,
  id: string,
  text: string,
): Promise<void> {
  const [count] = await sql<{ n: number }[]>`
    select count(*)::int as n from change_set_comments where change_set_id = ${id}`;
  if (count!.n >= MOST_COMMENTS) {
    throw new InvalidInput(`Cannot comment: ${MOST_COMMENTS} comments are the limit`);
  }
  const row = {
    ...{ tenant_id: scope.tenantId, change_set_id: id, at: new Date(clock.now()) },
    ...{ actor: scope.actor, text: text.replaceAll("\0", "") },
  };
  await sql`insert into change_set_comments ${sql(row as never)}`;
}

async function readHead(sql: Sql, id: string): Promise<ChangeSetHead> {
  const [row] = await sql<HeadRow[]>`
    select ${headColumns(sql)} from change_sets s where s.id = ${id}`;
  return toHead(row!);
}
