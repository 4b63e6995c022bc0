import type { ComponentChildren } from "preact";
import { ago, bps, percent, utc } from "@/core/contract/format.ts";
import type { LinkEnd, LinkState, TopologyLink, TopologyNode } from "@/core/contract/topology.ts";

import { now } from "../../live.ts";

const KINDS = {
  wired: "Cable",
  wireless: "Radio link",
  tunnel: "Tunnel",
  virtual: "Link, its port not known",
} as const;

/** What a state means, for this very link. */
export function stateWords(
  { state, b, a }: TopologyLink,
  nodes: ReadonlyMap<string, TopologyNode>,
): { word: string; tone: string } {
  const isStranger = [a, b].some(({ node }) => nodes.get(node)?.kind !== "device");
  const words: Record<LinkState, { word: string; tone: string }> = {
    both: { word: "Both ends see each other", tone: "text-ok" },
    one_side: isStranger
      ? { word: "Seen by the managed end", tone: "text-ok" }
      : { word: "Only one end sees the other", tone: "text-warn" },
    stale: { word: "Not seen lately", tone: "text-warn" },
    gone: { word: "Gone: its ends do not see each other any more", tone: "text-bad" },
  };
  return words[state];
}

/** Everything known of one link. */
export function LinkFacts({ link, nodes, onSelect }: {
  link: TopologyLink;
  nodes: ReadonlyMap<string, TopologyNode>;
  onSelect: (key: string) => void;
}) {
  const state = stateWords(link, nodes);
  return (
    <div class="grid gap-3">
      <p>
        {KINDS[link.kind]}
        <span class={`block text-sm font-medium ${state.tone}`}>{state.word}</span>
      </p>
      {[link.a, link.b].map((end, index) => (
        <End key={index} end={end} node={nodes.get(end.node)} onSelect={onSelect} />
      ))}
      <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <Fact label="Busy">
          {link.utilisationPercent === null
            ? "not known: no end tells speed and rate"
            : `${percent(link.utilisationPercent)} of the fuller direction`}
        </Fact>
        <Fact label="Seen since">
          <span title={utc(link.firstSeenAt)}>{ago(link.firstSeenAt, now.value)}</span>
        </Fact>
        <Fact label="Last seen">
          <span title={utc(link.lastSeenAt)}>{ago(link.lastSeenAt, now.value)}</span>
        </Fact>
        {link.alsoOn.length > 0 && (
          <Fact label="Also on">
            <bdi class="break">{link.alsoOn.join(", ")}</bdi>
          </Fact>
        )}
      </dl>
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <>
      <dt class="text-text-3">{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function End({ end, node, onSelect }: {
  end: LinkEnd;
  node: TopologyNode | undefined;
  onSelect: (key: string) => void;
}) {
  return (
    <div class="rounded border border-line p-2 text-sm">
      <button
        type="button"
        class="break text-left font-medium underline"
        onClick={() => onSelect(end.node)}
      >
        <bdi>{node?.name ?? end.node}</bdi>
      </button>
      <p class="flex flex-wrap gap-x-3">
        {end.interface === null
          ? <span class="text-text-3">port not known</span>
          : node?.kind === "device"
          ? (
            <a class="underline" href={`/devices/${node.key}/interfaces`}>
              <bdi>{end.interface}</bdi>
            </a>
          )
          : <bdi>{end.interface}</bdi>}
        {end.isRunning === false && <span class="text-bad">down</span>}
        {end.speedBps !== null && <span>{bps(end.speedBps)}</span>}
      </p>
      {(end.rxBps !== null || end.txBps !== null) && (
        <p class="text-text-2">in {bps(end.rxBps)} · out {bps(end.txBps)}</p>
      )}
    </div>
  );
}
