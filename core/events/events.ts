import type { EventKind, FleetEvent } from "@/core/contract/events.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

export interface NewEvent {
  /** ISO 8601, UTC. */
  at: string;
  kind: EventKind;
  severity: FleetEvent["severity"];
  deviceId: string | null;
  deviceName: string | null;
  /** A sentence for people. Device strings in it are data: readers escape, nobody interprets. */
  message: string;
  data?: Record<string, unknown>;
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
    count: 1,
    lastAt: null,
  }));
}

/** PostgreSQL keeps no NUL and no half of a surrogate pair, and a device may send both. */
export function clean(text: string): string {
  return text.replaceAll("\0", "").slice(0, MAX_MESSAGE).toWellFormed();
}
