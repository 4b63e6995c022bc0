import type { DeviceStatus, LiveCells } from "@/core/contract/device.ts";
import type { StatusReason } from "@/core/contract/sample.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** A row of `device_latest` in the contract's names; times in ISO 8601, UTC. */
export interface LatestRow {
  deviceId: string;
  status: DeviceStatus;
  reason: StatusReason;
  statusDetail: string | null;
  statusSince: string | null;
  sampledAt: string | null;
  identity: string | null;
  version: string | null;
  channel: string | null;
  boardName: string | null;
  model: string | null;
  serialNumber: string | null;
  architecture: string | null;
  firmwareCurrent: string | null;
  firmwareUpgrade: string | null;
  cpuPercent: number | null;
  memoryPercent: number | null;
  diskPercent: number | null;
  temperatureC: number | null;
  voltageV: number | null;
  rxBps: number | null;
  txBps: number | null;
  wirelessClients: number | null;
  uptimeSeconds: number | null;
  bootedAt: string | null;
  healthScore: number | null;
  healthReasons: string[];
}

/**
 * Locks and reads the rows of `deviceIds`, in the order that every writer locks them. A device without
 * a row is absent.
 */
export async function lockLatest(
  sql: Sql,
  deviceIds: readonly string[],
): Promise<Map<string, LatestRow>> {
  type Stored = Omit<LatestRow, "statusSince" | "sampledAt" | "bootedAt"> & {
    statusSince: Date | null;
    sampledAt: Date | null;
    bootedAt: Date | null;
  };
  const rows = await sql<Stored[]>`
    select device_id as "deviceId", status, reason, status_detail as "statusDetail",
      status_since as "statusSince", sampled_at as "sampledAt", identity, version, channel,
      board_name as "boardName", model, serial_number as "serialNumber", architecture,
      firmware_current as "firmwareCurrent", firmware_upgrade as "firmwareUpgrade",
      cpu_percent as "cpuPercent", memory_percent as "memoryPercent",
      disk_percent as "diskPercent", temperature_c as "temperatureC", voltage_v as "voltageV",
      rx_bps::float8 as "rxBps", tx_bps::float8 as "txBps", wireless_clients as "wirelessClients",
      uptime_seconds::float8 as "uptimeSeconds", booted_at as "bootedAt",
      health_score as "healthScore", health_reasons as "healthReasons"
    from device_latest where device_id = any(${deviceIds as string[]}::uuid[])
    order by device_id for update`;
  return new Map(rows.map((row) => [row.deviceId, {
    ...row,
    statusSince: row.statusSince?.toISOString() ?? null,
    sampledAt: row.sampledAt?.toISOString() ?? null,
    bootedAt: row.bootedAt?.toISOString() ?? null,
  }]));
}

/** Stores rows that {@linkcode lockLatest} locked and the caller changed. */
export async function saveLatest(
  sql: Sql,
  tenantId: TenantId,
  rows: readonly LatestRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into device_latest as l (tenant_id, device_id, status, reason, status_detail,
      status_since, sampled_at, identity, version, channel, board_name, model, serial_number,
      architecture, firmware_current, firmware_upgrade, cpu_percent, memory_percent, disk_percent,
      temperature_c, voltage_v, rx_bps, tx_bps, wireless_clients, uptime_seconds, booted_at,
      health_score, health_reasons)
    select ${tenantId}::uuid, "deviceId", status, reason, "statusDetail", "statusSince",
      "sampledAt", identity, version, channel, "boardName", model, "serialNumber", architecture,
      "firmwareCurrent", "firmwareUpgrade", "cpuPercent", "memoryPercent", "diskPercent",
      "temperatureC", "voltageV", "rxBps", "txBps", "wirelessClients", "uptimeSeconds", "bootedAt",
      "healthScore", "healthReasons"
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as t ("deviceId" uuid,
      status text, reason text, "statusDetail" text, "statusSince" timestamptz,
      "sampledAt" timestamptz, identity text, version text, channel text, "boardName" text,
      model text, "serialNumber" text, architecture text, "firmwareCurrent" text,
      "firmwareUpgrade" text, "cpuPercent" real, "memoryPercent" real, "diskPercent" real,
      "temperatureC" real, "voltageV" real, "rxBps" bigint, "txBps" bigint,
      "wirelessClients" integer, "uptimeSeconds" bigint, "bootedAt" timestamptz,
      "healthScore" smallint, "healthReasons" text[])
    on conflict (tenant_id, device_id) do update set status = excluded.status,
      reason = excluded.reason, status_detail = excluded.status_detail,
      status_since = excluded.status_since, sampled_at = excluded.sampled_at,
      identity = excluded.identity, version = excluded.version, channel = excluded.channel,
      board_name = excluded.board_name, model = excluded.model,
      serial_number = excluded.serial_number, architecture = excluded.architecture,
      firmware_current = excluded.firmware_current, firmware_upgrade = excluded.firmware_upgrade,
      cpu_percent = excluded.cpu_percent, memory_percent = excluded.memory_percent,
      disk_percent = excluded.disk_percent, temperature_c = excluded.temperature_c,
      voltage_v = excluded.voltage_v, rx_bps = excluded.rx_bps, tx_bps = excluded.tx_bps,
      wireless_clients = excluded.wireless_clients, uptime_seconds = excluded.uptime_seconds,
      booted_at = excluded.booted_at, health_score = excluded.health_score,
      health_reasons = excluded.health_reasons`;
}

/** A device that nothing is known of yet. */
export function pendingRow(deviceId: string): LatestRow {
  return {
    deviceId,
    status: "pending",
    reason: "never_polled",
    statusDetail: null,
    statusSince: null,
    sampledAt: null,
    identity: null,
    version: null,
    channel: null,
    boardName: null,
    model: null,
    serialNumber: null,
    architecture: null,
    firmwareCurrent: null,
    firmwareUpgrade: null,
    cpuPercent: null,
    memoryPercent: null,
    diskPercent: null,
    temperatureC: null,
    voltageV: null,
    rxBps: null,
    txBps: null,
    wirelessClients: null,
    uptimeSeconds: null,
    bootedAt: null,
    healthScore: null,
    healthReasons: [],
  };
}

export function cellsOf(row: LatestRow): LiveCells {
  return {
    id: row.deviceId,
    status: row.status,
    reason: row.reason,
    statusSince: row.statusSince,
    sampledAt: row.sampledAt,
    identity: row.identity,
    version: row.version,
    cpuPercent: row.cpuPercent,
    memoryPercent: row.memoryPercent,
    temperatureC: row.temperatureC,
    rxBps: row.rxBps,
    txBps: row.txBps,
    wirelessClients: row.wirelessClients,
    uptimeSeconds: row.uptimeSeconds,
    healthScore: row.healthScore,
  };
}
