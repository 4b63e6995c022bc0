import type { InterfaceState } from "@/core/contract/device.ts";
import type { DeviceSample } from "@/core/contract/sample.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { sampleFigures } from "./sample_figures.ts";

type Uuid = DeviceSample["deviceId"];
type IsoTime = DeviceSample["sampledAt"];

const INTEGER_MAX = 2_147_483_647;
const REAL_MAX = 3e38;

/** A number that a `real` column takes: JSON carries more than it can hold. */
export function real(value: number | null): number | null {
  if (value === null) return null;
  const size = Math.abs(value);
  return size > REAL_MAX ? null : size < 1e-30 ? 0 : value;
}

function integer(value: number | null): number | null {
  return value === null ? null : Math.min(Math.round(value), INTEGER_MAX);
}

/**
 * The text of a PostgreSQL array. The driver looks for what to escape in each element, which costs
 * more than all else in a batch; numbers, UUIDs and ISO times have nothing.
 */
function plain(values: readonly (number | Uuid | IsoTime | null)[]): string {
  let text = "{";
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ",";
    text += values[i] ?? "NULL";
  }
  return text + "}";
}

export function sampleKey(deviceId: string, sampledAt: string): string {
  return `${deviceId} ${Date.parse(sampledAt)}`;
}

/**
 * Inserts the health row of each sample and answers the keys of those that were not there yet: only
 * these go on, so a redelivered sample changes nothing.
 */
export async function insertHealth(
  sql: Sql,
  tenantId: TenantId,
  samples: readonly DeviceSample[],
): Promise<Set<string>> {
  const figures = samples.map((sample) => sampleFigures(sample, undefined));
  const column = <T>(pick: (sample: DeviceSample, index: number) => T) => samples.map(pick);
  const rows = await sql<{ deviceId: string; sampledAt: Date }[]>`
    insert into health_samples (tenant_id, device_id, sampled_at, cpu_percent, memory_percent,
      free_memory_bytes, disk_percent, temperature_c, voltage_v, connections, ppp_active,
      dhcp_leases, wireless_clients, uptime_seconds, poll_ms)
    select ${tenantId}::uuid, * from unnest(
      ${plain(column((s) => s.deviceId))}::text::uuid[],
      ${plain(column((s) => s.sampledAt))}::text::timestamptz[],
      ${plain(column((s) => real(s.system.cpuPercent)))}::text::real[],
      ${plain(column((_, i) => figures[i]!.memoryPercent))}::text::real[],
      ${plain(column((s) => s.system.freeMemoryBytes))}::text::bigint[],
      ${plain(column((_, i) => figures[i]!.diskPercent))}::text::real[],
      ${plain(column((_, i) => real(figures[i]!.temperatureC)))}::text::real[],
      ${plain(column((_, i) => real(figures[i]!.voltageV)))}::text::real[],
      ${plain(column((s) => integer(s.counts?.connections ?? null)))}::text::integer[],
      ${plain(column((s) => integer(s.counts?.pppActive ?? null)))}::text::integer[],
      ${plain(column((s) => integer(s.counts?.dhcpLeases ?? null)))}::text::integer[],
      ${plain(column((_, i) => integer(figures[i]!.wirelessClients)))}::text::integer[],
      ${plain(column((s) => s.system.uptimeSeconds))}::text::bigint[],
      ${plain(column((s) => real(s.durationMs)))}::text::real[])
    on conflict do nothing
    returning device_id as "deviceId", sampled_at as "sampledAt"`;
  return new Set(
    rows.map(({ deviceId, sampledAt }) => `${deviceId} ${sampledAt.getTime()}`),
  );
}

export interface FreshSample {
  sample: DeviceSample;
  interfaces: InterfaceState[] | undefined;
}

/** Inserts interfaces, radios and sensors of samples that {@linkcode insertHealth} found new. */
export async function insertDetails(
  sql: Sql,
  tenantId: TenantId,
  fresh: readonly FreshSample[],
): Promise<number> {
  const counts = await Promise.all([
    insertInterfaces(sql, tenantId, fresh),
    insertRadios(sql, tenantId, fresh),
    insertSensors(sql, tenantId, fresh),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function insertInterfaces(
  sql: Sql,
  tenantId: TenantId,
  fresh: readonly FreshSample[],
): Promise<number> {
  const rows = fresh.flatMap(({ sample, interfaces = [] }) =>
    interfaces.map((reading) => ({ sample, reading }))
  );
  if (rows.length === 0) return 0;
  const result = await sql`
    insert into interface_samples (tenant_id, device_id, interface, sampled_at, rx_bps, tx_bps,
      rx_pps, tx_pps, errors_per_second, drops_per_second, is_running)
    select ${tenantId}::uuid, * from unnest(
      ${plain(rows.map(({ sample }) => sample.deviceId))}::text::uuid[],
      ${rows.map(({ reading }) => reading.name)}::text[],
      ${plain(rows.map(({ sample }) => sample.sampledAt))}::text::timestamptz[],
      ${plain(rows.map(({ reading }) => reading.rxBps))}::text::bigint[],
      ${plain(rows.map(({ reading }) => reading.txBps))}::text::bigint[],
      ${plain(rows.map(({ reading }) => integer(reading.rxPps)))}::text::integer[],
      ${plain(rows.map(({ reading }) => integer(reading.txPps)))}::text::integer[],
      ${plain(rows.map(({ reading }) => real(reading.errorsPerSecond)))}::text::real[],
      ${plain(rows.map(({ reading }) => real(reading.dropsPerSecond)))}::text::real[],
      ${rows.map(({ reading }) => reading.isRunning ? "t" : "f")}::text[]::boolean[])
    on conflict do nothing`;
  return result.count;
}

async function insertRadios(
  sql: Sql,
  tenantId: TenantId,
  fresh: readonly FreshSample[],
): Promise<number> {
  const rows = fresh.flatMap(({ sample }) =>
    (sample.wireless?.radios ?? []).map((radio) => {
      const signals = sample.wireless!.clients
        .filter(({ interface: name, signalDbm }) => name === radio.interface && signalDbm !== null)
        .map(({ signalDbm }) => signalDbm!);
      const average = signals.length === 0
        ? null
        : signals.reduce((sum, signal) => sum + signal, 0) / signals.length;
      return { sample, radio, average, worst: signals.length === 0 ? null : Math.min(...signals) };
    })
  );
  if (rows.length === 0) return 0;
  const result = await sql`
    insert into radio_samples (tenant_id, device_id, interface, sampled_at, clients,
      signal_avg_dbm, signal_worst_dbm, noise_dbm, ccq_percent)
    select ${tenantId}::uuid, * from unnest(
      ${plain(rows.map(({ sample }) => sample.deviceId))}::text::uuid[],
      ${rows.map(({ radio }) => radio.interface)}::text[],
      ${plain(rows.map(({ sample }) => sample.sampledAt))}::text::timestamptz[],
      ${plain(rows.map(({ radio }) => integer(radio.clients)))}::text::integer[],
      ${plain(rows.map(({ average }) => real(average)))}::text::real[],
      ${plain(rows.map(({ worst }) => real(worst)))}::text::real[],
      ${plain(rows.map(({ radio }) => real(radio.noiseDbm)))}::text::real[],
      ${plain(rows.map(({ radio }) => real(radio.ccqPercent)))}::text::real[])
    on conflict do nothing`;
  return result.count;
}

async function insertSensors(
  sql: Sql,
  tenantId: TenantId,
  fresh: readonly FreshSample[],
): Promise<number> {
  const rows = fresh.flatMap(({ sample }) => readingsOf(sample).map((row) => ({ sample, ...row })));
  if (rows.length === 0) return 0;
  const result = await sql`
    insert into sensor_samples (tenant_id, device_id, sensor, sampled_at, kind, value)
    select ${tenantId}::uuid, * from unnest(
      ${plain(rows.map(({ sample }) => sample.deviceId))}::text::uuid[],
      ${rows.map(({ sensor }) => sensor)}::text[],
      ${plain(rows.map(({ sample }) => sample.sampledAt))}::text::timestamptz[],
      ${rows.map(({ kind }) => kind)}::text[],
      ${plain(rows.map(({ value }) => value))}::text::real[])
    on conflict do nothing`;
  return result.count;
}

/**
 * Everything in a sample that is a named number: sensors, optics, PoE. A failed state counts 1. Optics
 * and PoE have kinds of their own: a switch has dozens, and the board's figures would drown in them.
 */
function readingsOf(
  { sensors = [], optics = [], poe = [] }: DeviceSample,
): { sensor: string; kind: string; value: number }[] {
  const named = [
    ...sensors.map(({ name, kind, value, state }) => ({
      sensor: name,
      kind: kind as string,
      value: value ?? (state === null || state === "unknown" ? null : state === "fail" ? 1 : 0),
    })),
    ...optics.filter(({ isPresent }) => isPresent).flatMap((optic) => [
      { sensor: `${optic.interface} rx`, kind: "dbm", value: optic.rxPowerDbm },
      { sensor: `${optic.interface} tx`, kind: "dbm", value: optic.txPowerDbm },
      { sensor: `${optic.interface} optic`, kind: "optic_temperature", value: optic.temperatureC },
    ]),
    ...poe.flatMap(({ interface: port, powerW, voltageV, currentMa }) => [
      { sensor: `${port} power`, kind: "poe_power", value: powerW },
      { sensor: `${port} voltage`, kind: "poe_voltage", value: voltageV },
      {
        ...{ sensor: `${port} current`, kind: "poe_current" },
        value: currentMa === null ? null : currentMa / 1_000,
      },
    ]),
  ];
  return named.flatMap(({ value, ...rest }) => {
    const stored = real(value);
    return stored === null ? [] : [{ ...rest, value: stored }];
  });
}
