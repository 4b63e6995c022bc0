import type { ClientKind, DeviceClient } from "@/core/contract/clients.ts";
import type {
  ClientReading,
  ClientsReading,
  InterfaceReading,
  NeighborReading,
  WirelessClient,
  WirelessReading,
} from "@/core/contract/sample.ts";
import { isRandomMac, type Vendors } from "./vendors.ts";

/** What one router last said of everything around it; `null`: never. */
export interface RouterTables {
  clients: ClientsReading | null;
  wireless: WirelessReading | null;
  neighbors: NeighborReading[] | null;
  interfaces: Pick<InterfaceReading, "macAddress">[] | null;
}

/** All devices on one router: its tables and its radios put together by MAC address. */
export function mergeDevice(tables: RouterTables, vendors: Vendors): DeviceClient[] {
  const { clients, wireless, neighbors, interfaces } = tables;
  const registered = new Map<string, WirelessClient>();
  for (const client of wireless?.clients ?? []) {
    registered.set(client.macAddress.toUpperCase(), client);
  }
  const ssids = new Map(wireless?.radios.map((radio) => [radio.interface, radio.ssid]));
  const announced = new Map<string, NeighborReading>();
  for (const neighbor of neighbors ?? []) {
    if (neighbor.macAddress) announced.set(neighbor.macAddress.toUpperCase(), neighbor);
  }
  const own = new Set(interfaces?.map(({ macAddress }) => macAddress?.toUpperCase()));
  const radios = new Set(ssids.keys());

  const merged: DeviceClient[] = [];
  const add = (reading: ClientReading, radio: WirelessClient | undefined) => {
    const mac = reading.macAddress ?? null;
    const neighbor = mac === null ? undefined : announced.get(mac);
    const kind: ClientKind = mac !== null && own.has(mac)
      ? "router"
      : neighbor
      ? "neighbour"
      : "client";
    const name = reading.hostName ?? reading.ppp?.name ?? neighbor?.identity ?? null;
    // Tables are read less often than radios: who stands on a radio in the bridge but is not
    // registered any more has left since.
    const hasLeft = !radio && reading.port !== undefined && radios.has(reading.port);
    merged.push({
      macAddress: mac,
      vendor: mac === null ? null : vendors.of(mac),
      isRandom: mac !== null && isRandomMac(mac),
      ...{ kind, name },
      addresses: reading.addresses.length > 0 || !radio?.lastIp
        ? reading.addresses
        : [radio.lastIp],
      interface: radio?.interface ?? reading.port ?? reading.interface ?? null,
      ssid: radio ? radio.ssid ?? ssids.get(radio.interface) ?? null : null,
      vlan: reading.vlan ?? null,
      isWireless: radio !== undefined,
      comment: reading.comment ?? null,
      isHere: radio !== undefined || (reading.isHere && !hasLeft),
      signalDbm: radio?.signalDbm ?? null,
      snrDb: radio?.snrDb ?? null,
      ccqPercent: radio?.ccqPercent ?? null,
      txRateBps: radio?.txRateBps ?? null,
      rxRateBps: radio?.rxRateBps ?? null,
      connectedSeconds: radio?.uptimeSeconds ?? reading.ppp?.uptimeSeconds ?? null,
      lease: reading.lease ?? null,
      ppp: reading.ppp ? { name: reading.ppp.name, service: reading.ppp.service } : null,
    });
  };
  for (const reading of clients?.clients ?? []) {
    const radio = reading.macAddress ? registered.get(reading.macAddress) : undefined;
    if (radio) registered.delete(reading.macAddress!);
    add(reading, radio);
  }
  for (const [macAddress, radio] of registered) {
    add({ macAddress, addresses: [], isHere: true }, radio);
  }
  return merged;
}
