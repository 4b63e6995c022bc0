import type { Scan } from "@/core/contract/scans.ts";

const WORDS: Record<Scan["status"], readonly [string, string]> = {
  running: ["Running", "text-info"],
  done: ["Done", "text-ok"],
  cancelled: ["Stopped", "text-text-2"],
  interrupted: ["Interrupted", "text-warn"],
  failed: ["Failed", "text-bad"],
};

/** Where a scan is, in a word, and how far it came if it is not through. */
export function ScanStatus({ scan }: { scan: Scan }) {
  const [word, tone] = WORDS[scan.status];
  return (
    <span class={`whitespace-nowrap ${tone}`}>
      {scan.isStopping ? "Stopping…" : word}
      {scan.status !== "done" && scan.status !== "failed" &&
        ` at ${scan.done.toLocaleString("en-US")} of ${scan.total.toLocaleString("en-US")}`}
    </span>
  );
}
