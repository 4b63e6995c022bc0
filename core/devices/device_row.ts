import type { Device } from "@/core/contract/device.ts";
import type { Sql } from "@/core/ports/db.ts";

/** A row of {@linkcode deviceColumns} as the driver gives it. */
export type DeviceRow = {
  [Key in keyof Device]: Key extends "statusSince" | "sampledAt" | "createdAt" | "retiredAt"
    ? Date | null
    : Device[Key];
};

/** Devices with their last figures, their site and their profile, as {@linkcode deviceColumns} wants them. */
export function deviceSources(sql: Sql) {
  return sql`devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    left join sites s on s.tenant_id = d.tenant_id and s.id = d.site_id
    left join site_sectors x on x.tenant_id = d.tenant_id and x.site_id = d.site_id
      and x.id = d.sector_id
    left join device_credentials c on c.tenant_id = d.tenant_id and c.device_id = d.id
    left join credential_profiles p on p.tenant_id = c.tenant_id and p.id = c.profile_id`;
}

/** Columns of {@linkcode deviceSources}, named as the contract names them. */
export function deviceColumns(sql: Sql) {
  return sql`
    d.id, d.name as "givenName", coalesce(d.name, nullif(l.identity, ''), d.address) as name,
    d.address, d.port, d.tls_mode as "tlsMode", d.tls_fingerprint as "tlsFingerprint",
    d.ssh_port as "sshPort", d.ssh_host_key as "sshHostKey",
    d.region, s.path as site, d.site_id as "siteId",
    x.name as sector, d.sector_id as "sectorId", p.name as profile, p.id as "profileId",
    d.poll_interval_seconds as "pollIntervalSeconds",
    coalesce((
      select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'color', t.color)
        order by lower(t.name))
      from device_tags dt join tags t on t.tenant_id = dt.tenant_id and t.id = dt.tag_id
      where dt.tenant_id = d.tenant_id and dt.device_id = d.id), '[]') as tags,
    d.is_enabled as "isEnabled", d.revision, d.created_at as "createdAt",
    d.retired_at as "retiredAt",
    coalesce(l.status, 'pending') as status, coalesce(l.reason, 'never_polled') as reason,
    l.status_detail as "statusDetail", l.status_since as "statusSince",
    l.sampled_at as "sampledAt", l.identity, l.version, l.board_name as "boardName", l.model,
    l.serial_number as "serialNumber", l.architecture,
    l.firmware_current as "firmwareCurrent", l.firmware_upgrade as "firmwareUpgrade",
    l.cpu_percent as "cpuPercent", l.memory_percent as "memoryPercent",
    l.temperature_c as "temperatureC", l.rx_bps::float8 as "rxBps", l.tx_bps::float8 as "txBps",
    l.wireless_clients as "wirelessClients", l.uptime_seconds::float8 as "uptimeSeconds",
    l.health_score as "healthScore", coalesce(l.health_reasons, '{}') as "healthReasons"`;
}

export function toDevice(row: DeviceRow): Device {
  return {
    ...row,
    statusSince: row.statusSince?.toISOString() ?? null,
    sampledAt: row.sampledAt?.toISOString() ?? null,
    retiredAt: row.retiredAt?.toISOString() ?? null,
    createdAt: row.createdAt!.toISOString(),
  } as Device;
}
