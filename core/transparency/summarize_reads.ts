import { actorName } from "@/core/actor_name.ts";
import type { SecretReadSummary } from "@/core/contract/transparency.ts";
import { InvalidInput } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type ReadFilter, whereReads } from "./read_filter.ts";

const DAY_MS = 86_400_000;
const MOST_DAYS = 400;

interface StoredShare {
  kind: "purpose" | "actor" | "device";
  key: string | null;
  label: string | null;
  count: string;
  lastAt: Date;
}

/**
 * Sums over `from` to `to`, at most 400 days, by purpose, actor, device and day.
 *
 * @throws {InvalidInput} if the range is empty or longer
 */
export async function summarizeReads(
  scope: Scope,
  filter: ReadFilter & { from: string; to: string },
): Promise<SecretReadSummary> {
  demand(scope, "transparency:read");
  const { from, to } = filter;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (!(days > 0 && days <= MOST_DAYS)) {
    throw new InvalidInput("Cannot sum over this range", [
      { path: "to", message: `must be after from, by ${MOST_DAYS} days at most` },
    ]);
  }
  const { tenantId } = scope;
  return await scope.db.tenant(tenantId, async (sql) => {
    const shares = await sql<StoredShare[]>`
      with r as (
        select r.purpose, r.actor, r.device_id, r.count, r.last_at from secret_reads r
        where r.tenant_id = ${tenantId} ${whereReads(sql, filter)}
      ), by_device as (
        select device_id, sum(count) as count, max(last_at) as last_at from r
        where device_id is not null group by device_id order by 2 desc, 1 limit 10
      )
      select 'purpose' as kind, purpose as key, null as label, sum(count)::text as count,
        max(last_at) as "lastAt" from r group by purpose
      union all
      select 'actor', r.actor, ${actorName(sql, "r")}, r.count, r.last_at from (
        select ${tenantId}::uuid as tenant_id, actor, sum(count)::text as count,
          max(last_at) as last_at from r group by actor
      ) r
      union all
      select 'device', b.device_id::text, coalesce(d.name, l.identity, d.address), b.count::text,
        b.last_at
      from by_device b
      left join devices d on d.tenant_id = ${tenantId} and d.id = b.device_id
      left join device_latest l on l.tenant_id = ${tenantId} and l.device_id = b.device_id`;
    const [{ devices } = { devices: 0 }] = await sql<{ devices: number }[]>`
      select count(distinct r.device_id)::integer as devices from secret_reads r
      where r.tenant_id = ${tenantId} ${whereReads(sql, filter)}`;
    const perDay = await sql<{ day: string; polling: string; other: string }[]>`
      select to_char(day, 'YYYY-MM-DD') as day, coalesce(polling, 0)::text as polling,
        coalesce(other, 0)::text as other
      from generate_series(
        date_trunc('day', ${from}::text::timestamptz, 'UTC') at time zone 'UTC',
        (${to}::text::timestamptz - interval '1 microsecond') at time zone 'UTC', interval '1 day'
      ) as day
      left join (
        select date_trunc('day', r.bucket at time zone 'UTC') as day,
          sum(count) filter (where purpose = 'poll') as polling,
          sum(count) filter (where purpose <> 'poll') as other
        from secret_reads r where r.tenant_id = ${tenantId} ${whereReads(sql, filter)} group by 1
      ) s using (day)
      order by 1`;
    const of = (kind: StoredShare["kind"]) =>
      shares.filter((share) => share.kind === kind)
        .map(({ key, label, count, lastAt }) => ({
          ...{ key, label, count: Number(count), lastAt: lastAt.toISOString() },
        }))
        .sort((a, b) => b.count - a.count);
    const byPurpose = of("purpose");
    const sum = (items: { count: number }[]) => items.reduce((all, { count }) => all + count, 0);
    return {
      ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), devices },
      total: sum(byPurpose),
      other: sum(byPurpose.filter(({ key }) => key !== "poll")),
      byPurpose,
      byActor: of("actor"),
      byDevice: of("device"),
      overTime: perDay.map(({ day, polling, other }) => ({
        ...{ day, polling: Number(polling), other: Number(other) },
      })),
    };
  });
}
