import type { InterfaceState } from "@/core/contract/device.ts";
import type { DeviceSample } from "@/core/contract/sample.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { sampleFigures } from "./sample_figures.ts";

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
      ${column((s) => s.deviceId)}::uuid[],
      ${column((s) => s.sampledAt)}::text[]::timestamptz[],
      ${column((s) => real(s.system.cpuPercent))}::real[],
      ${column((_, i) => figures[i]!.memoryPercent)}::real[],
      ${column((s) => s.system.freeMemoryBytes)}::bigint[],
      ${column((_, i) => figures[i]!.diskPercent)}::real[],
      ${column((_, i) => real(figures[i]!.temperatureC))}::real[],
      ${column((_, i) => real(figures[i]!.voltageV))}::real[],
      ${column((s) => integer(s.counts?.connections ?? null))}::integer[],
      ${column((s) => integer(s.counts?.pppActive ?? null))}::integer[],
      ${column((s) => integer(s.counts?.dhcpLeases ?? null))}::integer[],
      ${column((_, i) => integer(figures[i]!.wirelessClients))}::integer[],
      ${column((s) => s.system.uptimeSeconds)}::bigint[],
      ${column((s) => real(s.durationMs))}::real[])
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
      ${rows.map(({ sample }) => sample.deviceId)}::uuid[],
      ${rows.map(({ reading }) => reading.name)}::text[],
      ${rows.map(({ sample }) => sample.sampledAt)}::text[]::timestamptz[],
      ${rows.map(({ reading }) => reading.rxBps)}::bigint[],
      ${rows.map(({ reading }) => reading.txBps)}::bigint[],
      ${rows.map(({ reading }) => integer(reading.rxPps))}::integer[],
      ${rows.map(({ reading }) => integer(reading.txPps))}::integer[],
      ${rows.map(({ reading }) => real(reading.errorsPerSecond))}::real[],
      ${rows.map(({ reading }) => real(reading.dropsPerSecond))}::real[],
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
      ${rows.map(({ sample }) => sample.deviceId)}::uuid[],
      ${rows.map(({ radio }) => radio.interface)}::text[],
      ${rows.map(({ sample }) => sample.sampledAt)}::text[]::timestamptz[],
      ${rows.map(({ radio }) => integer(radio.clients))}::integer[],
      ${rows.map(({ average }) => real(average))}::real[],
      ${rows.map(({ worst }) => real(worst))}::real[],
      ${rows.map(({ radio }) => real(radio.noiseDbm))}::real[],
      ${rows.map(({ radio }) => real(radio.ccqPercent))}::real[])
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
      ${rows.map(({ sample }) => sample.deviceId)}::uuid[],
      ${rows.map(({ sensor }) => sensor)}::text[],
      ${rows.map(({ sample }) => sample.sampledAt)}::text[]::timestamptz[],
      ${rows.map(({ kind }) => kind)}::text[],
      ${rows.map(({ value }) => value)}::real[])
    on conflict do nothing`;
  return result.count;
}

/** Everything in a sample that is a named number: sensors, optics, PoE. A failed state counts 1. */
function readingsOf(
  { sensors = [], optics = [], poe = [] }: DeviceSample,
): { sensor: string; kind: string; value: number }[] {
  const named = [
    ...sensors.map(({ name, kind, value, state }) => ({
      sensor: name,
      kind: kind as string,
      value: value ?? (state === null || state === "unknown" ? null : state === "fail" ? 1 : 0),
    })),
    ...optics.flatMap((optic) => [
      { sensor: `${optic.interface} rx-power`, kind: "dbm", value: optic.rxPowerDbm },
      { sensor: `${optic.interface} tx-power`, kind: "dbm", value: optic.txPowerDbm },
      { sensor: `${optic.interface} optic`, kind: "temperature", value: optic.temperatureC },
    ]),
    ...poe.map((port) => ({
      sensor: `${port.interface} poe-out`,
      kind: "power",
      value: port.powerW,
    })),
  ];
  return named.flatMap(({ value, ...rest }) => {
    const stored = real(value);
    return stored === null ? [] : [{ ...rest, value: stored }];
  });
}
