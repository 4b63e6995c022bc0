import type { Job, JobCounts } from "@/core/contract/bulk_jobs.ts";

const PARTS: readonly (readonly [keyof JobCounts, string, string])[] = [
  ["done", "fill-ok", "done"],
  ["failed", "fill-bad", "failed"],
  ["unknown", "fill-warn", "unknown"],
  ["running", "fill-info", "running"],
  ["expired", "fill-off", "expired"],
  ["skipped", "fill-off", "skipped"],
];

/** A bar a wave, filled by what came of its routers. */
export function Waves({ job: { waves, wave, state } }: { job: Job }) {
  return (
    <ol class="grid grid-cols-1 gap-2">
      {waves.map(({ routers, counts }, at) => {
        const said = PARTS.filter(([name]) => counts[name] > 0)
          .map(([name, , word]) => `${counts[name]} ${word}`);
        const isNow = wave === at + 1 && (state === "running" || state === "paused");
        return (
          <li key={at} class="grid items-center gap-x-3 sm:grid-cols-[11rem_1fr]">
            <span class={`text-sm ${isNow ? "font-medium" : "text-text-2"}`}>
              Wave {at + 1}
              {at === 0 && waves.length > 1 && ", the canary"}
              {`: ${routers}`}
            </span>
            <Bar routers={routers} counts={counts} label={said.join(", ") || "not begun"} />
          </li>
        );
      })}
    </ol>
  );
}

function Bar({ routers, counts, label }: { routers: number; counts: JobCounts; label: string }) {
  let from = 0;
  const spans = PARTS.map(([name, fill]) => {
    const width = routers === 0 ? 0 : counts[name] / routers * 100;
    const span = { name, fill, from, width };
    from += width;
    return span;
  });
  return (
    <svg
      class="h-3 w-full overflow-hidden rounded-full"
      viewBox="0 0 100 3"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <rect x="0" y="0" width="100" height="3" class="fill-line" />
      {spans.map(({ name, fill, from, width }) => (
        width > 0 && <rect key={name} x={from} y="0" width={width} height="3" class={fill} />
      ))}
    </svg>
  );
}
