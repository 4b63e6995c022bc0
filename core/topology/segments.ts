import type { FoundLink } from "./sighting.ts";

interface Member {
  node: string;
  port: string;
}

/**
 * A cable has two ends. Where three or more ports see each other there is something between them that
 * nobody sees: a switch that is not managed, a provider's network. It becomes a node of its own, with
 * one link to each port instead of one for each pair. One radio with many stations stays a star.
 */
export function joinSegments(
  links: readonly FoundLink[],
  isManaged: (node: string) => boolean,
): { links: FoundLink[]; segments: string[] } {
  const ports = new Ports();
  const shared = links.filter(({ kind }) => kind !== "tunnel");
  for (const [index, link] of shared.entries()) ports.join(index, link);
  const groups = Map.groupBy(shared.entries(), ([index]) => ports.rootOf(index));
  const kept = links.filter(({ kind }) => kind === "tunnel");
  const segments: string[] = [];
  for (const group of groups.values()) {
    const own = group.map(([, link]) => link);
    const members = membersOf(own);
    if (members.length < 3) kept.push(...own);
    else {
      const star = starOf(own, members.length);
      if (star) kept.push(...star);
      else {
        const key = `seg:${anchor(members, isManaged)}`;
        segments.push(key);
        kept.push(...members.map((member) => spoke(member, key, own)));
      }
    }
  }
  return { links: kept, segments };
}

/** Ports that are one medium, by union and find over the links' ends. */
class Ports {
  readonly #parents = new Map<string, string>();

  join(index: number, { a, b }: FoundLink): void {
    const link = this.#find(`link ${index}`);
    // A port nobody names is a port of this link alone.
    for (const { node, port } of [a, b]) {
      if (port !== "") this.#parents.set(this.#find(`${node}\0${port}`), link);
    }
  }

  rootOf(index: number): string {
    return this.#find(`link ${index}`);
  }

  #find(key: string): string {
    let root = key;
    for (;;) {
      const above = this.#parents.get(root);
      if (above === undefined || above === root) break;
      root = above;
    }
    while (key !== root) {
      const above = this.#parents.get(key)!;
      this.#parents.set(key, root);
      key = above;
    }
    return root;
  }
}

/** The ports of a group; one without a name only where its node has no other. */
function membersOf(links: readonly FoundLink[]): Member[] {
  const members = new Map<string, Member>();
  for (const { node, port } of links.flatMap(({ a, b }) => [a, b])) {
    members.set(`${node}\0${port}`, { node, port });
  }
  const named = new Set([...members.values()].flatMap(({ node, port }) => port ? [node] : []));
  return [...members.values()].filter(({ node, port }) => port !== "" || !named.has(node));
}

/** The links of a radio to its stations, if one port of the group is that radio. */
function starOf(links: readonly FoundLink[], members: number): FoundLink[] | undefined {
  const byPort = new Map<string, FoundLink[]>();
  for (const link of links) {
    if (link.kind !== "wireless") return undefined;
    for (const { node, port } of [link.a, link.b]) {
      if (port === "") continue;
      const key = `${node}\0${port}`;
      const own = byPort.get(key);
      if (own) own.push(link);
      else byPort.set(key, [link]);
    }
  }
  const full = [...byPort.values()].filter((own) => own.length === members - 1);
  // Where everybody sees everybody nobody can tell which of them is the radio.
  return full.length === 1 ? full[0] : undefined;
}

/** Names the segment by one of its ports, so that it stays the same while others come and go. */
function anchor(members: readonly Member[], isManaged: (node: string) => boolean): string {
  const own = members.filter(({ node, port }) => port !== "" && isManaged(node));
  return (own.length > 0 ? own : members).map(({ node, port }) => `${node}/${port}`).sort()[0]!;
}

function spoke({ node, port }: Member, key: string, links: readonly FoundLink[]): FoundLink {
  let [sees, isSeen] = [null, null] as [number | null, number | null];
  const kinds = new Set<FoundLink["kind"]>();
  const alsoOn = new Set<string>();
  const later = (a: number | null, b: number | null) => a === null ? b : Math.max(a, b ?? a);
  for (const link of links) {
    for (
      const [own, ownMs, otherMs] of [
        [link.a, link.aSeenMs, link.bSeenMs],
        [link.b, link.bSeenMs, link.aSeenMs],
      ] as const
    ) {
      if (own.node !== node || (own.port !== port && own.port !== "")) continue;
      sees = later(sees, ownMs);
      isSeen = later(isSeen, otherMs);
      kinds.add(link.kind);
      for (const name of link.alsoOn) alsoOn.add(name);
    }
  }
  return {
    kind: kinds.size === 1 ? [...kinds][0]! : "wired",
    a: { node, port },
    b: { node: key, port: "" },
    aSeenMs: sees,
    bSeenMs: isSeen,
    alsoOn: [...alsoOn],
  };
}
