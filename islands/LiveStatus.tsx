import { useEffect } from "preact/hooks";
import { duration } from "@/core/contract/format.ts";
import { connection, follow, heardAt, now } from "./live.ts";

const TONES = { connecting: "text-text-3", live: "text-ok", down: "text-bad" };
/** Younger needs no words: every beat of the server is so far from the next. */
const OLD_MS = 20_000;

/** Whether what the page shows is live, and how old it is when not. The page works without. */
export default function LiveStatus() {
  useEffect(() => follow({}), []);
  const state = connection.value;
  const ageMs = now.value - heardAt.value;
  const age = duration(ageMs / 1_000);
  const words = state === "connecting"
    ? "Connecting…"
    : state === "down"
    ? `Not live: data is ${age} old`
    : ageMs > OLD_MS
    ? `Quiet for ${age}`
    : "Live";
  return (
    <span
      class={`inline-flex items-center gap-2 text-sm ${TONES[state]}`}
      role="status"
      title={state === "down" ? "Reconnecting. The page works meanwhile." : undefined}
      data-testid="live-status"
    >
      <svg width="8" height="8" aria-hidden="true">
        <circle cx="4" cy="4" r="4" fill="currentColor" />
      </svg>
      <span class="nav-text">{words}</span>
    </span>
  );
}
