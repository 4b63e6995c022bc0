import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { TopologyPath } from "@/core/contract/topology.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { Canvas, type CanvasHandle } from "./(_components)/Canvas.tsx";
import { Legend } from "./(_components)/Legend.tsx";
import { matching } from "./(_components)/NodePicker.tsx";
import { type Ends } from "./(_components)/PathFinder.tsx";
import { SidePanel } from "./(_components)/SidePanel.tsx";
import { Toolbar } from "./(_components)/Toolbar.tsx";
import type { Point } from "./layout.ts";
import { LayoutWorker } from "./layout_in_worker.ts";
import { useTopology } from "./use_topology.ts";
import { GROUP_ABOVE, type NodeStatus, viewGraph, type ViewNode } from "./view_graph.ts";

const SAVE_AFTER_MS = 700;

/** What the page's address says; a link shows a colleague the same. */
export interface TopologyQuery {
  site: string | undefined;
  status: NodeStatus | undefined;
  unmanaged: boolean;
  /** Absent: as the fleet's size suggests. */
  grouped: boolean | undefined;
  open: string[];
  from: string | undefined;
  to: string | undefined;
}

type Selected = { node: string } | { edge: string } | undefined;

export default function Topology({ query, mayArrange, mayAdopt }: {
  query: TopologyQuery;
  mayArrange: boolean;
  mayAdopt: boolean;
}) {
  const source = useTopology();
  const { topology, saved } = source;
  const wanted = useSignal(query);
  const search = useSignal("");
  const selected = useSignal<Selected>(undefined);
  const placed = useSignal<ReadonlyMap<string, Point>>(new Map());
  const path = useSignal<TopologyPath | undefined>(undefined);
  const pathProblem = useSignal("");
  const layoutProblem = useSignal("");
  const isLaidOut = useSignal(false);
  const change = useChange();
  const canvas = useRef<CanvasHandle | undefined>(undefined);
  const worker = useRef<LayoutWorker | undefined>(undefined);
  const moved = useRef(new Map<string, Point>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const isGrouped = useComputed(() =>
    wanted.value.grouped ??
      (topology.value?.nodes.filter(({ kind }) => kind === "device").length ?? 0) > GROUP_ABOVE
  );
  const graph = useComputed(() =>
    topology.value
      ? viewGraph(topology.value, {
        isGrouped: isGrouped.value,
        openSites: new Set(wanted.value.open),
        siteId: wanted.value.site,
        showUnmanaged: wanted.value.unmanaged,
      })
      : { nodes: [], edges: [] }
  );
  /** What the layout depends on: not on states and rates. */
  const shape = useComputed(() =>
    JSON.stringify([
      graph.value.nodes.map(({ key }) => key),
      [...new Set(graph.value.edges.map(({ a, b }) => `${a} ${b}`))],
    ])
  );
  const points = useComputed(() => {
    const all = new Map(placed.value);
    for (const [key, point] of saved.value) if (all.has(key)) all.set(key, point);
    return all;
  });
  const byKey = useComputed(() => new Map(topology.value?.nodes.map((node) => [node.key, node])));
  const found = useComputed(() =>
    new Set(matching(topology.value?.nodes ?? [], search.value).map(({ key }) => standIn(key)))
  );
  const onPath = useComputed(() =>
    new Set(path.value?.hops?.flatMap(({ from, to }) => [standIn(from.key), standIn(to.key)]))
  );

  /** The node that shows this one: its site where that is closed. */
  function standIn(key: string): string {
    if (placed.value.has(key)) return key;
    const siteId = byKey.value.get(key)?.siteId;
    return siteId ? `site:${siteId}` : key;
  }

  useEffect(() => {
    worker.current = new LayoutWorker((text) => layoutProblem.value = text);
    const leave = () => void save();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      worker.current?.[Symbol.dispose]();
    };
  }, []);

  useEffect(() => {
    if (!topology.value) return;
    const [nodes, pairs] = JSON.parse(shape.value) as [string[], string[]];
    const edges = graph.value.edges.map(({ a, b }) => [a, b] as const);
    const isFirst = placed.value.size === 0;
    void worker.current!.layOut({ nodes, edges: pairs.length > 0 ? edges : [] }).then((laid) => {
      if (!laid) return;
      placed.value = laid;
      isLaidOut.value = true;
      if (isFirst || !selected.value) requestAnimationFrame(() => canvas.current?.fit());
    });
  }, [shape.value]);

  useEffect(() => {
    const { from, to } = wanted.value;
    path.value = undefined;
    pathProblem.value = "";
    if (from === undefined || to === undefined) return;
    let isOld = false;
    void ask(`/api/topology/path?${new URLSearchParams({ from, to })}`).then(async (answer) => {
      const body = await answer.json();
      if (isOld) return;
      if (answer.ok) path.value = body;
      else pathProblem.value = body.title;
    }).catch(() => pathProblem.value = "The server did not answer: try again.");
    return () => {
      isOld = true;
    };
  }, [wanted.value.from, wanted.value.to]);

  function setQuery(next: Partial<TopologyQuery>) {
    wanted.value = { ...wanted.value, ...next };
    const { site, status, unmanaged, grouped, open, from, to } = wanted.value;
    const address = new URLSearchParams({
      ...(site && { site }),
      ...(status && { status }),
      ...(!unmanaged && { unmanaged: "0" }),
      ...(grouped !== undefined && { grouped: grouped ? "1" : "0" }),
      ...(open.length > 0 && { open: open.join(",") }),
      ...(from && { from }),
      ...(to && { to }),
    });
    history.replaceState(null, "", address.size > 0 ? `?${address}` : location.pathname);
  }

  function show(key: string) {
    const at = standIn(key);
    selected.value = { node: key };
    canvas.current?.centre(at);
  }

  function open(key: string) {
    const node = byKey.value.get(key);
    if (key.startsWith("site:")) {
      selected.value = undefined;
      setQuery({ open: [...new Set([...wanted.value.open, key.slice(5)])] });
    } else if (node?.kind === "device") location.href = `/devices/${key}`;
  }

  function move(key: string, point: Point, isDone: boolean) {
    saved.value = new Map(saved.value).set(key, point);
    moved.current.set(key, point);
    clearTimeout(timer.current);
    if (isDone) timer.current = setTimeout(() => void save(), SAVE_AFTER_MS);
  }

  async function save() {
    clearTimeout(timer.current);
    const positions = [...moved.current].map(([node, { x, y }]) => ({ node, x, y }));
    if (positions.length === 0) return;
    moved.current = new Map();
    await change.run("PUT", "/api/topology/positions", { positions });
  }

  async function reset() {
    if (
      !confirm("Forget where nodes were put? Everybody of the organisation sees the new layout.")
    ) {
      return;
    }
    moved.current = new Map();
    if (await change.run("DELETE", "/api/topology/positions")) saved.value = new Map();
    canvas.current?.fit();
  }

  const { status } = wanted.value;
  const isDimmed = ({ key, counts, status: own }: ViewNode) => {
    if (onPath.value.size > 0) return !onPath.value.has(key);
    if (search.value.trim() !== "") return !found.value.has(key);
    if (status === undefined) return false;
    return counts ? !counts[status] : own !== status;
  };
  const dimmed = new Set(graph.value.nodes.filter(isDimmed).map(({ key }) => key));
  const own = selected.value && "node" in selected.value ? standIn(selected.value.node) : undefined;
  const edge = selected.value && "edge" in selected.value ? selected.value.edge : undefined;
  const marked = new Set(
    graph.value.edges.filter(({ key, links }) =>
      key === edge || links.some(({ id }) => id === edge) ||
      path.value?.hops?.some(({ link }) => links.some(({ id }) => id === link.id))
    ).map(({ key }) => key),
  );
  const problem = source.problem.value || layoutProblem.value || change.problem.value;
  const hasLinks = (topology.value?.links.length ?? 0) > 0;

  return (
    <>
      <Toolbar
        topology={topology.value}
        query={wanted.value}
        isGrouped={isGrouped.value}
        found={found.value.size}
        search={search.value}
        onSearch={(text) => search.value = text}
        onChoose={(key) => show(key)}
        onQuery={setQuery}
        onReset={mayArrange && saved.value.size > 0 ? () => void reset() : undefined}
      />
      {problem && <p class="break mb-2 text-bad" role="alert">{problem}</p>}
      {topology.value && !hasLinks && (
        <p class="panel mb-2 p-3 text-sm text-text-2">
          No router has told of a neighbour yet. They are asked every few minutes; what they see is
          set in RouterOS at <code>/ip neighbor discovery-settings</code>.
        </p>
      )}
      <div class="grid gap-3 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div class="panel relative h-[68dvh] min-h-80 overflow-hidden lg:h-[calc(100dvh-12.5rem)]">
          <Canvas
            graph={graph.value}
            points={points.value}
            markOf={(key) =>
              key === own
                ? "selected"
                : dimmed.has(key)
                ? "dimmed"
                : found.value.has(key) || onPath.value.has(key)
                ? "found"
                : "none"}
            markedEdges={marked}
            isEdgeDimmed={(a, b) => dimmed.has(a) || dimmed.has(b)}
            selected={own}
            mayMove={mayArrange}
            onSelect={(what) => selected.value = what}
            onOpen={open}
            onMove={move}
            onReady={(handle) => canvas.current = handle}
          />
          {!isLaidOut.value && !problem && (
            <p class="absolute inset-0 grid place-items-center text-text-3" role="status">
              Laying out the picture…
            </p>
          )}
          <div class="absolute bottom-2 left-2">
            <Legend />
          </div>
          <div class="absolute right-2 bottom-2 flex gap-1">
            <button type="button" class="btn" onClick={() => canvas.current?.zoom(1.25)}>
              <span aria-hidden="true">+</span>
              <span class="sr-only">Zoom in</span>
            </button>
            <button type="button" class="btn" onClick={() => canvas.current?.zoom(0.8)}>
              <span aria-hidden="true">−</span>
              <span class="sr-only">Zoom out</span>
            </button>
            <button type="button" class="btn" onClick={() => canvas.current?.fit()}>
              Show all
            </button>
          </div>
        </div>
        <SidePanel
          topology={topology.value}
          graph={graph.value}
          byKey={byKey.value}
          selected={selected.value}
          ends={{ from: wanted.value.from, to: wanted.value.to }}
          path={path.value}
          pathProblem={pathProblem.value}
          mayAdopt={mayAdopt}
          openSites={wanted.value.open}
          onEnds={(ends: Ends) => setQuery(ends)}
          onSelect={(what) => "node" in what ? show(what.node) : selected.value = what}
          onOpenSite={(id) => open(`site:${id}`)}
          onCloseSite={(id) => setQuery({ open: wanted.value.open.filter((one) => one !== id) })}
        />
      </div>
    </>
  );
}
