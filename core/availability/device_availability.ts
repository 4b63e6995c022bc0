import {
  AVAILABILITY_SPANS,
  type AvailabilitySlot,
  type DeviceAvailability,
  shareOf,
} from "@/core/contract/availability.ts";
import { NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";

const HOUR_MS = 3_600_000;
const DAY_SLOTS = 48;
const MONTH_SLOTS = 30;

interface Window {
  fromMs: number;
  toMs: number;
}
interface Sums extends AvailabilitySlot {
  outages: number;
  longestOutageSeconds: number;
}

/** How much of its last day, week and month a router was there. @throws {NotFound} */
export async function deviceAvailability(
  scope: Scope,
  deviceId: string,
  nowMs: number,
): Promise<DeviceAvailability> {
  demand(scope, "devices:read");
  const spans = AVAILABILITY_SPANS.map(({ hours }) => lastHours(hours, nowMs));
  const day = cut(lastHours(24, nowMs), DAY_SLOTS);
  const month = cut(lastHours(30 * 24, nowMs), MONTH_SLOTS);
  const sums = await scope.db.tenant(scope.tenantId, async (sql) => {
    const [device] = await sql`select from devices where id = ${deviceId}`;
    if (!device) throw new NotFound("Cannot find this device");
    return await sumUp(sql, scope, deviceId, [...spans, ...day, ...month], nowMs);
  });
  const slot = ({ outages: _, longestOutageSeconds: __, ...rest }: Sums): AvailabilitySlot => rest;
  return {
    spans: AVAILABILITY_SPANS.map(({ label }, index) => ({
      ...sums[index]!,
      label,
      share: shareOf(sums[index]!),
    })),
    day: sums.slice(spans.length, spans.length + DAY_SLOTS).map(slot),
    month: sums.slice(spans.length + DAY_SLOTS).map(slot),
  };
}

function lastHours(hours: number, nowMs: number): Window {
  return { fromMs: nowMs - hours * HOUR_MS, toMs: nowMs };
}

function cut({ fromMs, toMs }: Window, slots: number): Window[] {
  const width = (toMs - fromMs) / slots;
  return Array.from({ length: slots }, (_, index) => ({
    fromMs: fromMs + index * width,
    toMs: fromMs + (index + 1) * width,
  }));
}

/** The history of status as stretches, cut by each window. */
async function sumUp(
  sql: Sql,
  { tenantId }: Scope,
  deviceId: string,
  windows: readonly Window[],
  nowMs: number,
): Promise<Sums[]> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const oldest = iso(Math.min(...windows.map(({ fromMs }) => fromMs)));
  const now = iso(nowMs);
  const [froms, tos] = [windows.map((one) => iso(one.fromMs)), windows.map((one) => iso(one.toMs))];
  const rows = await sql<Omit<Sums, "from" | "to">[]>`
    with known as (
      (select at, status from device_status_changes
        where tenant_id = ${tenantId} and device_id = ${deviceId} and at <= ${oldest}::text::timestamptz
        order by at desc limit 1)
      union all
      select at, status from device_status_changes
        where tenant_id = ${tenantId} and device_id = ${deviceId}
          and at > ${oldest}::text::timestamptz and at < ${now}::text::timestamptz
    ), stretch as (
      select status, at as began,
        lead(at, 1, ${now}::text::timestamptz) over (order by at) as ended
      from known
    ), part as (
      select w.position, s.status,
        extract(epoch from least(s.ended, w.until) - greatest(s.began, w.since))::float8 as seconds
      from unnest(${froms}::text[]::timestamptz[], ${tos}::text[]::timestamptz[])
        with ordinality as w (since, until, position)
      left join stretch s on s.began < w.until and s.ended > w.since
    )
    select coalesce(sum(seconds) filter (where status = 'online'), 0) as "onlineSeconds",
      coalesce(sum(seconds) filter (where status = 'offline'), 0) as "offlineSeconds",
      (count(*) filter (where status = 'offline'))::int as outages,
      coalesce(max(seconds) filter (where status = 'offline'), 0) as "longestOutageSeconds"
    from part group by position order by position`;
  return rows.map((row, index) => ({ ...row, from: froms[index]!, to: tos[index]! }));
}
