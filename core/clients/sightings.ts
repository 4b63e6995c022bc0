import { isIP } from "node:net";
import type { ClientKind } from "@/core/contract/clients.ts";
import type { DeviceSample, NeighborReading } from "@/core/contract/sample.ts";
import { mergeDevice } from "./merge_device.ts";
import type { Vendors } from "./vendors.ts";

/** How well a place tells where a device is: lower is better. */
export const PLACE_RANKS = { radio: 0, port: 1, network: 2, trunk: 3 } as const;

/** A MAC address at one place of one router. */
export interface Sighting {
  mac: string;
  kind: ClientKind;
  vendor: string | null;
  name: string | null;
  /** All that it can be found by, for its words. */
  text: string;
  /** The first of each kind, and all of them. */
  ip: string | null;
  ip6: string | null;
  ips: string[];
  interface: string | null;
  ssid: string | null;
  vlan: number | null;
  isWireless: boolean;
  rank: number;
}

/** What one sample says of who is where. */
export interface Observation {
  deviceId: string;
  atMs: number;
  /** All tables were read: whoever is missing is not there. Otherwise only radios were. */
  isWhole: boolean;
  sightings: Sighting[];
  /** The router's own interfaces, one a MAC. */
  own: Sighting[];
}

/** `undefined` for a sample that tells of nobody. */
export function observe(sample: DeviceSample, vendors: Vendors): Observation | undefined {
  const { clients, wireless, neighbors, interfaces } = sample;
  if (!clients && !wireless?.clients.length) return undefined;
  const tables = {
    clients: clients ?? null,
    wireless: wireless ?? null,
    neighbors: neighbors ?? null,
    interfaces: clients ? interfaces ?? null : null,
  };
  const ports = new Map(clients?.clients.map(({ macAddress, port }) => [macAddress, port]));
  const trunks = new Set(neighbors?.filter(isMikroTik).map((one) => one.interface));
  const sightings: Sighting[] = [];
  const texts = new Map(clients?.clients.map((one) => [one.macAddress, one]));
  for (const client of mergeDevice(tables, vendors)) {
    const mac = client.macAddress;
    if (mac === null || !client.isHere || client.kind === "router") continue;
    const addresses = client.addresses.filter((address) => isIP(address) !== 0);
    const ip = addresses.find((address) => isIP(address) === 4) ?? null;
    const port = ports.get(mac);
    const rank = client.isWireless
      ? PLACE_RANKS.radio
      : port !== undefined && trunks.has(port)
      ? PLACE_RANKS.trunk
      : port !== undefined || client.ppp
      ? PLACE_RANKS.port
      : PLACE_RANKS.network;
    // A switch sees all of the network on the port to the next one: that is no place.
    if (rank === PLACE_RANKS.trunk && addresses.length === 0 && client.kind === "client") continue;
    const reading = texts.get(mac);
    sightings.push({
      ...{ mac, kind: client.kind, vendor: client.vendor, rank, ip, ips: addresses },
      name: client.name?.slice(0, 255) ?? null,
      text: [client.name, reading?.ppp?.name, reading?.comment].filter(Boolean).join(" "),
      ip6: addresses.find((address) => isIP(address) === 6) ?? null,
      interface: client.interface?.slice(0, 200) ?? null,
      ssid: client.ssid?.slice(0, 200) ?? null,
      ...{ vlan: client.vlan, isWireless: client.isWireless },
    });
  }
  return {
    deviceId: sample.deviceId,
    atMs: Date.parse(sample.sampledAt),
    isWhole: clients !== undefined,
    sightings,
    own: clients ? ownInterfaces(sample, vendors) : [],
  };
}

/** MikroTik's own protocol: the other end bridges or routes; a telephone that speaks LLDP does not. */
function isMikroTik({ platform, discoveredBy }: NeighborReading): boolean {
  return platform === "MikroTik" || (discoveredBy ?? "").includes("mndp");
}

function ownInterfaces(sample: DeviceSample, vendors: Vendors): Sighting[] {
  const found = new Map<string, Sighting>();
  const name = sample.system.identity.slice(0, 255) || null;
  for (const { macAddress, name: port } of sample.interfaces ?? []) {
    const mac = macAddress?.toUpperCase() ?? "";
    if (!/^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/.test(mac) || mac === "00:00:00:00:00:00") continue;
    if (found.has(mac)) continue; // a VLAN has the MAC of what it lies on
    found.set(mac, {
      ...{ mac, kind: "router", vendor: vendors.of(mac), name, text: name ?? "" },
      ...{ ip: null, ip6: null, ips: [], interface: port.slice(0, 200), ssid: null, vlan: null },
      ...{ isWireless: false, rank: PLACE_RANKS.radio },
    });
  }
  return [...found.values()];
}
