import { Status } from "@/components/Status.tsx";
import type { Topology, TopologyNode, TopologyPath } from "@/core/contract/topology.ts";
import type { NodeStatus, ViewGraph, ViewNode } from "../view_graph.ts";
import { LinkFacts } from "./LinkFacts.tsx";
import { NodeFacts } from "./NodeFacts.tsx";
import { type Ends, PathFinder } from "./PathFinder.tsx";

type Target = { node: string } | { edge: string };

/** Beside the picture: what is selected, and the way between two routers. */
export function SidePanel(props: {
  topology: Topology | undefined;
  graph: ViewGraph;
  byKey: ReadonlyMap<string, TopologyNode>;
  selected: Target | undefined;
  ends: Ends;
  path: TopologyPath | undefined;
  pathProblem: string;
  mayAdopt: boolean;
  openSites: readonly string[];
  onEnds: (ends: Ends) => void;
  onSelect: (what: Target) => void;
  onOpenSite: (id: string) => void;
  onCloseSite: (id: string) => void;
}) {
  const { topology, byKey, ends, path, pathProblem, onEnds, onSelect } = props;
  return (
    <aside
      class="grid content-start gap-3 overflow-auto lg:max-h-[calc(100dvh-12.5rem)]"
      aria-label="Details"
    >
      <section class="panel grid gap-3 p-4" data-testid="topology-details">
        <Selection {...props} />
      </section>
      <details class="panel p-4" open={ends.from !== undefined || ends.to !== undefined}>
        <summary class="mb-2 font-semibold">Path between two routers</summary>
        <PathFinder
          ends={ends}
          path={path}
          problem={pathProblem}
          nodes={topology?.nodes ?? []}
          byKey={byKey}
          onEnds={onEnds}
          onSelect={(key) => onSelect({ node: key })}
        />
      </details>
    </aside>
  );
}

function Selection(
  { topology, graph, byKey, selected, ends, mayAdopt, openSites, ...on }: Parameters<
    typeof SidePanel
  >[0],
) {
  if (!topology || !selected) {
    return (
      <>
        <h2 class="font-semibold">Nothing selected</h2>
        <p class="text-sm text-text-2">
          Click a node or a line. Drag to move, scroll to zoom; with the keyboard, arrows go from
          node to node.
        </p>
      </>
    );
  }
  if ("edge" in selected) {
    const lines = graph.edges.find(({ key }) => key === selected.edge)?.links ??
      topology.links.filter(({ id }) => id === selected.edge);
    return (
      <>
        <h2 class="font-semibold">{lines.length === 1 ? "Link" : `${lines.length} links`}</h2>
        {lines.slice(0, 20).map((link) => (
          <LinkFacts
            key={link.id}
            link={link}
            nodes={byKey}
            onSelect={(key) => on.onSelect({ node: key })}
          />
        ))}
      </>
    );
  }
  const { node: key } = selected;
  const site = graph.nodes.find((one) => one.key === key && one.kind === "site");
  if (site) return <SiteFacts site={site} onOpen={() => on.onOpenSite(site.siteId!)} />;
  const node = byKey.get(key);
  if (!node) return <p class="text-sm text-text-2">It is not in the picture any more.</p>;
  const { siteId } = node;
  return (
    <>
      <h2 class="break font-semibold">
        <bdi>{node.name}</bdi>
      </h2>
      <NodeFacts
        node={node}
        site={topology.sites.find(({ id }) => id === siteId)?.path}
        links={topology.links.filter(({ a, b }) => a.node === key || b.node === key)}
        nodes={byKey}
        mayAdopt={mayAdopt}
        onLink={(id) => on.onSelect({ edge: id })}
        onPath={(end) => on.onEnds({ ...ends, [end]: key })}
      />
      {siteId && openSites.includes(siteId) && (
        <button
          type="button"
          class="btn justify-self-start"
          onClick={() => on.onCloseSite(siteId)}
        >
          Close its site
        </button>
      )}
    </>
  );
}

function SiteFacts({ site, onOpen }: { site: ViewNode; onOpen: () => void }) {
  return (
    <>
      <h2 class="break font-semibold">
        <bdi>{site.name}</bdi>
      </h2>
      <ul class="grid gap-1 text-sm">
        {Object.entries(site.counts ?? {}).map(([status, count]) => (
          <li key={status} class="flex gap-2">
            <Status status={status as NodeStatus} /> {count}
          </li>
        ))}
      </ul>
      <button type="button" class="btn btn-primary justify-self-start" onClick={onOpen}>
        Show its routers
      </button>
    </>
  );
}
