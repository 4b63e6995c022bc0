import { giveWay } from "@/core/give_way.ts";
import {
  drop,
  findIndirect,
  foldVirtual,
  type Indirect,
  mayStandBetween,
  type Views,
  viewsOf,
} from "./direct.ts";
import { joinEnds } from "./join_ends.ts";
import { KnownDevices } from "./known_devices.ts";
import { portKind, virtualRank } from "./port_kind.ts";
import { joinSegments } from "./segments.ts";
import type { FleetDevice, FoundLink, FoundTopology, Sighting } from "./sighting.ts";
import { Strangers } from "./strangers.ts";

/** Work on the event loop at one time. */
const SLICE_MS = 8;

/**
 * The links of a fleet from what its devices say of their neighbours. Gives way to others: a fleet of
 * ten thousand takes a second or so.
 */
export async function findLinks(devices: readonly FleetDevice[]): Promise<FoundTopology> {
  const turn = new Turn();
  const known = new KnownDevices();
  for (const device of devices) {
    known.add(device);
    await turn.over();
  }
  const strangers = new Strangers();
  const sightings: Sighting[] = [];
  for (const device of devices) {
    sightings.push(...sightingsOf(device, known, strangers));
    await turn.over();
  }
  const views = viewsOf(sightings);
  for (const peers of views.values()) {
    for (const [peer, seen] of peers) peers.set(peer, foldVirtual(seen));
    await turn.over();
  }
  const indirect: Indirect[] = [];
  const candidates = mayStandBetween(views);
  for (const device of views.keys()) {
    indirect.push(...findIndirect(device, views, candidates));
    await turn.over();
  }
  for (const one of indirect) drop(views, one);
  const links: FoundLink[] = [];
  for (const [device, peers] of views) {
    links.push(...linksOf(device, peers, views, known));
    await turn.over();
  }
  const joined = joinSegments(links, (node) => known.get(node) !== undefined);
  const linked = new Set(joined.links.flatMap(({ a, b }) => [a.node, b.node]));
  return { ...joined, strangers: strangers.all().filter(({ key }) => linked.has(key)) };
}

class Turn {
  #began = performance.now();

  async over(): Promise<void> {
    if (performance.now() - this.#began < SLICE_MS) return;
    await giveWay();
    this.#began = performance.now();
  }
}

function sightingsOf(
  { id, neighbors, toldMs }: FleetDevice,
  known: KnownDevices,
  strangers: Strangers,
): Sighting[] {
  if (toldMs === null) return [];
  return neighbors.flatMap((neighbor): Sighting[] => {
    const peerDevice = known.resolve(neighbor);
    if (peerDevice === id) return []; // itself, through a loop or a second port in the same network
    const peer = peerDevice ?? strangers.add(neighbor, toldMs);
    if (peer === undefined || neighbor.interface === "") return [];
    const type = known.port(id, neighbor.interface)?.type;
    const peerPort = peerDevice === undefined
      ? strangersPort(neighbor.remoteInterface)
      : known.remotePort(peerDevice, neighbor);
    const peerType = peerPort && peerDevice ? known.port(peerDevice, peerPort)?.type : undefined;
    return [{
      device: id,
      port: neighbor.interface,
      kind: portKind(type),
      rank: virtualRank(type),
      peer,
      peerPort,
      peerKind: peerType === undefined ? null : portKind(peerType),
      atMs: toldMs,
      alsoOn: [],
    }];
  });
}

/** What a stranger calls its port, unless that is a bridge of several. */
function strangersPort(name: string | null): string | null {
  const last = name?.split("/").at(-1)?.slice(0, 200);
  return !last || /^(bridge|br-|vlan|bond|lag)/i.test(last) ? null : last;
}

/** Each pair once: from the device with the lower id, or from the only one that sees the other. */
function linksOf(
  device: string,
  peers: ReadonlyMap<string, Sighting[]>,
  views: Views,
  known: KnownDevices,
): FoundLink[] {
  return [...peers].flatMap(([peer, seen]) => {
    const back = known.get(peer) ? views.get(peer)?.get(device) ?? [] : [];
    return back.length > 0 && peer < device ? [] : joinEnds(device, peer, seen, back);
  });
}
