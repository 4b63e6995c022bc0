import type { LiveCells, LiveDevice } from "@/core/contract/device.ts";
import type { FleetEvent } from "@/core/contract/events.ts";
import type { DeviceSample } from "@/core/contract/sample.ts";
import { recordEvents } from "@/core/events/events.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { DeviceTrack, type StateRow, type TrackedDevice } from "./device_track.ts";
import { type FreshSample, insertDetails, insertHealth, sampleKey } from "./insert_samples.ts";
import { cellsOf, lockLatest, pendingRow, saveLatest } from "./latest_row.ts";
import type { ParsedReport } from "./parse_report.ts";
import { NOTHING, type PreviousReadings } from "./previous_readings.ts";
import { StateWrites } from "./state_writes.ts";

export interface Written {
  /** Rows in the sample tables. */
  rows: number;
  samples: number;
  /** Samples that were stored before. */
  duplicates: number;
  /** Reports of devices that are not, or not any more, this tenant's. */
  unknown: ParsedReport[];
  cells: LiveCells[];
  events: FleetEvent[];
  live: LiveDevice[];
  /** Samples that were new and the newest of their device, in the order of their times. */
  heard: DeviceSample[];
  /** Devices that the poller must read again. */
  pinned: { deviceId: string; region: string }[];
}

/**
 * Stores reports of one tenant in one transaction. Storing the same reports again changes nothing and
 * tells nobody anything.
 *
 * @throws {Unavailable} or the driver's error; then nothing is stored
 */
export async function writeReports(
  { db, previous, nowMs, writes = new StateWrites() }: {
    db: Db;
    previous: PreviousReadings;
    nowMs: number;
    /** Absent: every state is written. */
    writes?: StateWrites;
  },
  tenantId: TenantId,
  reports: readonly ParsedReport[],
): Promise<Written> {
  const [written, readings, states] = await db.tenant(tenantId, async (sql) => {
    const wanted = [...new Set(reports.map(({ report }) => report.deviceId))].sort();
    const [devices, latest, before] = await Promise.all([
      readDevices(sql, wanted),
      lockLatest(sql, wanted),
      previous.read(sql, wanted),
    ]);
    const tracks = new Map(devices.map((device) => [
      device.id,
      new DeviceTrack(
        device,
        latest.get(device.id) ?? pendingRow(device.id),
        before.get(device.id) ?? NOTHING,
      ),
    ]));
    const known = reports.filter(({ report }) => tracks.has(report.deviceId))
      .sort((a, b) => a.atMs - b.atMs || (a.report.kind === "sample" ? -1 : 1));
    const samples = uniqueSamples(known);
    const freshKeys = samples.length > 0
      ? await insertHealth(sql, tenantId, samples)
      : new Set<string>();

    const fresh: FreshSample[] = [];
    const heard: DeviceSample[] = [];
    for (const { report } of known) {
      const track = tracks.get(report.deviceId)!;
      if (report.kind === "status") track.applyStatus(report);
      else if (freshKeys.delete(sampleKey(report.deviceId, report.sampledAt))) {
        fresh.push({ sample: report, interfaces: track.applySample(report) });
        if (track.newest?.sample === report) heard.push(report);
      }
    }

    const all = [...tracks.values()];
    const changed = all.filter(({ isChanged }) => isChanged);
    const states = changed.flatMap(({ device: { id }, state }) =>
      [...state.values()].flatMap((row) => {
        const text = writes.wanted(id, row);
        return text === undefined ? [] : [{ deviceId: id, row, text }];
      })
    );
    const [details, , , , events] = await Promise.all([
      insertDetails(sql, tenantId, fresh),
      saveLatest(sql, tenantId, changed.map(({ latest }) => latest)),
      saveState(sql, tenantId, states),
      saveStatusChanges(sql, tenantId, changed),
      recordEvents(sql, tenantId, inTimeOrder(changed.flatMap(({ events }) => events))),
      savePins(sql, changed),
      reopenRollups(sql, fresh, nowMs),
    ]);
    const written: Written = {
      rows: fresh.length + details,
      samples: fresh.length,
      duplicates: known.filter(({ report }) => report.kind === "sample").length - fresh.length,
      unknown: reports.filter(({ report }) => !tracks.has(report.deviceId)),
      cells: changed.map(({ latest }) => cellsOf(latest)),
      events,
      heard,
      live: changed.flatMap((track) => track.newest ? [liveDevice(track)] : []),
      pinned: changed.flatMap(({ pin, device }) =>
        pin === undefined ? [] : [{ deviceId: device.id, region: device.region }]
      ),
    };
    const readings = new Map(changed.map((track) => [track.device.id, track.previous]));
    return [written, readings, states] as const;
  });
  previous.keep(readings);
  for (const { deviceId, row, text } of states) writes.keep(deviceId, row, text);
  return written;
}

async function readDevices(sql: Sql, ids: readonly string[]): Promise<TrackedDevice[]> {
  const rows = await sql<(Omit<TrackedDevice, "updatedAtMs"> & { updatedAt: Date })[]>`
    select id, name as "givenName", address, region, tls_mode as "tlsMode",
      tls_fingerprint as "tlsFingerprint", updated_at as "updatedAt"
    from devices where id = any(${ids as string[]}::uuid[]) and retired_at is null
    order by id for key share`;
  return rows.map(({ updatedAt, ...row }) => ({ ...row, updatedAtMs: updatedAt.getTime() }));
}

function uniqueSamples(reports: readonly ParsedReport[]): DeviceSample[] {
  const byKey = new Map<string, DeviceSample>();
  for (const { report } of reports) {
    if (report.kind !== "sample") continue;
    const key = sampleKey(report.deviceId, report.sampledAt);
    if (!byKey.has(key)) byKey.set(key, report);
  }
  return [...byKey.values()];
}

function inTimeOrder<Each extends { at: string }>(items: Each[]): Each[] {
  return items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function liveDevice({ latest, newest }: DeviceTrack): LiveDevice {
  const { sample, interfaces } = newest!;
  return {
    cells: cellsOf(latest),
    interfaces: interfaces?.map(
      ({ name, isRunning, rxBps, txBps, errorsPerSecond, dropsPerSecond }) => ({
        name,
        isRunning,
        rxBps,
        txBps,
        errorsPerSecond,
        dropsPerSecond,
      }),
    ) ?? null,
    wireless: sample.wireless ?? null,
    hasClients: sample.clients !== undefined,
  };
}

interface StateToWrite {
  deviceId: string;
  row: StateRow;
  text: string;
}

async function saveState(sql: Sql, tenantId: TenantId, rows: StateToWrite[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into device_state as s (tenant_id, device_id, section, sampled_at, data)
    select ${tenantId}::uuid, * from unnest(${rows.map(({ deviceId }) => deviceId)}::uuid[],
      ${rows.map(({ row }) => row.section)}::text[],
      ${rows.map(({ row }) => row.sampledAt)}::text[]::timestamptz[],
      ${rows.map(({ text }) => text)}::text[]::jsonb[])
    on conflict (tenant_id, device_id, section) do update
      set sampled_at = excluded.sampled_at, data = excluded.data
      where excluded.sampled_at > s.sampled_at`;
}

async function saveStatusChanges(
  sql: Sql,
  tenantId: TenantId,
  tracks: DeviceTrack[],
): Promise<void> {
  const rows = tracks.flatMap(({ changes }) => changes);
  if (rows.length === 0) return;
  await sql`
    insert into device_status_changes (tenant_id, device_id, at, status, reason, detail)
    select ${tenantId}::uuid, * from unnest(${rows.map(({ deviceId }) => deviceId)}::uuid[],
      ${rows.map(({ at }) => at)}::text[]::timestamptz[],
      ${rows.map(({ status }) => status)}::text[], ${rows.map(({ reason }) => reason)}::text[],
      ${rows.map(({ detail }) => detail)}::text[])
    on conflict do nothing`;
}

async function savePins(sql: Sql, tracks: DeviceTrack[]): Promise<void> {
  const rows = tracks.filter(({ pin }) => pin !== undefined);
  if (rows.length === 0) return;
  await sql`
    update devices d set tls_fingerprint = t.fingerprint, revision = d.revision + 1
    from unnest(${rows.map(({ device }) => device.id)}::uuid[],
      ${rows.map(({ pin }) => pin!)}::text[]) as t (id, fingerprint)
    where d.id = t.id and d.tls_fingerprint is null`;
}

const BUCKET_MS = 300_000;

/**
 * A sample of a bucket that is closed may be too late for its rollup: the watermark goes back to it,
 * in the same transaction, and the next run computes again from there.
 */
async function reopenRollups(
  sql: Sql,
  fresh: readonly FreshSample[],
  nowMs: number,
): Promise<void> {
  const oldestMs = fresh.reduce(
    (oldest, { sample }) => Math.min(oldest, Date.parse(sample.sampledAt)),
    Infinity,
  );
  const bucketMs = Math.floor(oldestMs / BUCKET_MS) * BUCKET_MS;
  if (bucketMs + BUCKET_MS > nowMs || fresh.length === 0) return;
  const bucket = new Date(bucketMs).toISOString();
  await sql`
    update rollup_progress set done_until = ${bucket}::text::timestamptz
    where rollup = '5m' and done_until > ${bucket}::text::timestamptz`;
}
