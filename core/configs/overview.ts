import type { BackupFilter, BackupOverview, BackupState } from "@/core/contract/configs.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";

export interface OverviewQuery {
  filter: BackupFilter;
  /** Part of a router's name or address. */
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

const SORT = "name";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A backup older than this is none to rely on. */
const CURRENT = "interval '36 hours'";

/** How backups go, by router: those that fail, those that never were, and what all of them hold. */
export async function backupOverview(
  scope: Scope,
  { clock }: { clock: Clock },
  query: OverviewQuery,
): Promise<BackupOverview> {
  demand(scope, "configs:read");
  const { filter, q = "", limit } = query;
  const place = query.cursor === undefined ? undefined : decodeCursor(query.cursor, SORT);
  if (place && (!UUID.test(place.id) || place.value === null)) {
    throw new InvalidInput("Cannot continue this list from this cursor");
  }
  const now = new Date(clock.now());
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const pattern = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
    const fits = q === "" ? sql`true` : sql`(name ilike ${pattern} or address ilike ${pattern})`;
    const after = place
      ? sql`and (lower(name), id) > (${place.value}, ${place.id}::text::uuid)`
      : sql``;
    const rows = await sql<Row[]>`
      with backups as (${backups(sql, now)})
      select b.*, v.id as "versionId", v.taken_at as "changedAt",
        (select count(*)::int from config_versions n where n.device_id = b.id) as versions
      from backups b
      left join lateral (
        select id, taken_at from config_versions n where n.device_id = b.id
        order by taken_at desc, n.id limit 1) v on true
      where ${fits} and ${filter === "all" ? sql`true` : sql`b.state = ${filter}`} ${after}
      order by lower(b.name), b.id limit ${limit + 1}`;
    const counted = await sql<{ state: "failing" | "missing" | "current"; n: number }[]>`
      with backups as (${backups(sql, now)})
      select state, count(*)::int as n from backups where ${fits} group by state`;
    const count = (state: string) => counted.find((one) => one.state === state)?.n ?? 0;
    const [kept] = await sql<{ text: number; stored: number }[]>`
      select coalesce(sum(text_bytes), 0)::float8 as text,
        coalesce(sum(octet_length(ciphertext)), 0)::float8 as stored from config_contents`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(toState),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: SORT, value: last.name.toLowerCase(), id: last.id })
        : null,
      counts: {
        all: counted.reduce((sum, { n }) => sum + n, 0),
        failing: count("failing"),
        missing: count("missing"),
        current: count("current"),
      },
      textBytes: kept!.text,
      storedBytes: kept!.stored,
    };
  });
}

interface Row {
  id: string;
  name: string;
  dueAt: Date | null;
  triedAt: Date | null;
  succeededAt: Date | null;
  failures: number;
  reason: BackupState["reason"];
  detail: string | null;
  versionId: string | null;
  changedAt: Date | null;
  versions: number;
}

/** Polled routers with their state: `missing` is no backup, or none that is recent. */
function backups(sql: Sql, now: Date) {
  return sql`
    select d.id, d.address, coalesce(d.name, nullif(l.identity, ''), d.address) as name,
      b.due_at as "dueAt", b.tried_at as "triedAt", b.succeeded_at as "succeededAt",
      coalesce(b.failures, 0) as failures, b.reason, b.detail,
      case when b.failures > 0 then 'failing'
        when b.succeeded_at > ${now}::timestamptz - ${sql.unsafe(CURRENT)} then 'current'
        else 'missing' end as state
    from devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    left join config_backups b on b.tenant_id = d.tenant_id and b.device_id = d.id
    where d.is_enabled and d.retired_at is null`;
}

function toState(row: Row): BackupState {
  const { id, name, dueAt, triedAt, succeededAt, changedAt, ...rest } = row;
  const time = (at: Date | null) => at?.toISOString() ?? null;
  const { failures, reason, detail, versionId, versions } = rest;
  return {
    ...{ deviceId: id, deviceName: name, failures, reason, detail, versionId, versions },
    dueAt: time(dueAt),
    triedAt: time(triedAt),
    succeededAt: time(succeededAt),
    changedAt: time(changedAt),
  };
}
