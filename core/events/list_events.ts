import type { FleetEvent } from "@/core/contract/events.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { ofKinds } from "./event_kinds.ts";

export interface EventQuery {
  deviceId?: string | undefined;
  /** Of routers that stand on the site with this path or name, or below it. */
  site?: string | undefined;
  /** Kinds, or whole groups. */
  kinds?: readonly string[] | undefined;
  severities?: readonly FleetEvent["severity"][] | undefined;
  /** Found in message or device name, case-insensitive. */
  q?: string | undefined;
  /** ISO 8601; `from` inclusive, `to` exclusive. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
  /** 1 to 500. */
  limit?: number | undefined;
}

interface EventRow extends Omit<FleetEvent, "at" | "lastAt"> {
  at: Date;
  lastAt: Date | null;
  exactAt: string;
}

export interface EventPage {
  events: FleetEvent[];
  nextCursor: string | null;
  /** The page ended because so much was looked through: it may be short, or empty, and goes on. */
  isPartial: boolean;
}

const SORT = "-at";
/** Rows that one request looks through when it filters: about 0.1 s. */
const SEARCHED = 50_000;

/**
 * Events, newest first. A filter that finds little may answer a short page with a `nextCursor`: the
 * search goes on there.
 *
 * @throws {InvalidInput} on a cursor that is none of ours
 */
export async function listEvents(
  scope: Scope,
  query: EventQuery = {},
  { searched = SEARCHED }: { searched?: number } = {},
): Promise<EventPage> {
  demand(scope, "events:read");
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 500);
  const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    // What narrows by an index stands inside; the rest is looked for in the rows that this reads.
    const rows = await sql<EventRow[]>`
      select id::text, at, kind, severity, device_id as "deviceId", device_name as "deviceName",
        message, count, last_at as "lastAt", ${exact(sql)} as "exactAt"
      from (select * from events
        where tenant_id = ${scope.tenantId} ${narrowed(sql, query, after)}
        order by at desc, id desc limit ${searched}) as e
      where true ${filtered(sql, query)}
      order by at desc, id desc limit ${limit + 1}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const isFull = rows.length > limit && last;
    const next = isFull
      ? { at: last.exactAt, id: last.id }
      : await lastLookedAt(sql, scope, query, after, searched);
    return {
      events: page.map(({ exactAt: _, at, lastAt, ...event }) => ({
        ...event,
        at: at.toISOString(),
        lastAt: lastAt?.toISOString() ?? null,
      })),
      nextCursor: next ? encodeCursor({ sort: SORT, value: next.at, id: next.id }) : null,
      isPartial: !isFull && next !== undefined,
    };
  });
}

interface Place {
  /** To the microsecond. */
  at: string;
  id: string;
}

/** The row at which the search stopped; `undefined` when it came to the beginning of time. */
async function lastLookedAt(
  sql: Sql,
  { tenantId }: Scope,
  query: EventQuery,
  after: Place | undefined,
  searched: number,
): Promise<Place | undefined> {
  const [end, beyond] = await sql<Place[]>`
    select ${exact(sql)} as at, id::text from events
    where tenant_id = ${tenantId} ${narrowed(sql, query, after)}
    order by events.at desc, events.id desc offset ${searched - 1} limit 2`;
  return beyond && end;
}

function exact(sql: Sql) {
  return sql`to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

function narrowed(sql: Sql, { deviceId, from, to }: EventQuery, after: Place | undefined) {
  return sql`
    ${deviceId === undefined ? sql`` : sql`and device_id = ${deviceId}`}
    ${from === undefined ? sql`` : sql`and at >= ${from}::text::timestamptz`}
    ${to === undefined ? sql`` : sql`and at < ${to}::text::timestamptz`}
    ${
    after ? sql`and (at, id) < (${after.at}::text::timestamptz, ${after.id}::text::bigint)` : sql``
  }`;
}

function filtered(sql: Sql, { site, kinds, severities, q }: EventQuery) {
  return sql`
    ${kinds ? sql`and ${ofKinds(sql, kinds)}` : sql``}
    ${severities ? sql`and severity = any(${severities as string[]})` : sql``}
    ${
    site === undefined ? sql`` : sql`and device_id in (
        select d.id from sites top
        join sites s on s.tenant_id = top.tenant_id
          and (s.id = top.id or starts_with(s.path, top.path || ' / '))
        join devices d on d.tenant_id = s.tenant_id and d.site_id = s.id
        where lower(top.path) = lower(${site}) or lower(top.name) = lower(${site}))`
  }
    ${
    q ? sql`and position(lower(${q}) in lower(concat_ws(E'\n', device_name, message))) > 0` : sql``
  }`;
}

/** The last event of the page before. */
function placeOf(cursor: string): Place {
  const { value, id } = decodeCursor(cursor, SORT);
  const isPlace = value !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)) && /^\d{1,18}$/.test(id);
  if (!isPlace) throw new InvalidInput("Cannot continue this list from this cursor");
  return { at: value, id };
}
