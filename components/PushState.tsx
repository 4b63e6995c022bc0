import type { PushState as State } from "@/core/contract/pushes.ts";
import { PUSH_WORDS } from "@/core/contract/push_views.ts";

const CIRCLE = "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Z";
const RING = "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Zm0 1.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8Z";
const TRIANGLE = "M6 1l5.2 9.5H.8z";
const SQUARE = "M2 2h8v8H2z";
const BACK = "M5 1L0 6l5 5V8h6V4H5z";

const LOOKS: Readonly<Record<State, readonly [tone: string, shape: string]>> = {
  draft: ["text-info", RING],
  backed_up: ["text-info", RING],
  armed: ["text-info", RING],
  applied: ["text-warn", TRIANGLE],
  confirming: ["text-info", RING],
  confirmed: ["text-ok", CIRCLE],
  reverting: ["text-warn", BACK],
  reverted: ["text-text-2", BACK],
  failed: ["text-text-2", SQUARE],
  unknown: ["text-bad", TRIANGLE],
};

/** How far a push is: a shape and a word. */
export function PushState({ state }: { state: State }) {
  const [tone, shape] = LOOKS[state];
  return (
    <span class={`inline-flex items-center gap-1.5 whitespace-nowrap font-medium ${tone}`}>
      <svg width="10" height="10" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
        <path d={shape} />
      </svg>
      {PUSH_WORDS[state]}
    </span>
  );
}
