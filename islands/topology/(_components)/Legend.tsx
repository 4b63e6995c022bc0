import { BUSY, dashes } from "./shapes.ts";

const KINDS = [
  ["Seen by a router", "both", "wired"],
  ["Radio", "both", "wireless"],
  ["Tunnel", "both", "tunnel"],
  ["Not seen lately", "stale", "wired"],
  ["Gone within a day", "gone", "wired"],
] as const;

/** What lines mean, in words. */
export function Legend() {
  return (
    <details class="text-sm">
      <summary class="chip bg-surface">Legend</summary>
      <div class="panel mt-1 grid gap-1 p-3">
        <p class="text-xs text-text-3">How busy: the fuller direction</p>
        {BUSY.map(({ stroke, width, word }) => (
          <p key={word} class="flex items-center gap-2">
            <svg width="34" height="10" aria-hidden="true">
              <path d="M1 5h32" class={stroke} stroke-width={width} />
            </svg>
            {word}
          </p>
        ))}
        <p class="mt-1 text-xs text-text-3">What it is</p>
        {KINDS.map(([word, state, kind]) => (
          <p key={word} class="flex items-center gap-2">
            <svg width="34" height="10" aria-hidden="true">
              <path
                d="M1 5h32"
                class="stroke-text-2"
                stroke-width={2}
                stroke-linecap="round"
                stroke-dasharray={dashes(state, kind)}
              />
            </svg>
            {word}
          </p>
        ))}
        <p class="mt-1 text-xs text-text-3">
          Dashed box: not managed. Round box: something between that nobody sees.
        </p>
      </div>
    </details>
  );
}
