import type { Client, ClientKind } from "@/core/contract/clients.ts";
import type { Sql } from "@/core/ports/db.ts";
import { CONFIRM_AFTER_MS } from "./client_memory.ts";
import { isRandomMac } from "./vendors.ts";

/** "Last seen" lags behind by what is not written at each reading, and a slow reading comes late. */
const HERE_FOR_MS = 3 * CONFIRM_AFTER_MS;

export interface ClientRow {
  mac: string;
  kind: ClientKind;
  name: string | null;
  vendor: string | null;
  ip: string | null;
  ip6: string | null;
  deviceId: string | null;
  deviceName: string | null;
  interface: string | null;
  ssid: string | null;
  vlan: number | null;
  isWireless: boolean;
  isHere: boolean;
  firstSeen: Date;
  lastSeen: Date;
}

/** Some router has it in its tables now. */
export function isHere(sql: Sql, nowMs: number) {
  const since = new Date(nowMs - HERE_FOR_MS).toISOString();
  // No "exists": that may become a join with every open stay there is.
  return sql`(c.last_seen > ${since}::text::timestamptz and coalesce((
    select true from client_sightings s where s.tenant_id = c.tenant_id and s.mac = c.mac
      and s.is_open and s.last_seen > ${since}::text::timestamptz limit 1), false))`;
}

export function clientColumns(sql: Sql, nowMs: number) {
  return sql`upper(c.mac::text) as mac, c.kind, c.name, c.vendor, host(c.ip) as ip,
    host(c.ip6) as ip6, c.device_id as "deviceId",
    coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName", c.interface, c.ssid, c.vlan,
    c.is_wireless as "isWireless",
    case when c.kind = 'router' then c.last_seen > ${
    new Date(nowMs - 86_400_000).toISOString()
  }::text::timestamptz else ${isHere(sql, nowMs)} end as "isHere",
    c.first_seen as "firstSeen", c.last_seen as "lastSeen"`;
}

/** What stands beside `clients c`. */
export function clientSources(sql: Sql) {
  return sql`
    left join devices d on d.tenant_id = c.tenant_id and d.id = c.device_id
    left join device_latest l on l.tenant_id = c.tenant_id and l.device_id = c.device_id`;
}

export function toClient({ mac, ip, ip6, deviceId, deviceName, ...row }: ClientRow): Client {
  return {
    macAddress: mac,
    ...{ kind: row.kind, name: row.name, vendor: row.vendor, isRandom: isRandomMac(mac) },
    addresses: [ip, ip6].filter((address) => address !== null),
    device: deviceId === null ? null : { id: deviceId, name: deviceName ?? "" },
    ...{ interface: row.interface, ssid: row.ssid, vlan: row.vlan, isWireless: row.isWireless },
    isHere: row.isHere,
    firstSeen: row.firstSeen.toISOString(),
    lastSeen: row.lastSeen.toISOString(),
  };
}
