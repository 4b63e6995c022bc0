import type { Topology, TopologyLink, TopologyNode } from "@/core/contract/topology.ts";

/** Fleets beyond this start as sites; each opens on its own. */
export const GROUP_ABOVE = 300;

export type NodeStatus = NonNullable<TopologyNode["status"]>;

/** What is drawn as one node: a device, a stranger, a segment, or a site with all of its routers. */
export interface ViewNode {
  key: string;
  kind: TopologyNode["kind"] | "site";
  name: string;
  /** The second line. */
  detail: string;
  status: NodeStatus | null;
  /** Of a site: its routers by status. */
  counts: Partial<Record<NodeStatus, number>> | null;
  siteId: string | null;
}

/** What is drawn as one line: a link, or all links between two sites. */
export interface ViewEdge {
  key: string;
  a: string;
  b: string;
  links: TopologyLink[];
  /** Of parallel lines between the same two nodes: how far from the middle, in steps. */
  offset: number;
}

export interface ViewGraph {
  nodes: ViewNode[];
  edges: ViewEdge[];
}

export interface ViewOptions {
  isGrouped: boolean;
  /** Sites whose routers are shown one by one although others are grouped. */
  openSites: ReadonlySet<string>;
  /** Only this site and what its routers are linked to. */
  siteId: string | undefined;
  showUnmanaged: boolean;
}

const siteKey = (id: string) => `site:${id}`;

/** What is drawn of a topology. */
export function viewGraph(topology: Topology, options: ViewOptions): ViewGraph {
  const { nodes, links } = ofSite(topology, options.siteId);
  const shown = options.showUnmanaged ? nodes : withoutStrangers(nodes, links);
  const isOpen = ({ siteId }: TopologyNode) =>
    !options.isGrouped || siteId === null || options.openSites.has(siteId) ||
    options.siteId === siteId;
  const standsFor = new Map<string, string>();
  const grouped = new Map<string, TopologyNode[]>();
  const view: ViewNode[] = [];
  for (const node of shown) {
    if (node.kind === "device" && !isOpen(node)) {
      standsFor.set(node.key, siteKey(node.siteId!));
      const own = grouped.get(node.siteId!);
      if (own) own.push(node);
      else grouped.set(node.siteId!, [node]);
    } else if (node.kind === "device" || !options.isGrouped) {
      standsFor.set(node.key, node.key);
      view.push(toView(node));
    }
  }
  const paths = new Map(topology.sites.map(({ id, path }) => [id, path]));
  for (const [id, devices] of grouped) view.push(toSite(id, paths.get(id) ?? "Site", devices));
  if (options.isGrouped) addStrangers(shown, links, standsFor, view);
  return { nodes: view, edges: edgesOf(links, standsFor) };
}

/** Of what nobody manages only what hangs on something that is drawn one by one. */
function addStrangers(
  nodes: readonly TopologyNode[],
  links: readonly TopologyLink[],
  standsFor: Map<string, string>,
  view: ViewNode[],
): void {
  const others = new Map(nodes.filter(({ kind }) => kind !== "device").map((n) => [n.key, n]));
  for (const { a, b } of links) {
    for (const [here, there] of [[a.node, b.node], [b.node, a.node]] as const) {
      const other = others.get(there);
      if (!other || standsFor.get(here) !== here) continue;
      others.delete(there);
      standsFor.set(there, there);
      view.push(toView(other));
    }
  }
}

function ofSite(topology: Topology, siteId: string | undefined): Pick<Topology, "nodes" | "links"> {
  if (siteId === undefined) return topology;
  const own = new Set(topology.nodes.filter((n) => n.siteId === siteId).map(({ key }) => key));
  const links = topology.links.filter(({ a, b }) => own.has(a.node) || own.has(b.node));
  const near = new Set([...own, ...links.flatMap(({ a, b }) => [a.node, b.node])]);
  return { nodes: topology.nodes.filter(({ key }) => near.has(key)), links };
}

/** Neither strangers, nor segments that then join fewer than two. */
function withoutStrangers(
  nodes: readonly TopologyNode[],
  links: readonly TopologyLink[],
): TopologyNode[] {
  const kinds = new Map(nodes.map(({ key, kind }) => [key, kind]));
  const joined = new Map<string, number>();
  for (const { a, b } of links) {
    for (const [here, there] of [[a.node, b.node], [b.node, a.node]] as const) {
      if (kinds.get(there) !== "unmanaged") joined.set(here, (joined.get(here) ?? 0) + 1);
    }
  }
  return nodes.filter(({ key, kind }) =>
    kind === "device" || (kind === "segment" && (joined.get(key) ?? 0) > 1)
  );
}

function edgesOf(
  links: readonly TopologyLink[],
  standsFor: ReadonlyMap<string, string>,
): ViewEdge[] {
  const pairs = new Map<string, ViewEdge[]>();
  for (const link of links) {
    const [from, to] = [standsFor.get(link.a.node), standsFor.get(link.b.node)];
    if (from === undefined || to === undefined || from === to) continue;
    const [a, b] = from < to ? [from, to] : [to, from];
    const pair = `${a} ${b}`;
    const own = pairs.get(pair) ?? [];
    pairs.set(pair, own);
    // Between two single nodes each cable is a line; a site shows one to each other.
    if (own[0] && (a.startsWith("site:") || b.startsWith("site:"))) own[0].links.push(link);
    else own.push({ key: link.id, a, b, links: [link], offset: 0 });
  }
  return [...pairs.values()].flatMap((own) =>
    own.map((edge, index) => ({ ...edge, offset: index - (own.length - 1) / 2 }))
  );
}

function toView(node: TopologyNode): ViewNode {
  const { key, kind, name, status, siteId, address, model, macAddress } = node;
  const detail = kind === "segment"
    ? "Nobody says what is there"
    : [model, address ?? macAddress].filter(Boolean).join(" · ");
  return { key, kind, name, detail, status, counts: null, siteId };
}

/** The worst that is true of its routers colours a site. */
const WORST_FIRST: readonly NodeStatus[] = ["offline", "unknown", "pending", "online", "disabled"];

function toSite(id: string, path: string, devices: readonly TopologyNode[]): ViewNode {
  const counts: ViewNode["counts"] = {};
  for (const { status } of devices) if (status) counts[status] = (counts[status] ?? 0) + 1;
  const bad = counts.offline ? ` · ${counts.offline} offline` : "";
  const name = path.split(" / ").at(-1)!;
  return {
    ...{ key: siteKey(id), kind: "site", name, counts, siteId: id },
    detail: `${devices.length} ${devices.length === 1 ? "router" : "routers"}${bad}`,
    status: WORST_FIRST.find((status) => counts[status]) ?? null,
  };
}

/** How busy a line is: 0 not known, 1 hardly, 4 nearly full. */
export function busyLevel(links: readonly TopologyLink[]): 0 | 1 | 2 | 3 | 4 {
  const known = links.flatMap(({ utilisationPercent }) => utilisationPercent ?? []);
  if (known.length === 0) return 0;
  const most = Math.max(...known);
  return most >= 80 ? 4 : most >= 50 ? 3 : most >= 25 ? 2 : 1;
}

/** The best of several: one of them that works joins the two. */
export function edgeState(links: readonly TopologyLink[]): TopologyLink["state"] {
  const order = ["both", "one_side", "stale", "gone"] as const;
  return order.find((state) => links.some((link) => link.state === state)) ?? "gone";
}
