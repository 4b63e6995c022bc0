import type { FleetEvent } from "@/core/contract/events.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { clean, type NewEvent } from "./events.ts";

/** Something that repeats: all of one `tally` on a device is one event that grows. */
export interface TalliedEvent extends Pick<NewEvent, "at" | "kind"> {
  deviceId: string;
  deviceName: string;
  /** Tells apart what is counted apart, a window of time included. */
  tally: string;
  /** What was seen, by question: `{ user: "admin", from: "192.0.2.7" }`. */
  seen: Readonly<Record<string, string>>;
}

/** Different values of one question, the first few of them, and how often anything was seen. */
export interface Tally {
  count: number;
  /** By question: the first values, in the order they came. */
  values: Record<string, string[]>;
  /** Questions with more values than are kept. */
  hasMore: Record<string, boolean>;
}

/** How a tally reads. */
export type Tell = (
  kind: NewEvent["kind"],
  tally: Tally,
) => { message: string; severity: FleetEvent["severity"] };

const KEPT = 12;
const MAX_VALUE = 100;

interface StoredTally {
  id: string;
  deviceId: string;
  tally: string;
  data: Tally;
}

/**
 * Counts events in the caller's transaction; answers each that is new or has grown, as it is now. Call it
 * for what happened once: counting the same twice counts it twice.
 */
export async function tallyEvents(
  sql: Sql,
  tenantId: TenantId,
  events: readonly TalliedEvent[],
  tell: Tell,
): Promise<FleetEvent[]> {
  if (events.length === 0) return [];
  // Two writers that count the same at once would each miss what the other saw.
  await sql`select pg_advisory_xact_lock(hashtextextended('event tallies ' || ${tenantId}, 0))`;
  const groups = Map.groupBy(events, ({ deviceId, tally }) => `${deviceId} ${tally}`);
  const firsts = [...groups.values()].map(([first]) => first!);
  const stored = await sql<StoredTally[]>`
    select id::text, e.device_id as "deviceId", e.tally, e.data from events e
    join unnest(${firsts.map(({ deviceId }) => deviceId)}::uuid[],
      ${firsts.map(({ tally }) => tally)}::text[]) as t (device_id, tally)
      on e.device_id = t.device_id and e.tally = t.tally
    where e.tenant_id = ${tenantId}`;
  const known = new Map(stored.map((row) => [`${row.deviceId} ${row.tally}`, row.data]));
  const grown: FleetEvent[] = [];
  for (const [key, members] of groups) {
    const data = members.reduce(add, known.get(key) ?? { count: 0, values: {}, hasMore: {} });
    const times = members.map(({ at }) => at).sort();
    const { deviceId, deviceName, kind, tally } = members[0]!;
    const { message, severity } = tell(kind, data);
    const [row] = await sql<{ id: string; at: Date; lastAt: Date }[]>`
      insert into events as e (tenant_id, at, last_at, kind, severity, device_id, device_name,
        message, data, count, tally)
      values (${tenantId}, ${times[0]!}::text::timestamptz, ${times.at(-1)!}::text::timestamptz,
        ${kind}, ${severity}, ${deviceId}, ${clean(deviceName)}, ${clean(message)},
        ${JSON.stringify(data)}::text::jsonb, ${data.count}, ${tally})
      on conflict (tenant_id, device_id, tally) where tally is not null do update
        set count = excluded.count, data = excluded.data, message = excluded.message,
          severity = excluded.severity, last_at = greatest(e.last_at, excluded.last_at)
      returning id::text, at, last_at as "lastAt"`;
    grown.push({
      ...{ id: row!.id, at: row!.at.toISOString(), lastAt: row!.lastAt.toISOString() },
      ...{ kind, severity, deviceId, deviceName: clean(deviceName), message: clean(message) },
      count: data.count,
    });
  }
  return grown;
}

function add({ count, values, hasMore }: Tally, { seen }: TalliedEvent): Tally {
  const next: Tally = { count: count + 1, values: { ...values }, hasMore: { ...hasMore } };
  for (const [question, answer] of Object.entries(seen)) {
    const value = clean(answer).slice(0, MAX_VALUE).toWellFormed();
    const all = next.values[question] ?? [];
    if (value === "" || all.includes(value)) continue;
    if (all.length >= KEPT) next.hasMore[question] = true;
    else next.values[question] = [...all, value];
  }
  return next;
}
