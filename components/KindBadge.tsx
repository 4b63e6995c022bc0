import type { ClientKind } from "@/core/contract/clients.ts";

const WORDS: Record<ClientKind, { word: string; why: string } | undefined> = {
  client: undefined,
  neighbour: { word: "neighbour", why: "It announces itself by LLDP, CDP or MNDP" },
  router: { word: "router", why: "An interface of a router that is managed here" },
};

/** Says what is no client but a part of the network itself. */
export function KindBadge({ kind }: { kind: ClientKind }) {
  const badge = WORDS[kind];
  if (!badge) return null;
  return (
    <span class="rounded border border-line px-1.5 text-xs text-text-2" title={badge.why}>
      {badge.word}
    </span>
  );
}
