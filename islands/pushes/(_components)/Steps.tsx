import type { Push } from "@/core/contract/push_views.ts";
import type { PushState } from "@/core/contract/pushes.ts";
import { utc } from "@/core/contract/format.ts";
import { localClock } from "@/core/contract/zone_time.ts";

const WAY: readonly [PushState, string][] = [
  ["draft", "Accepted"],
  ["backed_up", "Kept the old"],
  ["armed", "Way back ready"],
  ["applied", "Applied and proven"],
];
const ENDS: Readonly<Partial<Record<PushState, string>>> = {
  confirmed: "Confirmed",
  reverted: "Reverted",
  failed: "Not applied",
  unknown: "Unknown",
};

/** The states that it went through with their times, and those that are still to come. */
export function Steps({ push }: { push: Push }) {
  const times = new Map<PushState, string>([["draft", push.createdAt]]);
  for (const { state, at } of push.timeline) if (!times.has(state)) times.set(state, at);
  const end = push.endedAt !== null || push.state === "unknown" ? push.state : undefined;
  const rank = WAY.findIndex(([state]) => state === push.state);
  const steps: { label: string; at: string | undefined; isHere: boolean; tone: string }[] = [
    ...WAY.filter(([state]) => !end || times.has(state)).map(([state, label], index) => ({
      label,
      at: index <= rank || rank < 0 ? times.get(state) : undefined,
      isHere: state === push.state,
      tone: times.has(state) ? "bg-accent" : "bg-line-strong",
    })),
    {
      label: end ? ENDS[end]! : push.state === "reverting" ? "Reverting" : "Settled",
      at: end ? push.endedAt ?? push.updatedAt : undefined,
      isHere: end !== undefined || push.state === "reverting" || push.state === "confirming",
      tone: end === "confirmed"
        ? "bg-ok"
        : end === "unknown"
        ? "bg-bad"
        : end
        ? "bg-warn"
        : "bg-line-strong",
    },
  ];
  return (
    <ol class="grid gap-x-3 gap-y-2 sm:auto-cols-fr sm:grid-flow-col" aria-label="Steps">
      {steps.map(({ label, at, isHere, tone }) => (
        <li key={label} aria-current={isHere ? "step" : undefined} class="min-w-0">
          <span class={`mb-1 block h-1 rounded-full ${tone}`} aria-hidden="true" />
          <span class={isHere ? "font-medium" : at ? "" : "text-text-3"}>{label}</span>
          <span class="mono block text-xs text-text-3" title={at && utc(at)}>
            {at ? localClock(at) : "–"}
          </span>
        </li>
      ))}
    </ol>
  );
}
