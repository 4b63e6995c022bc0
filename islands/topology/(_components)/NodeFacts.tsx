import { Status } from "@/components/Status.tsx";
import { percent } from "@/core/contract/format.ts";
import type { TopologyLink, TopologyNode } from "@/core/contract/topology.ts";
import { stateWords } from "./LinkFacts.tsx";

/** What is known of one node, what it is linked to, and where one goes from here. */
export function NodeFacts({ node, site, links, nodes, mayAdopt, onLink, onPath }: {
  node: TopologyNode;
  site: string | undefined;
  links: readonly TopologyLink[];
  nodes: ReadonlyMap<string, TopologyNode>;
  mayAdopt: boolean;
  onLink: (id: string) => void;
  onPath: (end: "from" | "to") => void;
}) {
  const facts = [node.model, node.version && `RouterOS ${node.version}`].filter(Boolean).join(
    " · ",
  );
  return (
    <div class="grid gap-3">
      <div class="grid gap-1">
        {node.status ? <Status status={node.status} /> : (
          <p class="text-text-2">
            {node.kind === "segment"
              ? "Several ports see each other here. What joins them says nothing of itself: a switch " +
                "that is not managed, or a provider's network."
              : "Seen by its neighbours, not managed here."}
          </p>
        )}
        {(node.address ?? node.macAddress) && (
          <p class="mono break text-sm">{node.address ?? node.macAddress}</p>
        )}
        {facts && (
          <p class="break text-sm text-text-2">{node.kind === "device" ? facts : node.model}</p>
        )}
        {site && (
          <p class="text-sm text-text-2">
            <bdi class="break">{site}</bdi>
          </p>
        )}
      </div>
      <div class="flex flex-wrap gap-2">
        {node.kind === "device" && <a class="btn" href={`/devices/${node.key}`}>Open router</a>}
        {node.kind === "unmanaged" && mayAdopt && node.address && (
          <a
            class="btn btn-primary"
            href={`/devices/new?${new URLSearchParams({ address: node.address })}`}
          >
            Add this router
          </a>
        )}
        <button type="button" class="btn" onClick={() => onPath("from")}>Path from here</button>
        <button type="button" class="btn" onClick={() => onPath("to")}>Path to here</button>
      </div>
      {node.kind === "unmanaged" && !node.address && (
        <p class="text-sm text-text-3">
          It does not tell its address, so it cannot be added from here.
        </p>
      )}
      <h3 class="font-semibold">
        {links.length === 0 ? "No links" : links.length === 1 ? "1 link" : `${links.length} links`}
      </h3>
      <ul class="grid gap-1">
        {links.slice(0, 100).map((link) => {
          const [near, far] = link.a.node === node.key ? [link.a, link.b] : [link.b, link.a];
          const { word, tone } = stateWords(link, nodes);
          return (
            <li key={link.id}>
              <button
                type="button"
                class="w-full rounded border border-line p-2 text-left text-sm hover:bg-raised"
                onClick={() => onLink(link.id)}
              >
                <span class="break block">
                  <bdi>{near.interface ?? "?"}</bdi> → <bdi>{nodes.get(far.node)?.name ?? "?"}</bdi>
                  {far.interface !== null && (
                    <>
                      {" "}
                      <bdi class="text-text-2">{far.interface}</bdi>
                    </>
                  )}
                </span>
                <span class={`text-xs ${tone}`}>{word}</span>
                {link.utilisationPercent !== null && (
                  <span class="text-xs text-text-3">
                    {` · ${percent(link.utilisationPercent)} busy`}
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
      {links.length > 100 && <p class="text-sm text-text-3">The first 100 are shown.</p>}
    </div>
  );
}
