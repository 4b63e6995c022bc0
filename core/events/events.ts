import type { EVENT_KINDS, FleetEvent } from "@/core/contract/device.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import type { Sql } from "@/core/ports/db.ts";

export interface NewEvent {
  /** ISO 8601, UTC. */
  at: string;
  kind: typeof EVENT_KINDS[number];
  severity: FleetEvent["severity"];
  deviceId: string | null;
  deviceName: string | null;
  /** A sentence for people. Device strings in it are data: readers escape, nobody interprets. */
  message: string;
  data?: Record<string, unknown>;
}

interface EventRow extends Omit<FleetEvent, "at"> {
  at: Date;
}

const MAX_MESSAGE = 2_000;

/** Writes events in the caller's transaction; answers them with their ids, in the order given. */
export async function recordEvents(
  sql: Sql,
  tenantId: TenantId,
  events: readonly NewEvent[],
): Promise<FleetEvent[]> {
  if (events.length === 0) return [];
  const column = <Key extends keyof NewEvent>(key: Key) => events.map((event) => event[key]);
  const rows = await sql<{ id: string }[]>`
    insert into events (tenant_id, at, kind, severity, device_id, device_name, message, data)
    select ${tenantId}, at, kind, severity, device_id, device_name, message, data
    from unnest(${column("at") as string[]}::text[]::timestamptz[],
      ${column("kind") as string[]}::text[], ${column("severity") as string[]}::text[],
      ${column("deviceId") as string[]}::uuid[], ${events.map(({ deviceName }) =>
    deviceName === null ? null : clean(deviceName)
  ) as string[]}::text[], ${events.map(({ message }) => clean(message))}::text[], ${
    events.map(({ data }) => clean(JSON.stringify(data ?? {})))
  }::text[]::jsonb[]) with ordinality
      as t (at, kind, severity, device_id, device_name, message, data, position)
    order by position
    returning id::text`;
  return events.map(({ data: _, ...event }, index) => ({
    ...event,
    deviceName: event.deviceName === null ? null : clean(event.deviceName),
    message: clean(event.message),
    id: rows[index]!.id,
  }));
}

/** PostgreSQL keeps no NUL, and a device may send one. */
function clean(text: string): string {
  return text.replaceAll("\0", "").slice(0, MAX_MESSAGE);
}

export interface EventQuery {
  deviceId?: string | undefined;
  kinds?: readonly FleetEvent["kind"][] | undefined;
  severities?: readonly FleetEvent["severity"][] | undefined;
  /** Found in message or device name, case-insensitive. */
  q?: string | undefined;
  /** ISO 8601; `from` inclusive, `to` exclusive. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
  /** 1 to 200. */
  limit?: number | undefined;
}

const SORT = "-at";

/** Events, newest first. @throws {InvalidInput} on a cursor that is none of ours */
export async function listEvents(
  scope: Scope,
  query: EventQuery = {},
): Promise<{ events: FleetEvent[]; nextCursor: string | null }> {
  demand(scope, "events:read");
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
  const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
  const { deviceId, kinds, severities, q, from, to } = query;
  const rows = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<(EventRow & { exactAt: string })[]>`
      select id::text, at, kind, severity, device_id as "deviceId", device_name as "deviceName", message,
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "exactAt"
      from events
      where tenant_id = ${scope.tenantId}
        ${deviceId === undefined ? sql`` : sql`and device_id = ${deviceId}`}
        ${kinds ? sql`and kind = any(${kinds as string[]})` : sql``}
        ${severities ? sql`and severity = any(${severities as string[]})` : sql``}
        ${from === undefined ? sql`` : sql`and at >= ${from}::text::timestamptz`}
        ${to === undefined ? sql`` : sql`and at < ${to}::text::timestamptz`}
        ${
        q
          ? sql`and position(lower(${q}) in lower(concat_ws(E'\n', device_name, message))) > 0`
          : sql``
      }
        ${
        after
          ? sql`and (at, id) < (${after.at}::text::timestamptz, ${after.id}::text::bigint)`
          : sql``
      }
      order by at desc, id desc
      limit ${limit + 1}`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    events: page.map(({ exactAt: _, at, ...event }) => ({ ...event, at: at.toISOString() })),
    nextCursor: rows.length > limit && last
      ? encodeCursor({ sort: SORT, value: last.exactAt, id: last.id })
      : null,
  };
}

/** The last event of the page before. */
function placeOf(cursor: string): { at: string; id: string } {
  const { value, id } = decodeCursor(cursor, SORT);
  const isPlace = value !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)) && /^\d{1,18}$/.test(id);
  if (!isPlace) throw new InvalidInput("Cannot continue this list from this cursor");
  return { at: value, id };
}
