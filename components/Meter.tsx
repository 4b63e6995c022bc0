import { percent, UNKNOWN } from "@/core/contract/format.ts";

/** A percentage as a number and a bar. Width is an SVG attribute: the CSP allows no style attribute. */
export function Meter({ value, warnAt = 80, badAt = 95 }: {
  value: number | null;
  warnAt?: number;
  badAt?: number;
}) {
  if (value === null) return <span class="text-text-3">{UNKNOWN}</span>;
  const tone = value >= badAt ? "text-bad" : value >= warnAt ? "text-warn" : "text-accent";
  return (
    <span class="inline-flex items-center gap-2">
      <svg width="40" height="6" viewBox="0 0 40 6" class={`shrink-0 ${tone}`} aria-hidden="true">
        <rect width="40" height="6" rx="3" class="fill-raised" />
        <rect
          width={Math.max(2, Math.min(value, 100) * 0.4)}
          height="6"
          rx="3"
          fill="currentColor"
        />
      </svg>
      <span class="min-w-9 text-right">{percent(value)}</span>
    </span>
  );
}
