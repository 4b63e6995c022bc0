import {
  type DeviceClient,
  type DeviceClientPage,
  type DeviceClientSort,
  macDigits,
} from "@/core/contract/clients.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { mergeDevice, type RouterTables } from "./merge_device.ts";
import { loadVendors } from "./vendors.ts";

export interface DeviceClientOptions {
  /** Part of a name, address, MAC, vendor, interface, SSID or comment. */
  q?: string | undefined;
  /** Only those that the router sees now. */
  here?: boolean | undefined;
  sort?: DeviceClientSort | undefined;
  cursor?: string | undefined;
  limit: number;
}

/**
 * A page of the devices on one router. They are at most some thousands in one stored reading, so they
 * are sorted and searched here.
 *
 * @throws {NotFound} also for another tenant's router
 */
export async function listDeviceClients(
  scope: Scope,
  deviceId: string,
  { q = "", here = false, sort = "name", cursor, limit }: DeviceClientOptions,
): Promise<DeviceClientPage> {
  demand(scope, "clients:read");
  const start = cursor === undefined ? 0 : Number(decodeCursor(cursor, sort).value);
  const { tables, sampledAt } = await readTables(scope, deviceId);
  const all = mergeDevice(tables, await loadVendors());
  const isHere = all.filter((client) => client.isHere);
  const wireless = isHere.filter(({ isWireless }) => isWireless).length;
  const fit = (here ? isHere : all).filter(searching(q)).sort(ORDERS[sort]);
  const from = Number.isSafeInteger(start) && start > 0 ? start : 0;
  const end = from + limit;
  return {
    items: fit.slice(from, end),
    nextCursor: end < fit.length ? encodeCursor({ sort, value: String(end), id: deviceId }) : null,
    total: fit.length,
    counts: {
      here: isHere.length,
      wireless,
      wired: isHere.length - wireless,
      remembered: all.length - isHere.length,
    },
    isCut: tables.clients?.isCut ?? false,
    sampledAt,
  };
}

/** The last reading of each section that tells of devices. */
export async function readTables(
  { db, tenantId }: Scope,
  deviceId: string,
): Promise<{ tables: RouterTables; sampledAt: string | null }> {
  type Stored = { section: keyof RouterTables; sampledAt: Date; data: unknown };
  const rows = await db.tenant(tenantId, async (sql) => {
    const [device] = await sql`select from devices where id::text = ${deviceId}`;
    if (!device) throw new NotFound("Cannot find this device");
    return await sql<Stored[]>`
      select section, sampled_at as "sampledAt", data from device_state
      where device_id = ${deviceId}
        and section in ('clients', 'wireless', 'neighbors', 'interfaces')`;
  });
  const of = (section: keyof RouterTables) => rows.find((row) => row.section === section);
  const tables = {
    clients: of("clients")?.data ?? null,
    wireless: of("wireless")?.data ?? null,
    neighbors: of("neighbors")?.data ?? null,
    interfaces: of("interfaces")?.data ?? null,
  } as RouterTables;
  return { tables, sampledAt: of("clients")?.sampledAt.toISOString() ?? null };
}

function searching(q: string): (client: DeviceClient) => boolean {
  const words = q.toLowerCase().split(/\s+/).filter((word) => word !== "").slice(0, 20);
  return (client) => {
    if (words.length === 0) return true;
    const text = [
      ...[client.name, client.vendor, client.interface, client.ssid, client.comment],
      ...[client.ppp?.name, client.macAddress, ...client.addresses],
      client.vlan === null ? null : `vlan ${client.vlan}`,
    ].join("\n").toLowerCase();
    const digits = client.macAddress?.replaceAll(":", "");
    return words.every((word) => {
      const part = macDigits(word);
      return text.includes(word) || (part !== undefined && digits?.includes(part) === true);
    });
  };
}

type Order = (a: DeviceClient, b: DeviceClient) => number;
/** Unknown last; those who are not here behind those who are. */
const byText = (textOf: (client: DeviceClient) => string | null): Order => (a, b) => {
  const [one, other] = [textOf(a), textOf(b)];
  return Number(b.isHere) - Number(a.isHere) ||
    Number(one === null) - Number(other === null) ||
    compare(one ?? "", other ?? "") || compare(a.macAddress ?? "", b.macAddress ?? "");
};
const compare = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;

const ORDERS: Record<DeviceClientSort, Order> = {
  name: byText(({ name }) => name?.toLowerCase() ?? null),
  address: byText(({ addresses }) => addressKey(addresses[0])),
  interface: byText((client) => client.interface),
  // Weakest first: that is who complains.
  signal: (a, b) =>
    Number(a.signalDbm === null) - Number(b.signalDbm === null) ||
    (a.signalDbm ?? 0) - (b.signalDbm ?? 0) || ORDERS.name(a, b),
};

/** IPv4 in numeric order, IPv6 behind it as it is written. */
function addressKey(address: string | undefined): string | null {
  if (address === undefined) return null;
  if (address.includes(":")) return `~${address}`;
  return address.split(".").map((part) => part.padStart(3, "0")).join(".");
}
