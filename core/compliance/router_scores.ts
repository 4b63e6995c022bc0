import type { RouterFilter, RouterScore, RouterScores } from "@/core/contract/compliance.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";

export interface ScoresQuery {
  filter: RouterFilter;
  /** Part of a router's name or address. */
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

const SORT = "score";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As the index has it: routers of which nothing is known come after every score. */
const PLACE = "coalesce(k.score, 1000::double precision)";

/** Routers with their scores, the worst first. */
export async function routerScores(scope: Scope, query: ScoresQuery): Promise<RouterScores> {
  demand(scope, "compliance:read");
  const { filter, q = "", limit } = query;
  const place = query.cursor === undefined ? undefined : decodeCursor(query.cursor, SORT);
  if (place && (!UUID.test(place.id) || !/^\d{1,4}(\.\d{1,20})?$/.test(place.value ?? ""))) {
    throw new InvalidInput("Cannot continue this list from this cursor");
  }
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const after = place
      ? sql`and (${sql.unsafe(PLACE)}, k.device_id) >
          (${place.value}::text::float8, ${place.id}::text::uuid)`
      : sql``;
    // Each router in service has its row within a minute.
    const checked = sql`config_checks k join devices d
      on d.tenant_id = k.tenant_id and d.id = k.device_id ${names(sql)}`;
    const rows = await sql<(ScoreRow & { place: string })[]>`
      select ${scoreColumns(sql)}, (${sql.unsafe(PLACE)})::text as place
      from ${checked}
      where d.retired_at is null and ${searched(sql, q)} and ${fits(sql, filter)} ${after}
      order by ${sql.unsafe(PLACE)}, k.device_id limit ${limit + 1}`;
    const [counts] = await sql<RouterScores["counts"][]>`
      select count(*)::int as all, count(*) filter (where ${fits(sql, "failing")})::int as failing,
        count(*) filter (where ${fits(sql, "drifted")})::int as drifted,
        count(*) filter (where ${fits(sql, "unrated")})::int as unrated
      from ${checked} where d.retired_at is null and ${searched(sql, q)}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(({ place: _, ...row }) => toScore(row)),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: SORT, value: last.place, id: last.deviceId })
        : null,
      counts: counts!,
    };
  });
}

export type ScoreRow = Omit<RouterScore, "checkedAt"> & { checkedAt: Date | null };

export function scoreColumns(sql: Sql) {
  return sql`d.id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName",
    s.path as site, k.score, coalesce(k.failed, 0) as failed,
    coalesce(k.failed_hard, 0) as "failedHard", coalesce(k.unknown, 0) as unknown,
    coalesce(k.excepted, 0) as excepted, coalesce(k.drifted, 0) as drifted,
    k.checked_at as "checkedAt", k.version_id is not null as "hasBackup"`;
}

export function scoreSources(sql: Sql) {
  return sql`devices d
    left join config_checks k on k.tenant_id = d.tenant_id and k.device_id = d.id ${names(sql)}`;
}

function names(sql: Sql) {
  return sql`left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    left join sites s on s.tenant_id = d.tenant_id and s.id = d.site_id`;
}

export function toScore({ checkedAt, ...row }: ScoreRow): RouterScore {
  return { ...row, checkedAt: checkedAt?.toISOString() ?? null };
}

function fits(sql: Sql, filter: RouterFilter) {
  switch (filter) {
    case "all":
      return sql`true`;
    case "failing":
      return sql`k.failed > 0`;
    case "drifted":
      return sql`k.drifted > 0`;
    case "unrated":
      return sql`k.score is null`;
  }
}

function searched(sql: Sql, q: string) {
  if (q === "") return sql`true`;
  const pattern = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
  return sql`(d.name ilike ${pattern} or l.identity ilike ${pattern} or d.address ilike ${pattern}
    or s.path ilike ${pattern})`;
}
