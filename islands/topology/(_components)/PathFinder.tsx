import { percent } from "@/core/contract/format.ts";
import type { TopologyNode, TopologyPath } from "@/core/contract/topology.ts";
import { NodePicker } from "./NodePicker.tsx";

export interface Ends {
  from: string | undefined;
  to: string | undefined;
}

/** The way between two nodes, hop by hop. */
export function PathFinder({ ends, path, problem, nodes, byKey, onEnds, onSelect }: {
  ends: Ends;
  path: TopologyPath | undefined;
  problem: string;
  nodes: readonly TopologyNode[];
  byKey: ReadonlyMap<string, TopologyNode>;
  onEnds: (ends: Ends) => void;
  onSelect: (key: string) => void;
}) {
  const nameOf = (key: string | undefined) => key === undefined ? undefined : byKey.get(key)?.name;
  return (
    <div class="grid gap-2">
      {(["from", "to"] as const).map((end) => (
        <div key={end}>
          <NodePicker
            label={end === "from" ? "From router" : "To router"}
            chosen={nameOf(ends[end])}
            nodes={nodes}
            onChoose={({ key }) => onEnds({ ...ends, [end]: key })}
          />
          {ends[end] !== undefined && (
            <p class="mt-0.5 text-sm">
              {end}: <bdi class="font-medium">{nameOf(ends[end]) ?? "not in the picture"}</bdi>
            </p>
          )}
        </div>
      ))}
      {problem && <p class="break text-sm text-bad" role="alert">{problem}</p>}
      {path && <Hops path={path} onSelect={onSelect} />}
      {(ends.from ?? ends.to) !== undefined && (
        <button
          type="button"
          class="btn justify-self-start"
          onClick={() => onEnds({ from: undefined, to: undefined })}
        >
          Clear path
        </button>
      )}
    </div>
  );
}

function Hops({ path, onSelect }: { path: TopologyPath; onSelect: (key: string) => void }) {
  const { hops, isDoubtful } = path;
  if (hops === null) return <p class="text-sm">No chain of links joins the two.</p>;
  if (hops.length === 0) return <p class="text-sm">Both are the same router.</p>;
  return (
    <>
      <p class="text-sm">
        {hops.length === 1 ? "1 hop" : `${hops.length} hops`}
        {isDoubtful && (
          <span class="block text-warn">
            Over links that nobody saw lately: it may not work now.
          </span>
        )}
      </p>
      <ol class="grid gap-1 text-sm" data-testid="hops">
        {hops.map(({ from, to, link }, index) => (
          <li key={index} class="rounded border border-line p-2">
            <button
              type="button"
              class="break text-left font-medium underline"
              onClick={() =>
                onSelect(from.key)}
            >
              <bdi>{from.name}</bdi>
            </button>
            <span class="break block text-text-2">
              <bdi>{from.interface ?? "?"}</bdi> → <bdi>{to.interface ?? "?"}</bdi>
              {link.utilisationPercent !== null && ` · ${percent(link.utilisationPercent)} busy`}
            </span>
            {index === hops.length - 1 && (
              <button
                type="button"
                class="break text-left font-medium underline"
                onClick={() => onSelect(to.key)}
              >
                <bdi>{to.name}</bdi>
              </button>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
