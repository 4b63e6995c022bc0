import { RADIO_RULES, type RadioTrouble } from "@/core/contract/overview.ts";
import type { WirelessReading } from "@/core/contract/sample.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

const BUCKET_MS = 300_000;
const HOUR_MS = 3_600_000;
const SHOWN = 8;
/** Rollups that stopped say nothing of now. */
const OLDEST_MS = HOUR_MS;

/**
 * Radios that need somebody, by the last five minutes that are rolled up, against the same an hour
 * before. `of`: a query of the ids of the devices to look at. One pass and no join of the two moments:
 * a plan made for any tenant (they are reused) may take a nested loop for it, and never end.
 */
export async function radioTrouble(
  sql: Sql,
  tenantId: TenantId,
  nowMs: number,
  of: ReturnType<Sql> | undefined,
): Promise<{ from: string | null; total: number; items: RadioTrouble[] }> {
  const [done] = await sql<{ doneUntil: Date }[]>`
    select done_until as "doneUntil" from rollup_progress where rollup = '5m'`;
  const lastMs = (done?.doneUntil.getTime() ?? -Infinity) - BUCKET_MS;
  if (!(lastMs >= nowMs - OLDEST_MS)) return { from: null, total: 0, items: [] };
  const from = new Date(lastMs).toISOString();
  const before = new Date(lastMs - HOUR_MS).toISOString();
  const rows = await sql<(RadioTrouble & { total: number })[]>`
    with radio as (
      select device_id, interface, max(clients_sum / n) filter (where bucket = w.now) as clients,
        max(clients_sum / n) filter (where bucket <> w.now) as before,
        max(signal_sum / nullif(signal_n, 0)) filter (where bucket = w.now) as signal,
        max(noise_sum / nullif(noise_n, 0)) filter (where bucket = w.now) as noise,
        max(ccq_sum / nullif(ccq_n, 0)) filter (where bucket = w.now) as ccq
      from radio_5m, (select ${from}::text::timestamptz as now) w
      where tenant_id = ${tenantId}
        and bucket in (${from}::text::timestamptz, ${before}::text::timestamptz)
      group by device_id, interface
    ), weighed as (
      select *, (before >= ${RADIO_RULES.clientsBefore}::float8
          and clients <= before * ${RADIO_RULES.clientsLeft}::float8) is true as has_lost,
        (signal < ${RADIO_RULES.weakestSignal}::float8) is true as is_weak,
        (ccq < ${RADIO_RULES.lowestCcq}::float8) is true as is_poor,
        (noise > ${RADIO_RULES.loudestNoise}::float8) is true as is_loud
      from radio where clients is not null
    ), trouble as materialized (
      select *, has_lost::int * 4 + is_weak::int * 2 + is_poor::int + is_loud::int as weight
      from weighed where has_lost or is_weak or is_poor or is_loud
    )
    select t.device_id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName",
      t.interface, null as ssid, t.clients::float8 as clients,
      t.before::float8 as "clientsBefore", t.signal::float8 as "signalDbm",
      t.ccq::float8 as "ccqPercent", t.noise::float8 as "noiseDbm", (count(*) over ())::int as total
    from trouble t
    join devices d on d.tenant_id = ${tenantId} and d.id = t.device_id
    join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.is_enabled and d.retired_at is null and l.status = 'online'
      ${of ? sql`and d.id in (${of})` : sql``}
    order by t.weight desc, t.signal, t.device_id, t.interface
    limit ${SHOWN}`;
  const names = await readSsids(sql, tenantId, rows.map(({ deviceId }) => deviceId));
  return {
    from,
    total: rows[0]?.total ?? 0,
    items: rows.map(({ total: _, ...radio }) => ({
      ...radio,
      ssid: names.get(`${radio.deviceId} ${radio.interface}`) ?? null,
    })),
  };
}

async function readSsids(
  sql: Sql,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: string; data: WirelessReading }[]>`
    select device_id as id, data from device_state
    where tenant_id = ${tenantId} and device_id = any(${[...new Set(ids)]}::uuid[])
      and section = 'wireless'`;
  return new Map(
    rows.flatMap(({ id, data }) =>
      data.radios.map((radio) => [`${id} ${radio.interface}`, radio.ssid] as const)
    ),
  );
}
