import { GAP_STEPS, usualStep } from "@/core/contract/gaps.ts";
import type { SeriesSet } from "@/core/contract/metrics.ts";

/**
 * A chart with the newest points at its end, and what is now before its range cut off. `undefined`
 * when the two do not fit together (another bucket width, other lines): then all is read anew.
 */
export function appendSeries(
  set: SeriesSet,
  tail: SeriesSet,
  span: { from: string; to: string },
): SeriesSet | undefined {
  if (set.tier !== tail.tier || set.stepSeconds !== tail.stepSeconds) return undefined;
  const last = set.times.at(-1) ?? -Infinity;
  const first = tail.times.findIndex((time) => time > last);
  if (first < 0) return { ...set, ...span };
  const known = new Set(set.series.map(({ name }) => name));
  if (tail.series.some(({ name, average }) => !known.has(name) && average.some(isNumber))) {
    return undefined;
  }
  const start = Date.parse(span.from) / 1_000;
  const kept = Math.max(set.times.findIndex((time) => time >= start), 0);
  const added = tail.times.slice(first);
  const isGap = added[0]! - last > usualStep(set.times, set.stepSeconds) * GAP_STEPS;
  const gap = isGap && set.times.length > 0 ? [last + set.stepSeconds] : [];
  const none = gap.map(() => null);
  const byName = new Map(tail.series.map((series) => [series.name, series]));
  const joined = (old: (number | null)[], more: (number | null)[] | undefined) => [
    ...old.slice(kept),
    ...none,
    ...(more?.slice(first) ?? added.map(() => null)),
  ];
  return {
    ...set,
    ...span,
    times: [...set.times.slice(kept), ...gap, ...added],
    series: set.series.map((series) => ({
      ...series,
      average: joined(series.average, byName.get(series.name)?.average),
      max: joined(series.max, byName.get(series.name)?.max),
    })),
  };
}

function isNumber(value: number | null): boolean {
  return value !== null;
}
