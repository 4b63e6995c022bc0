import { GAP_STEPS, usualStep } from "@/core/contract/gaps.ts";
import type { SeriesSet, Unit } from "@/core/contract/metrics.ts";

export interface Point {
  series: string;
  /** Seconds since the epoch. */
  time: number;
  average: number | null;
  max: number | null;
}

export interface Line {
  name: string;
  deviceId?: string;
}

/**
 * Points of several series as columns over one time axis. Where all of them are silent for longer than
 * {@linkcode GAP_STEPS} of their steps, one time with `null`s stands, so that a chart draws a gap, not
 * a line.
 */
export function toColumns(
  points: readonly Point[],
  { unit, stepSeconds, lines }: {
    unit: Unit;
    stepSeconds: number;
    /** Series that are there even without a point, in their order; others follow by name. */
    lines: readonly (Line & { key?: string })[];
  },
): Pick<SeriesSet, "times" | "series"> {
  const measured = [...new Set(points.map(({ time }) => time))].sort((a, b) => a - b);
  const step = usualStep(measured, stepSeconds);
  const times: number[] = [];
  for (const time of measured) {
    const last = times.at(-1);
    if (last !== undefined && time - last > step * GAP_STEPS) times.push(last + step);
    times.push(time);
  }
  const index = new Map(times.map((time, index) => [time, index]));
  const known = new Set(lines.map(({ key, name }) => key ?? name));
  const others = [...new Set(points.map(({ series }) => series))]
    .filter((name) => !known.has(name)).sort(naturally);
  const columns = [...lines, ...others.map((name): Line & { key?: string } => ({ name }))].map((
    { key, ...line },
  ) => ({
    key: key ?? line.name,
    series: {
      ...line,
      unit,
      average: Array<number | null>(times.length).fill(null),
      max: Array<number | null>(times.length).fill(null),
    },
  }));
  const byKey = new Map(columns.map(({ key, series }) => [key, series]));
  for (const { series, time, average, max } of points) {
    const at = index.get(time)!;
    byKey.get(series)!.average[at] = average;
    byKey.get(series)!.max[at] = max;
  }
  return { times, series: columns.map(({ series }) => series) };
}

const collator = new Intl.Collator("en", { numeric: true });

/** ether2 before ether10. */
export function naturally(a: string, b: string): number {
  return collator.compare(a, b);
}
