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
 * before. `of`: a query of the ids of the devices to look at.
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
      select device_id, interface, clients_sum / n as clients,
        signal_sum / nullif(signal_n, 0) as signal, noise_sum / nullif(noise_n, 0) as noise,
        ccq_sum / nullif(ccq_n, 0) as ccq
      from radio_5m where tenant_id = ${tenantId} and bucket = ${from}::text::timestamptz
    ), earlier as (
      select device_id, interface, clients_sum / n as clients
      from radio_5m where tenant_id = ${tenantId} and bucket = ${before}::text::timestamptz
        and clients_sum >= n * ${RADIO_RULES.clientsBefore}::float8
    ), trouble as (
      select r.*, e.clients as clients_before,
        coalesce((e.clients * ${RADIO_RULES.clientsLeft}::float8 >= r.clients)::int, 0) * 4
          + coalesce((r.signal < ${RADIO_RULES.weakestSignal}::float8)::int, 0) * 2
          + coalesce((r.ccq < ${RADIO_RULES.lowestCcq}::float8)::int, 0)
          + coalesce((r.noise > ${RADIO_RULES.loudestNoise}::float8)::int, 0) as weight
      from radio r left join earlier e using (device_id, interface)
    )
    select t.device_id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName",
      t.interface, null as ssid, t.clients::float8 as clients,
      t.clients_before::float8 as "clientsBefore", t.signal::float8 as "signalDbm",
      t.ccq::float8 as "ccqPercent", t.noise::float8 as "noiseDbm", (count(*) over ())::int as total
    from trouble t
    join devices d on d.tenant_id = ${tenantId} and d.id = t.device_id
    join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where t.weight > 0 and d.is_enabled and d.retired_at is null and l.status = 'online'
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
