import type { ChangeSetHead } from "@/core/contract/change_sets.ts";

const LOOKS = {
  draft: ["Draft", "bg-off-soft text-text-2"],
  reviewed: ["Approved", "bg-ok-soft text-ok"],
  pushed: ["Pushed", "bg-info-soft text-info"],
  discarded: ["Discarded", "bg-off-soft text-text-3"],
} as const;

/** How far a change set has come. */
export function ChangeSetState(
  { set }: { set: Pick<ChangeSetHead, "status" | "reviewAskedAt"> },
) {
  const isWaiting = set.status === "draft" && set.reviewAskedAt !== null;
  const [word, look] = isWaiting
    ? ["Waits for review", "bg-warn-soft text-warn"]
    : LOOKS[set.status];
  return <span class={`rounded px-2 py-0.5 text-sm whitespace-nowrap ${look}`}>{word}</span>;
}
