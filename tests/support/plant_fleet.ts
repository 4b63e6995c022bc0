import { DAY_MS, ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { plantLabels } from "./plant_labels.ts";

/** How much of a fleet, and of its past, is planted. */
export interface FleetSize {
  devices: number;
  /** Of 1-hour rollups, for every device. */
  days: number;
  /** Of 5-minute rollups, for every device; quarters of a day count. */
  fiveMinuteDays: number;
  /** Devices with raw samples, one a minute, of the last day. */
  rawDevices: number;
  /** Of each device that has samples of their own; a device has five. */
  interfaces: number;
}

export interface PlantOptions extends FleetSize {
  tenantId: TenantId;
  /** The end of the past, in ms since 1970. */
  now: number;
  /** Told what was done, for people who wait. */
  onStep?: (what: string) => void;
}

/**
 * A fleet as years of use leave it, made in the database itself: devices with their state, events and
 * rollups. As the product's own user, so that every rule of the tables holds.
 */
export async function plantFleet(db: Db, options: PlantOptions): Promise<void> {
  const { tenantId, devices, days, fiveMinuteDays, rawDevices, now, onStep = () => {} } = options;
  const planted = { ...options, now: now - now % 3_600_000 };
  const inTenant = (work: (sql: Sql) => Promise<unknown>) => db.tenant(tenantId, work);
  await inTenant((sql) => plantDevices(sql, planted));
  await inTenant((sql) => plantLabels(sql, tenantId));
  onStep(`${devices} devices`);
  await inTenant((sql) => plantEvents(sql, planted));
  await inTenant((sql) => plantHistory(sql, planted));
  onStep(`${devices * 20} events`);
  await ensureMetricPartitions(db, now - days * DAY_MS, now + DAY_MS);
  const dayFrom = (back: number) => new Date(planted.now - back * DAY_MS).toISOString();
  for (let back = days; back > 0; back -= 1) {
    const range = { from: dayFrom(back), to: dayFrom(back - 1) };
    await inTenant((sql) => plantRollups(sql, planted, "1h", range));
    // Six hours at a time: a statement of a whole day would run into its timeout.
    for (let ago = back; ago > back - 1; ago -= 0.25) {
      if (ago > fiveMinuteDays) continue;
      const part = { from: dayFrom(ago), to: dayFrom(ago - 0.25) };
      await inTenant((sql) => plantRollups(sql, planted, "5m", part));
    }
    onStep(`the day that ended ${range.to}`);
  }
  await inTenant((sql) => plantRadios(sql, planted));
  await db.system((sql) =>
    sql`
    insert into rollup_progress (rollup, done_until)
    select unnest(array['5m', '1h']), ${dayFrom(0)}::text::timestamptz
    on conflict (rollup) do update set
      done_until = greatest(rollup_progress.done_until, excluded.done_until)`
  );
  if (rawDevices > 0) {
    for (let ago = 1; ago > 0; ago -= 0.125) {
      const part = { from: dayFrom(ago), to: dayFrom(ago - 0.125) };
      await inTenant((sql) => plantSamples(sql, planted, part));
    }
    onStep(`raw samples of ${rawDevices} devices`);
  }
}

async function plantDevices(sql: Sql, { tenantId, devices }: PlantOptions): Promise<void> {
  await sql`
    insert into sites (tenant_id, name)
    select ${tenantId}::uuid, 'Site ' || n from generate_series(0, 199) n`;
  await sql`
    insert into devices (tenant_id, name, address, port, tls_mode, site_id)
    select ${tenantId}::uuid, 'Router ' || lpad(n::text, 5, '0'),
      '10.' || n / 65536 || '.' || n / 256 % 256 || '.' || n % 256, 8729, 'pinned',
      s.id
    from generate_series(1, ${devices}) n
    join sites s on s.tenant_id = ${tenantId} and s.name = 'Site ' || n % 200`;
  await sql`
    insert into device_latest (tenant_id, device_id, status, reason, status_since, sampled_at, identity,
      version, board_name, model, serial_number, architecture, cpu_percent, memory_percent,
      temperature_c, rx_bps, tx_bps, wireless_clients, uptime_seconds, health_score, health_reasons)
    select tenant_id, id, case when n % 37 = 0 then 'offline' else 'online' end,
      case when n % 37 = 0 then 'timeout' else 'polled' end, now() - n % 1000 * interval '1 minute',
      now() - n % 60 * interval '1 second', 'tower-' || n, '7.' || n % 22 || '.' || n % 5,
      'hAP ax3', (array['C53UiG+5HPaxD2HPaxD', 'RB5009UG+S+', 'CCR2004-1G-12S+2XS'])[1 + n % 3],
      'HF' || lpad(n::text, 8, '0'), 'arm64', n % 97, 20 + n % 70, 30 + n % 40,
      n * 7919 % 900000000, n * 104729 % 400000000, n % 60, n * 61 % 30000000, case when n % 37 = 0 then 0 else 100 - n % 45 end,
      case when n % 37 = 0 then array['Offline: no answer'] when n % 45 > 10 then array['CPU is busy']
        else '{}' end
    from (select tenant_id, id, row_number() over (order by id)::bigint as n from devices
      where tenant_id = ${tenantId}) d`;
  await sql`
    insert into device_state (tenant_id, device_id, section, sampled_at, data)
    select tenant_id, id, 'interfaces', now(), (
      select jsonb_agg(jsonb_build_object(
        'name', 'ether' || i, 'defaultName', 'ether' || i, 'type', 'ether',
        'macAddress', ${macOf(sql, "num", "i")}, 'mtu', 1500, 'comment', null, 'isRunning', i < 5,
        'isDisabled', false, 'isSlave', false, 'isDynamic', false, 'linkDowns', 0,
        'speedBps', 1000000000, 'rxBytes', '123456789', 'txBytes', '987654321',
        'rxPackets', null, 'txPackets', null, 'rxErrors', null, 'txErrors', null, 'rxDrops', null,
        'txDrops', null, 'rxBps', num * 7919 % 950 * 1000000 / i, 'txBps', 500000 * i, 'rxPps', null,
        'txPps', null, 'errorsPerSecond', 0, 'dropsPerSecond', 0))
      from generate_series(1, case when num <= 200 then 9 else 5 end) i)
    from ${numbered(sql, tenantId)} d`;
  await plantNeighbors(sql, tenantId);
}

/** Devices by the number in their name. */
function numbered(sql: Sql, tenantId: TenantId) {
  return sql`(select tenant_id, id, address, substr(name, 8)::int as num from devices
    where tenant_id = ${tenantId})`;
}

function macOf(sql: Sql, num: string, port: string) {
  const [n, i] = [sql.unsafe(`(${num})`), sql.unsafe(port)];
  return sql`format('02:00:%s:%s:00:0%s', lpad(to_hex(${n} / 256), 2, '0'),
    lpad(to_hex(${n} % 256), 2, '0'), ${i})`;
}

/**
 * A tree of sites, and in each site a tree of routers, four below each; both ends of a cable say so. At
 * the ends of some stands a switch that nobody manages.
 */
async function plantNeighbors(sql: Sql, tenantId: TenantId): Promise<void> {
  // There are no statistics of what was just planted: the planner would take a thousand rows for one.
  await sql`set local enable_nestloop = off`;
  await sql`
    with placed as (
      select *, (num - 1) % 200 + 1 as head, (num - 1) / 200 as k from ${numbered(sql, tenantId)} d
    ), cables as (
      select num, case when k = 0 then (num + 2) / 4 else head + 200 * ((k - 1) / 4) end as above,
        case when k = 0 then 6 + (num + 2) % 4 else 2 + (k - 1) % 4 end as port
      from placed where num > 1
    ), said as (
      select num, 1 as local, above as peer, port as remote from cables
      union all select above, port, num, 1 from cables
    ), seen as (
      select said.num, jsonb_build_object('interface', 'ether' || local, 'address', d.address,
        'macAddress', ${macOf(sql, "said.peer", "said.remote")}, 'identity', 'router', 'platform',
        'MikroTik', 'board', 'hAP ax3', 'version', '7.18.2', 'remoteInterface', 'ether' || remote,
        'discoveredBy', 'mndp') as row
      from said join placed d on d.num = said.peer
      union all
      select num, jsonb_build_object('interface', 'ether5', 'address', null, 'macAddress',
        ${
    macOf(sql, "num + 32768", "1")
  }, 'identity', 'switch-' || num, 'platform', null, 'board', null,
        'version', null, 'remoteInterface', 'gi1', 'discoveredBy', 'lldp')
      from placed p where num % 7 = 0
        and not exists (select from cables c where c.above = p.num and c.port = 5)
    )
    insert into device_state (tenant_id, device_id, section, sampled_at, data)
    select d.tenant_id, d.id, 'neighbors', now(), jsonb_agg(seen.row)
    from seen join placed d on d.num = seen.num group by d.tenant_id, d.id`;
  await sql`set local enable_nestloop = on`;
}

async function plantEvents(sql: Sql, { tenantId, now }: PlantOptions): Promise<void> {
  await sql`
    insert into events (tenant_id, at, kind, severity, device_id, device_name, message)
    select d.tenant_id, to_timestamp(${now / 1_000}) - (k * 36 + random() * 36) * interval '1 hour',
      (array['device.offline', 'device.online'])[1 + k % 2],
      (array['critical', 'info'])[1 + k % 2], d.id, d.name, 'It was seen by the poller'
    from devices d, generate_series(0, 19) k where d.tenant_id = ${tenantId}`;
}

/** Each router was away some times; traffic of the fleet and its sites was noted all the while. */
async function plantHistory(
  sql: Sql,
  { tenantId, devices, days, fiveMinuteDays, now }: PlantOptions,
): Promise<void> {
  const end = sql`to_timestamp(${now / 1_000})`;
  await sql`
    insert into device_status_changes (tenant_id, device_id, at, status, reason)
    select tenant_id, id, ${end} - interval '30 days', 'online', 'polled'
    from devices where tenant_id = ${tenantId}`;
  // Away for ten minutes, every few days each.
  await sql`
    insert into device_status_changes (tenant_id, device_id, at, status, reason)
    select d.tenant_id, d.id, ${end} - k * interval '1 day' - d.n * interval '7 seconds'
        + step * interval '10 minutes', (array['offline', 'online'])[1 + step],
      (array['timeout', 'polled'])[1 + step]
    from (select tenant_id, id, row_number() over (order by id) as n from devices
      where tenant_id = ${tenantId}) d,
      generate_series(1, 29) k, generate_series(0, 1) step
    where (d.n + k) % 5 = 0 on conflict do nothing`;
  await sql`
    insert into device_status_changes (tenant_id, device_id, at, status, reason)
    select l.tenant_id, l.device_id, l.status_since, l.status, l.reason from device_latest l
    where l.tenant_id = ${tenantId} and l.status = 'offline' on conflict do nothing`;
  await sql`
    insert into fleet_history
    select ${tenantId}::uuid, at, ${devices}, ${devices}, 0,
      4e11 * (1 + sin(extract(epoch from at) / 13750)), 1e11 * (1 + sin(extract(epoch from at) / 13750)),
      200000 + random() * 20000
    from generate_series(${end} - ${days}::int * interval '1 day', ${end}, interval '5 minutes') at`;
  await sql`
    insert into site_history
    select s.tenant_id, s.id, at, 50, 49, 1, 2e9 * random(), 5e8 * random(), 1000
    from sites s, generate_series(${end} - ${fiveMinuteDays}::float8 * interval '1 day', ${end},
      interval '5 minutes') at
    where s.tenant_id = ${tenantId}`;
}

/** The last hours of two radios on each third router, some of them in trouble. */
async function plantRadios(sql: Sql, { tenantId, now }: PlantOptions): Promise<void> {
  const end = sql`to_timestamp(${now / 1_000})`;
  await sql`
    insert into radio_5m (tenant_id, device_id, interface, bucket, n, clients_sum, clients_max,
      signal_n, signal_sum, signal_min, noise_n, noise_sum, ccq_n, ccq_sum, ccq_min)
    select d.tenant_id, d.id, 'wifi' || i, at, 5,
      case when d.n % 211 = 0 and at >= ${end} - interval '30 minutes' then 5 else 60 end, 20,
      5, -5 * (case when d.n % 97 = 0 then 79 else 60 end), -85, 5, -500, 5,
      5 * (case when d.n % 83 = 0 then 50 else 90 end), 40
    from (select tenant_id, id, row_number() over (order by id) as n from devices
        where tenant_id = ${tenantId}) d, generate_series(1, 2) i,
      generate_series(${end} - interval '6 hours', ${end} - interval '5 minutes',
        interval '5 minutes') at
    where d.n % 3 = 0`;
  await sql`
    insert into rollup_progress (rollup, done_until) values ('5m', ${end})
    on conflict (rollup) do update set done_until = excluded.done_until`;
}

interface Span {
  from: string;
  to: string;
}

async function plantRollups(
  sql: Sql,
  { tenantId, interfaces }: PlantOptions,
  tier: "5m" | "1h",
  { from, to }: Span,
): Promise<void> {
  const [step, n] = tier === "5m" ? ["5 minutes", 5] : ["1 hour", 60];
  const buckets = sql`
    generate_series(${from}::text::timestamptz, ${to}::text::timestamptz - interval '1 second',
      ${step}::text::interval) as bucket`;
  await sql`
    insert into ${sql(`health_${tier}`)}
    select d.tenant_id, d.id, bucket, ${n}, ${n}, ${n} * (10 + random() * 60), 95,
      ${n}, ${n} * (30 + random() * 20), 60, ${n}, ${n} * (35 + random() * 10), 50,
      0, null, null, null, ${n}, ${n} * 12, 20, ${n}, ${n} * 800, 1500
    from devices d, ${buckets} where d.tenant_id = ${tenantId}`;
  if (interfaces === 0) return;
  await sql`
    insert into ${sql(`interface_${tier}`)}
    select d.tenant_id, d.id, 'ether' || i, bucket, ${n}, ${n}, ${n} * 1e8 * random(), 500000000,
      ${n}, ${n} * 4e7 * random(), 200000000, 0, 0, 0, 0, ${n}
    from devices d, generate_series(1, ${interfaces}) i, ${buckets}
    where d.tenant_id = ${tenantId}`;
}

async function plantSamples(
  sql: Sql,
  { tenantId, rawDevices }: PlantOptions,
  { from, to }: Span,
): Promise<void> {
  const minutes = sql`
    generate_series(${from}::text::timestamptz, ${to}::text::timestamptz - interval '1 second',
      interval '1 minute') as at`;
  const some = sql`
    (select tenant_id, id from devices where tenant_id = ${tenantId} order by id limit ${rawDevices}) d`;
  await sql`
    insert into health_samples (tenant_id, device_id, sampled_at, cpu_percent, memory_percent,
      temperature_c, wireless_clients, uptime_seconds, poll_ms)
    select d.tenant_id, d.id, at, random() * 90, 30 + random() * 40, 40, 12, 86400, 20
    from ${some}, ${minutes}`;
  await sql`
    insert into interface_samples (tenant_id, device_id, interface, sampled_at, rx_bps, tx_bps,
      is_running)
    select d.tenant_id, d.id, 'ether' || i, at, 1e8 * random(), 4e7 * random(), true
    from ${some}, generate_series(1, 5) i, ${minutes}`;
}
