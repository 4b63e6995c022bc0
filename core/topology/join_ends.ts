import type { PortKind } from "@/core/contract/topology.ts";
import type { FoundLink, Sighting } from "./sighting.ts";

/**
 * The links between two nodes from what each says of the other: both ends of one cable become one
 * link, several cables stay several. `a` saw `b` and the other way round; a stranger says nothing.
 */
export function joinEnds(
  a: string,
  b: string,
  seenByA: readonly Sighting[],
  seenByB: readonly Sighting[],
): FoundLink[] {
  const [ofA, ofB] = [new Set(seenByA), new Set(seenByB)];
  const links: FoundLink[] = [];
  const join = (one: Sighting, other: Sighting) => {
    ofA.delete(one);
    ofB.delete(other);
    links.push({
      kind: kindOf(one.kind, other.kind),
      a: { node: a, port: nearest(one, other) },
      b: { node: b, port: nearest(other, one) },
      aSeenMs: one.atMs,
      bSeenMs: other.atMs,
      alsoOn: [...new Set([...above(one, other), ...above(other, one)])],
    });
  };
  // Each names the other's port.
  for (const one of seenByA) {
    const other = [...ofB].find((other) =>
      other.port === one.peerPort && (isOpen(other) || other.peerPort === one.port)
    );
    if (other) join(one, other);
  }
  // One of them does.
  for (const other of [...ofB]) {
    const one = [...ofA].find((one) => one.port === other.peerPort && isOpen(one));
    if (one) join(one, other);
  }
  // Neither does: as many on both sides are the same cables, in the order of their names.
  const openA = [...ofA].filter(isOpen).sort(byPort);
  const openB = [...ofB].filter(isOpen).sort(byPort);
  if (openA.length === openB.length) openA.forEach((one, index) => join(one, openB[index]!));
  // A bridge or VLAN stands for whichever port the other end names.
  const [lastA, lastB] = [[...ofA], [...ofB]];
  if (lastA.length === 1 && lastB.length === 1) {
    const [one, other] = [lastA[0]!, lastB[0]!];
    if (one.kind === "virtual" || other.kind === "virtual") join(one, other);
  }

  for (const one of ofA) {
    links.push({
      kind: kindOf(one.kind, one.peerKind),
      a: { node: a, port: one.port },
      b: { node: b, port: isOpen(one) ? "" : one.peerPort! },
      ...{ aSeenMs: one.atMs, bSeenMs: null, alsoOn: one.alsoOn },
    });
  }
  for (const other of ofB) {
    links.push({
      kind: kindOf(other.kind, other.peerKind),
      a: { node: a, port: isOpen(other) ? "" : other.peerPort! },
      b: { node: b, port: other.port },
      ...{ aSeenMs: null, bSeenMs: other.atMs, alsoOn: other.alsoOn },
    });
  }
  return links;
}

/** It does not say which port the other end is; a bridge is no port. */
function isOpen({ peerPort, peerKind }: Sighting): boolean {
  return peerPort === null || peerKind === "virtual";
}

/** The port nearest to the cable: what the other end names may be better than a bridge. */
function nearest(own: Sighting, other: Sighting): string {
  return own.kind === "virtual" && other.peerPort !== null && other.peerKind !== "virtual"
    ? other.peerPort
    : own.port;
}

function above(own: Sighting, other: Sighting): string[] {
  return nearest(own, other) === own.port ? own.alsoOn : [own.port, ...own.alsoOn];
}

function byPort(x: Sighting, y: Sighting): number {
  return x.port.localeCompare(y.port, "en", { numeric: true });
}

const ORDER: readonly PortKind[] = ["tunnel", "wireless", "wired", "virtual"];

function kindOf(a: PortKind, b: PortKind | null): PortKind {
  return ORDER.find((kind) => kind === a || kind === b)!;
}
