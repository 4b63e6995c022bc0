import { recordAudit } from "@/core/audit/record.ts";
import type { SeenRouter, SeenRouterPage } from "@/core/contract/discovery.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";

export interface SeenOptions {
  /** In identity, board, version, an address or a MAC. */
  q?: string | undefined;
  /** Those that were ignored, instead of the others. */
  ignored?: boolean | undefined;
  cursor?: string | undefined;
  limit: number;
}

const SORT = "identity asc";

type Row = Omit<SeenRouter, "firstSeenAt" | "lastSeenAt" | "ignoredAt" | "seenBy"> & {
  firstSeenAt: Date;
  lastSeenAt: Date;
  ignoredAt: Date | null;
  seenBy: SeenRouter["seenBy"] | null;
  place: string;
};

/** One page of the routers that the fleet sees and nobody manages, by identity. */
export async function listSeenRouters(
  scope: Scope,
  { q = "", ignored = false, cursor, limit }: SeenOptions,
): Promise<SeenRouterPage> {
  demand(scope, "discovery:run");
  const place = cursor === undefined ? undefined : decodeCursor(cursor, SORT);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const which = sql`
      from seen_routers r
      where r.tenant_id = ${scope.tenantId} and ${visible(sql)} ${searches(sql, q)}
        and r.ignored_at is ${ignored ? sql`not null` : sql`null`}`;
    const rows = await sql<Row[]>`
      select ${columns(sql)} ${which}
        ${
      place
        ? sql`and (lower(r.identity), r.id) > (${place.value ?? ""}::text, ${place.id}::text)`
        : sql``
    }
      order by lower(r.identity), r.id limit ${limit + 1}`;
    const [count] = await sql<{ total: number }[]>`select count(*)::int as total ${which}`;
    const [hidden] = await sql<{ n: number }[]>`
      select count(*)::int as n from seen_routers r
      where r.tenant_id = ${scope.tenantId} and r.ignored_at is not null and ${visible(sql)}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(toSeenRouter),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: SORT, value: last.place, id: last.id })
        : null,
      total: count!.total,
      ignored: hidden!.n,
    };
  });
}

/**
 * Takes a router off the list, or puts it back. Remembered for as long as it is seen, and 400 days more.
 *
 * @throws {NotFound} also for what another tenant sees
 */
export async function ignoreSeenRouter(
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  id: string,
  isIgnored: boolean,
): Promise<SeenRouter> {
  demand(scope, "discovery:run");
  const at = new Date(clock.now());
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const changes = isIgnored
      ? { ignored_at: at, ignored_by: scope.actor }
      : { ignored_at: null, ignored_by: null };
    await sql`update seen_routers set ${sql(changes)} where id = ${id}`;
    const [row] = await sql<Row[]>`
      select ${columns(sql)} from seen_routers r
      where r.tenant_id = ${scope.tenantId} and r.id = ${id}`;
    if (!row) throw new NotFound("Cannot find this neighbour: it may be managed by now");
    const router = toSeenRouter(row);
    await recordAudit(sql, kms, scope.tenantId, {
      ...{ at, actor: scope.actor, outcome: "ok" },
      action: isIgnored ? "seen_router.ignored" : "seen_router.shown",
      target: { kind: "seen_router", id, label: labelOf(router) },
      requestId: scope.requestId,
      ip: scope.ip,
    });
    return router;
  });
}

function labelOf({ identity, addresses, macs }: SeenRouter): string {
  return identity || addresses[0] || macs[0] || "a router without a name";
}

function columns(sql: Sql) {
  return sql`
    r.id, r.identity, r.board, r.platform, r.version, r.macs, r.addresses, r.seers,
    r.first_seen_at as "firstSeenAt", r.last_seen_at as "lastSeenAt",
    r.ignored_at as "ignoredAt", r.ignored_by as "ignoredBy", lower(r.identity) as place,
    (select jsonb_agg(jsonb_build_object('deviceId', d.id, 'deviceName', ${nameOf(sql)},
        'interface', s.by->>'interface') order by s.n)
      from jsonb_array_elements(r.seen_by) with ordinality as s (by, n)
      join devices d on d.tenant_id = r.tenant_id and d.id = (s.by->>'deviceId')::uuid
      left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id) as "seenBy",
    coalesce((select d.region from devices d
      where d.tenant_id = r.tenant_id and d.id = (r.seen_by->0->>'deviceId')::uuid), 'default')
      as region,
    (select jsonb_build_object('deviceId', d.id, 'deviceName', ${nameOf(sql)})
      from devices d left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      where d.tenant_id = r.tenant_id and d.id = r.likely_id) as likely`;
}

function nameOf(sql: Sql) {
  return sql`coalesce(d.name, nullif(l.identity, ''), d.address)`;
}

/** What was adopted since the list was made is not in it any more. */
function visible(sql: Sql) {
  return sql`not exists (select from devices d
    where d.tenant_id = r.tenant_id and d.address = any(r.addresses)
      and d.retired_at is null)`;
}

function searches(sql: Sql, q: string) {
  const words = q.trim().slice(0, 200).split(/\s+/).filter(Boolean).slice(0, 10);
  return words.map((word) => {
    const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
    return sql`and (r.identity ilike ${pattern} or r.board ilike ${pattern}
      or r.version ilike ${pattern} or array_to_string(r.addresses || r.macs, ' ') ilike ${pattern})`;
  }).reduce((all, one) => sql`${all} ${one}`, sql``);
}

function toSeenRouter({ place: _, ...row }: Row): SeenRouter {
  return {
    ...row,
    seenBy: row.seenBy ?? [],
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    ignoredAt: row.ignoredAt?.toISOString() ?? null,
  };
}
