import { nameOf } from "@/core/actor_name.ts";
import type { ConfigCause } from "@/core/contract/configs.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Scope } from "@/core/scope.ts";

/** Of each kind of trace, per version. */
const MOST = 5;
/** The router's log line about a change arrives later than the change, and so maybe than the backup. */
const LATE = "interval '1 minute'";

interface Trace {
  versionId: string;
  kind: "operation" | "device.config_changed" | "device.login";
  at: Date;
  operation: Omit<ConfigCause["operations"][number], "actorName"> | null;
  actorName: string | null;
  data: { values?: Record<string, string[]> } | null;
}

/** Of a version that was taken away while it was read. */
export const noCause = ({ takenAt }: { takenAt: string }): ConfigCause => ({
  ...{ after: null, before: takenAt, operations: [], changes: [], logins: [], hasEvents: false },
});

/**
 * What may have brought each version, from the last reading before it to the one that found it: our
 * operations, then what the router's log said of changes and logins, where the reader may see events.
 */
export async function readCauses(
  sql: Sql,
  scope: Pick<Scope, "permissions">,
  deviceId: string,
  versionIds: readonly string[],
): Promise<Map<string, ConfigCause>> {
  const hasEvents = scope.permissions.has("events:read");
  const windows = sql`
    select w.* from (
      select v.id, v.device_id, v.taken_at, lag(v.seen_at) over (order by v.taken_at, v.id) as after
      from config_versions v where v.device_id = ${deviceId}
    ) w where w.id = any(${versionIds as string[]}::uuid[])`;
  const spans = await sql<{ id: string; after: Date | null; before: Date }[]>`
    select id, after, taken_at as before from (${windows}) w`;
  const traces = await sql<Trace[]>`
    with w as materialized (${windows})
    select w.id as "versionId", 'operation' as kind, o.began_at as at,
      jsonb_build_object('kind', o.kind, 'id', o.operation_id, 'title', o.title,
        'actor', o.actor, 'outcome', o.outcome) as operation,
      ${nameOf(sql, sql`o.tenant_id`, sql`o.actor`)} as "actorName", null::jsonb as data
    from w cross join lateral (
      select * from config_operations c where c.device_id = w.device_id
        and c.began_at < w.taken_at and coalesce(c.ended_at, 'infinity') > w.after
        and c.outcome is distinct from 'failed'
      order by c.began_at desc limit ${MOST}) o
    ${
    hasEvents
      ? sql`
    union all
    select w.id, k.kind, e.at, null, null, e.data
    from w cross join (values ('device.config_changed'), ('device.login')) k (kind)
    cross join lateral (
      select n.at, n.data from events n
      where n.device_id = w.device_id and n.kind = k.kind
        and coalesce(n.last_at, n.at) >= w.after
        -- Where the tally began: it may have gone on before the window, never begun behind it.
        and n.at <= w.taken_at + ${sql.unsafe(LATE)}
        and n.at >= w.after - interval '10 minutes'
      order by n.at desc limit ${MOST}) e`
      : sql``
  }
    order by at desc`;
  const found = Map.groupBy(traces, ({ versionId }) => versionId);
  return new Map(spans.map(({ id, after, before }) => {
    const own = found.get(id) ?? [];
    return [id, {
      after: after?.toISOString() ?? null,
      before: before.toISOString(),
      operations: own.flatMap(({ operation, actorName }) =>
        operation ? [{ ...operation, actorName }] : []
      ),
      changes: of(own, "device.config_changed").map(({ at, data }) => ({
        ...{ at: at.toISOString(), by: joined(data, "by"), what: joined(data, "what") },
      })),
      logins: of(own, "device.login").map(({ at, data }) => ({
        at: at.toISOString(),
        ...{ user: joined(data, "user"), from: joined(data, "from"), via: joined(data, "via") },
      })),
      hasEvents,
    }];
  }));
}

const of = (traces: readonly Trace[], kind: Trace["kind"]) =>
  traces.filter((trace) => trace.kind === kind);

function joined(data: Trace["data"], question: string): string {
  return (data?.values?.[question] ?? []).slice(0, 4).join(", ").slice(0, 300);
}
