import type { Sighting } from "./sighting.ts";

/** Peers on one port that are weighed against each other; the rest is kept as it is. */
const MAX_WEIGHED = 256;

/** Who sees whom on which ports. */
export type Views = Map<string, Map<string, Sighting[]>>;

export function viewsOf(sightings: readonly Sighting[]): Views {
  const views: Views = new Map();
  for (const sighting of sightings) {
    let peers = views.get(sighting.device);
    if (!peers) views.set(sighting.device, peers = new Map());
    const of = peers.get(sighting.peer);
    if (of) of.push(sighting);
    else peers.set(sighting.peer, [sighting]);
  }
  return views;
}

/**
 * What one device sees of one peer, without what repeats it: the same packets show up on a port, on the
 * bridge or bond it is in and on the VLANs above. Where only virtual interfaces tell of the peer, the
 * one nearest to the cable stands for all.
 */
export function foldVirtual(sightings: readonly Sighting[]): Sighting[] {
  const own = [...new Map(sightings.map((one) => [`${one.port}\0${one.peerPort}`, one])).values()];
  const virtual = own.filter(({ kind }) => kind === "virtual").sort(byRank);
  if (virtual.length === 0) return own;
  const rest = own.filter(({ kind }) => kind !== "virtual");
  const main = rest.find(({ kind }) => kind !== "tunnel") ?? virtual.shift()!;
  const alsoOn = virtual.map(({ port }) => port).filter((port) => port !== main.port);
  const kept = rest.includes(main) ? rest : [main, ...rest];
  return kept.map((one) => one === main ? { ...one, alsoOn: [...new Set(alsoOn)] } : one);
}

function byRank(x: Sighting, y: Sighting): number {
  return x.rank - y.rank || x.port.localeCompare(y.port, "en", { numeric: true });
}

/** A peer on a port that is not at the other end of its cable. */
export interface Indirect {
  device: string;
  peer: string;
  port: string;
}

/**
 * Who is seen through somebody else. Bridges pass discovery packets on, so a router sees everybody of
 * its broadcast domain. Where X, seen on the same port, sees us on one of its ports and the peer on
 * another, the peer stands behind X. Changes nothing: what one device drops is evidence for the next.
 */
export function findIndirect(
  device: string,
  views: Views,
  /** Those of {@linkcode mayStandBetween}. */
  candidates: ReadonlySet<string>,
): Indirect[] {
  const byPort = new Map<string, string[]>();
  for (const [peer, sightings] of views.get(device)!) {
    for (const { port } of sightings) {
      const on = byPort.get(port);
      if (on) on.push(peer);
      else byPort.set(port, [peer]);
    }
  }
  const parts = (x: string, peer: string): boolean => {
    const view = views.get(x);
    const [towardsUs, towardsPeer] = [view?.get(device), view?.get(peer)];
    if (!towardsUs || !towardsPeer) return false;
    return !towardsUs.some(({ port }) => towardsPeer.some((one) => one.port === port));
  };
  return [...byPort].flatMap(([port, on]) => {
    if (on.length < 2) return [];
    const weighed = on.slice(0, MAX_WEIGHED);
    const between = weighed.filter((peer) => candidates.has(peer));
    const behind = new Set<string>();
    for (const peer of weighed) {
      if (between.some((x) => x !== peer && !behind.has(x) && parts(x, peer))) behind.add(peer);
    }
    return [...behind].map((peer) => ({ device, peer, port }));
  });
}

export function drop(views: Views, { device, peer, port }: Indirect): void {
  const peers = views.get(device)!;
  const rest = peers.get(peer)!.filter((one) => one.port !== port);
  if (rest.length > 0) peers.set(peer, rest);
  else peers.delete(peer);
}

/** Only who sees others on several ports can stand between two of them. */
export function mayStandBetween(views: Views): Set<string> {
  const between = new Set<string>();
  for (const [device, peers] of views) {
    let first: string | undefined;
    for (const sightings of peers.values()) {
      for (const { port } of sightings) {
        first ??= port;
        if (port !== first) between.add(device);
      }
    }
  }
  return between;
}
