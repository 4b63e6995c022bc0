import { useEffect } from "preact/hooks";
import { connection, follow } from "./live.ts";

const WORDS = { connecting: "Connecting…", live: "Live", down: "Not live: reconnecting…" };
const TONES = { connecting: "text-text-3", live: "text-ok", down: "text-bad" };

/** Whether what the page shows is live. The page works without; it then says so. */
export default function LiveStatus() {
  useEffect(() => follow({}), []);
  return (
    <span
      class={`inline-flex items-center gap-2 text-sm ${TONES[connection.value]}`}
      role="status"
      data-testid="live-status"
    >
      <svg width="8" height="8" aria-hidden="true">
        <circle cx="4" cy="4" r="4" fill="currentColor" />
      </svg>
      {WORDS[connection.value]}
    </span>
  );
}
