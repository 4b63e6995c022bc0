import type { AvailabilitySlot } from "@/core/contract/availability.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** The last `hours` of a few devices in equal slots, oldest first, by device id. */
export async function statusStrips(
  sql: Sql,
  tenantId: TenantId,
  deviceIds: readonly string[],
  { nowMs, hours, slots }: { nowMs: number; hours: number; slots: number },
): Promise<Map<string, AvailabilitySlot[]>> {
  if (deviceIds.length === 0) return new Map();
  const width = hours * 3_600_000 / slots;
  const fromMs = nowMs - hours * 3_600_000;
  const [from, now] = [new Date(fromMs).toISOString(), new Date(nowMs).toISOString()];
  const rows = await sql<{ id: string; slot: number; online: number; offline: number }[]>`
    with known as (
      select d.id, k.at, k.status
      from unnest(${deviceIds as string[]}::uuid[]) d (id)
      cross join lateral (
        (select at, status from device_status_changes
          where tenant_id = ${tenantId} and device_id = d.id and at <= ${from}::text::timestamptz
          order by at desc limit 1)
        union all
        select at, status from device_status_changes
          where tenant_id = ${tenantId} and device_id = d.id and at > ${from}::text::timestamptz
            and at < ${now}::text::timestamptz
      ) k
    ), stretch as (
      select id, status, at as began,
        lead(at, 1, ${now}::text::timestamptz) over (partition by id order by at) as ended
      from known
    ), slot as (
      select position, ${from}::text::timestamptz + position * w as since,
        ${from}::text::timestamptz + (position + 1) * w as until
      from generate_series(0, ${slots - 1}) position,
        make_interval(secs => ${width / 1_000}) w
    )
    select s.id, slot.position as slot,
      coalesce(sum(part) filter (where status = 'online'), 0) as online,
      coalesce(sum(part) filter (where status = 'offline'), 0) as offline
    from stretch s join slot on s.began < slot.until and s.ended > slot.since
    cross join lateral (
      select extract(epoch from least(s.ended, slot.until) - greatest(s.began, slot.since))::float8
        as part) p
    group by s.id, slot.position`;
  const strips = new Map(deviceIds.map((id) => [
    id,
    Array.from({ length: slots }, (_, slot) => ({
      from: new Date(fromMs + slot * width).toISOString(),
      to: new Date(fromMs + (slot + 1) * width).toISOString(),
      ...{ onlineSeconds: 0, offlineSeconds: 0 },
    })),
  ]));
  for (const { id, slot, online, offline } of rows) {
    const found = strips.get(id)![slot]!;
    found.onlineSeconds = online;
    found.offlineSeconds = offline;
  }
  return strips;
}
