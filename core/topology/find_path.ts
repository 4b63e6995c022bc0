import type { PathHop, Topology, TopologyLink, TopologyPath } from "@/core/contract/topology.ts";
import { NotFound } from "@/core/errors.ts";

/**
 * The way from one node to another over the fewest links. Links that nobody saw lately are taken only
 * where there is no other way, and the answer says so; those that are gone never.
 *
 * @throws {NotFound} also for a node of another tenant
 */
export function findPath({ nodes, links }: Topology, from: string, to: string): TopologyPath {
  const names = new Map(nodes.map(({ key, name }) => [key, name]));
  for (const key of [from, to]) {
    if (!names.has(key)) throw new NotFound("Cannot find this router in the topology");
  }
  const seen = links.filter(({ state }) => state === "both" || state === "one_side");
  const sure = shortest(seen, from, to);
  const way = sure ?? shortest(links.filter(({ state }) => state !== "gone"), from, to);
  const hops = way?.map(({ link, key }): PathHop => {
    const [near, far] = link.a.node === key ? [link.a, link.b] : [link.b, link.a];
    const end = ({ node, interface: name }: TopologyLink["a"]) => ({
      ...{ key: node, name: names.get(node) ?? node, interface: name },
    });
    return { link, from: end(near), to: end(far) };
  });
  return { hops: hops ?? null, isDoubtful: !sure && way !== undefined };
}

interface Step {
  link: TopologyLink;
  /** The node it starts at. */
  key: string;
}

/** Breadth first. Of parallel links the fastest is named. */
function shortest(links: readonly TopologyLink[], from: string, to: string): Step[] | undefined {
  const around = new Map<string, TopologyLink[]>();
  const speed = ({ a, b }: TopologyLink) => Math.min(a.speedBps ?? 0, b.speedBps ?? Infinity);
  for (const link of links.toSorted((x, y) => speed(y) - speed(x))) {
    for (const { node } of [link.a, link.b]) {
      const own = around.get(node);
      if (own) own.push(link);
      else around.set(node, [link]);
    }
  }
  const cameBy = new Map<string, Step>();
  const queue = [from];
  for (const key of queue) {
    if (key === to) break;
    for (const link of around.get(key) ?? []) {
      const next = link.a.node === key ? link.b.node : link.a.node;
      if (next === from || cameBy.has(next)) continue;
      cameBy.set(next, { link, key });
      queue.push(next);
    }
  }
  if (from !== to && !cameBy.has(to)) return undefined;
  const way: Step[] = [];
  for (let key = to; key !== from;) {
    const step = cameBy.get(key)!;
    way.unshift(step);
    key = step.key;
  }
  return way;
}
