import { type ClientDetail, type ClientSightingPage, parseMac } from "@/core/contract/clients.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { clientColumns, type ClientRow, clientSources, toClient } from "./client_row.ts";
import { readTables } from "./device_clients.ts";
import { mergeDevice } from "./merge_device.ts";
import { loadVendors } from "./vendors.ts";

/** Routers whose reading is looked at for what is now: a switched network has many. */
const MAX_PLACES = 6;

/**
 * A device by its MAC address in any notation.
 *
 * @throws {NotFound} where the tenant never saw it
 */
export async function getClient(
  scope: Scope,
  macAddress: string,
  { nowMs }: { nowMs: number },
): Promise<ClientDetail> {
  demand(scope, "clients:read");
  const mac = macOrNothing(macAddress);
  const { row, places } = await scope.db.tenant(scope.tenantId, async (sql) => ({
    row: await findClient(sql, scope.tenantId, mac, nowMs),
    places: await sql<{ id: string; name: string }[]>`
      select s.device_id as id, coalesce(d.name, nullif(l.identity, ''), d.address) as name
      from client_sightings s
      join devices d on d.tenant_id = s.tenant_id and d.id = s.device_id
      left join device_latest l on l.tenant_id = s.tenant_id and l.device_id = s.device_id
      where s.tenant_id = ${scope.tenantId} and s.mac = ${mac}::text::macaddr and s.is_open
      order by s.is_wireless desc, s.last_seen desc limit ${MAX_PLACES}`,
  }));
  const client = toClient(row);
  const vendors = await loadVendors();
  const readings = await Promise.all(places.map(async (device) => {
    const { tables } = await readTables(scope, device.id).catch(gone);
    const own = tables && mergeDevice(tables, vendors).find((one) => one.macAddress === mac);
    return own ? [{ device: { id: device.id, name: device.name }, reading: own }] : [];
  }));
  const isBest = ({ device }: { device: { id: string } }) => device.id === client.device?.id;
  return { client, now: readings.flat().sort((a, b) => Number(isBest(b)) - Number(isBest(a))) };
}

/** Where it was, the latest first. */
export async function listSightings(
  scope: Scope,
  macAddress: string,
  { cursor, limit, nowMs }: { cursor?: string | undefined; limit: number; nowMs: number },
): Promise<ClientSightingPage> {
  demand(scope, "clients:read");
  const mac = macOrNothing(macAddress);
  const place = cursor === undefined ? undefined : decodeCursor(cursor, "sightings");
  if (place && (!/^\d{1,18}$/.test(place.id) || Number.isNaN(Date.parse(place.value ?? "")))) {
    throw new InvalidInput("Cannot continue this list", [
      { path: "cursor", message: "is no cursor of this list: start from the first page" },
    ]);
  }
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await findClient(sql, scope.tenantId, mac, nowMs);
    const rows = await sql<SightingRow[]>`
      select s.id::text, s.device_id as "deviceId",
        coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName", s.interface, s.ssid,
        s.vlan, s.is_wireless as "isWireless", host(s.ip) as address, s.first_seen as "from",
        s.last_seen as "to", s.is_open as "isOpen"
      from client_sightings s
      join devices d on d.tenant_id = s.tenant_id and d.id = s.device_id
      left join device_latest l on l.tenant_id = s.tenant_id and l.device_id = s.device_id
      where s.tenant_id = ${scope.tenantId} and s.mac = ${mac}::text::macaddr
        ${
      place
        ? sql`and (s.first_seen, s.id) < (${place.value}::text::timestamptz, ${place.id}::text::bigint)`
        : sql``
    }
      order by s.first_seen desc, s.id desc limit ${limit + 1}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(({ id: _, deviceId, deviceName, from, to, ...row }) => ({
        ...row,
        device: { id: deviceId, name: deviceName },
        ...{ from: from.toISOString(), to: to.toISOString() },
      })),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: "sightings", value: last.from.toISOString(), id: last.id })
        : null,
    };
  });
}

interface SightingRow {
  id: string;
  deviceId: string;
  deviceName: string;
  interface: string | null;
  ssid: string | null;
  vlan: number | null;
  isWireless: boolean;
  address: string | null;
  from: Date;
  to: Date;
  isOpen: boolean;
}

async function findClient(
  sql: Sql,
  tenantId: string,
  mac: string,
  nowMs: number,
): Promise<ClientRow> {
  const [row] = await sql<ClientRow[]>`
    select ${clientColumns(sql, nowMs)} from clients c ${clientSources(sql)}
    where c.tenant_id = ${tenantId} and c.mac = ${mac}::text::macaddr`;
  if (!row) throw new NotFound("Cannot find this client: no router of yours has told of it");
  return row;
}

/** A router that was removed since tells nothing. */
function gone(error: unknown): { tables: null } {
  if (error instanceof NotFound) return { tables: null };
  throw error;
}

/** @throws {NotFound} for what is no MAC address */
export function macOrNothing(text: string): string {
  const mac = parseMac(text);
  if (mac === undefined) throw new NotFound("Cannot find this client: this is no MAC address");
  return mac;
}
