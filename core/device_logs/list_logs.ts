import {
  LOG_SEVERITIES,
  type LogLine,
  type LogSeverity,
  type StoredLogLine,
} from "@/core/contract/device_logs.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { toStored } from "./write_logs.ts";

export interface LogQuery {
  deviceId?: string | undefined;
  /** This bad or worse. */
  severity?: LogSeverity | undefined;
  /** One of the line's topics. */
  topic?: string | undefined;
  /** Found in the message, case-insensitive. */
  q?: string | undefined;
  /** ISO 8601; `from` inclusive, `to` exclusive. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
  /** 1 to 500. */
  limit?: number | undefined;
}

export interface LogPage {
  lines: StoredLogLine[];
  nextCursor: string | null;
  /** The page ended because so much was looked through; `searchedTo` says how far back it came. */
  isPartial: boolean;
  searchedTo: string | null;
}

const SORT = "-at,-device,-n";
/** Rows that one request looks through: about 0.1 s, however many there are. */
const SEARCHED = 50_000;

interface Row extends Omit<LogLine, "at"> {
  at: Date;
  deviceId: string;
  deviceName: string | null;
}

/**
 * Stored lines, newest first. Each request reads a bounded stretch of the log: a search that finds little
 * answers a short page, and goes on at its cursor.
 *
 * @throws {InvalidInput} on a cursor that is none of ours
 */
export async function listLogs(
  scope: Scope,
  query: LogQuery = {},
  { searched = SEARCHED }: { searched?: number } = {},
): Promise<LogPage> {
  demand(scope, "logs:read");
  const limit = Math.min(Math.max(query.limit ?? 100, 1), 500);
  const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const rows = await sql<Row[]>`
      select g.at, g.n, g.level, g.topics, g.message, g.device_time as "deviceTime",
        g.device_id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName"
      from (
        select * from (${stretchOf(sql, scope, query, after, searched)}) as looked
        where true ${filtered(sql, query)}
        order by at desc, device_id desc, n desc limit ${limit + 1}
      ) as g
      left join devices d on d.tenant_id = g.tenant_id and d.id = g.device_id
      left join device_latest l on l.tenant_id = g.tenant_id and l.device_id = g.device_id
      order by g.at desc, g.device_id desc, g.n desc`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const isFull = rows.length > limit && last;
    const next = isFull ? last : await endOfStretch(sql, scope, query, after, searched);
    return {
      lines: page.map(({ at, deviceId, deviceName, ...line }) =>
        toStored(deviceId, deviceName ?? deviceId, { ...line, at: at.toISOString() })
      ),
      nextCursor: next
        ? encodeCursor({
          sort: SORT,
          value: next.at.toISOString(),
          id: `${next.deviceId}.${next.n}`,
        })
        : null,
      isPartial: !isFull && next !== undefined,
      searchedTo: !isFull && next ? next.at.toISOString() : null,
    };
  });
}

type Place = Pick<Row, "at" | "deviceId" | "n">;

/** The rows that this request looks at: along an index, newest first, so many and no more. */
export function stretchOf(
  sql: Sql,
  { tenantId }: Scope,
  { deviceId, severity, from, to }: LogQuery,
  after: Place | undefined,
  searched: number,
) {
  // They have an index of their own for the fleet; of one router they are looked for among its lines.
  const isRare = deviceId === undefined && severity !== undefined &&
    LOG_SEVERITIES[severity] <= LOG_SEVERITIES.warning;
  return sql`
    select * from device_logs
    where tenant_id = ${tenantId}
      ${deviceId === undefined ? sql`` : sql`and device_id = ${deviceId}`}
      ${isRare ? sql`and level <= 4` : sql``}
      ${from === undefined ? sql`` : sql`and at >= ${from}::text::timestamptz`}
      ${to === undefined ? sql`` : sql`and at < ${to}::text::timestamptz`}
      ${
    after
      ? sql`and at <= ${after.at} and (at, device_id, n) < (${after.at}, ${after.deviceId}, ${after.n})`
      : sql``
  }
    order by at desc, device_id desc, n desc limit ${searched}`;
}

function filtered(sql: Sql, { severity, topic, q }: LogQuery) {
  return sql`
    ${severity === undefined ? sql`` : sql`and level <= ${LOG_SEVERITIES[severity]}`}
    ${topic === undefined ? sql`` : sql`and ${topic} = any(topics)`}
    ${q ? sql`and position(lower(${q}) in lower(message)) > 0` : sql``}`;
}

/** Where the stretch ended; `undefined` when it came to the log's beginning. */
async function endOfStretch(
  sql: Sql,
  scope: Scope,
  query: LogQuery,
  after: Place | undefined,
  searched: number,
): Promise<Place | undefined> {
  const [end, beyond] = await sql<Place[]>`
    select at, device_id as "deviceId", n
    from (${stretchOf(sql, scope, query, after, searched + 1)}) as looked
    order by at desc, device_id desc, n desc offset ${searched - 1} limit 2`;
  return beyond && end;
}

/** The last line of the page before. */
function placeOf(cursor: string): Place {
  const { value, id } = decodeCursor(cursor, SORT);
  const [, deviceId, n] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,10})$/.exec(id) ??
    [];
  const at = value !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
    ? new Date(value)
    : undefined;
  if (!deviceId || !at || Number.isNaN(at.getTime()) || Number(n) >= 2 ** 31) {
    throw new InvalidInput("Cannot continue this list from this cursor");
  }
  return { at, deviceId, n: Number(n) };
}
