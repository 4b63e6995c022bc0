import type { AvailabilitySlot } from "@/core/contract/availability.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

export interface FleetAvailabilityQuery {
  tenantId: TenantId;
  fromMs: number;
  /** Now: how many are online and offline at this moment is where the sum begins. */
  toMs: number;
  slots: number;
  online: number;
  offline: number;
  /** Of these devices alone: a query of their ids. */
  of?: ReturnType<Sql> | undefined;
}

/**
 * Device-seconds online and offline in equal slots, oldest first. It walks back from how things are now
 * along the changes in between, so that it costs what happened and not what there is.
 */
export async function fleetAvailability(
  sql: Sql,
  { tenantId, fromMs, toMs, slots, online, offline, of }: FleetAvailabilityQuery,
): Promise<AvailabilitySlot[]> {
  const width = (toMs - fromMs) / slots / 1_000;
  const from = new Date(fromMs).toISOString();
  const to = new Date(toMs).toISOString();
  type Change = Record<"online" | "onlineRest" | "offline" | "offlineRest" | "slot", number>;
  const rows = await sql<Change[]>`
    with change as (
      select c.device_id, c.at, c.status,
        lag(c.status) over (partition by c.device_id order by c.at) as earlier,
        extract(epoch from c.at - ${from}::text::timestamptz)::float8 as second
      from device_status_changes c
      where c.tenant_id = ${tenantId} and c.at >= ${from}::text::timestamptz
        and c.at < ${to}::text::timestamptz
        -- As an array the query of ids runs once, before: joined, a planner without statistics runs
        -- it for each change.
        ${of ? sql`and c.device_id = any(array(${of}))` : sql``}
    ), turn as (
      select status, second, least(floor(second / ${width}::float8), ${slots - 1})::int as slot,
        coalesce(earlier, (select p.status from device_status_changes p
          where p.tenant_id = ${tenantId} and p.device_id = c.device_id
            and p.at < c.at
          order by p.at desc limit 1), '') as earlier
      from change c
    ), step as (
      select slot, (slot + 1) * ${width}::float8 - second as rest,
        (status = 'online')::int - (earlier = 'online')::int as online,
        (status = 'offline')::int - (earlier = 'offline')::int as offline
      from turn
    )
    select slot, sum(online)::float8 as online, sum(online * rest)::float8 as "onlineRest",
      sum(offline)::float8 as offline, sum(offline * rest)::float8 as "offlineRest"
    from step group by slot`;
  const changes = new Map(rows.map((row) => [row.slot, row]));
  const found: AvailabilitySlot[] = [];
  let [onlineNow, offlineNow] = [online, offline];
  for (let slot = slots - 1; slot >= 0; slot -= 1) {
    const change = changes.get(slot);
    onlineNow -= change?.online ?? 0;
    offlineNow -= change?.offline ?? 0;
    found.unshift({
      from: new Date(fromMs + slot * width * 1_000).toISOString(),
      to: new Date(fromMs + (slot + 1) * width * 1_000).toISOString(),
      // A report on its way may make the start of the walk wrong by one: never below nothing.
      onlineSeconds: Math.max(0, onlineNow * width + (change?.onlineRest ?? 0)),
      offlineSeconds: Math.max(0, offlineNow * width + (change?.offlineRest ?? 0)),
    });
  }
  return found;
}
