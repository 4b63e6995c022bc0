import type { SeriesSet } from "@/core/contract/metrics.ts";

export interface Point {
  series: string;
  /** Seconds since the epoch. */
  time: number;
  average: number | null;
  max: number | null;
}

/** A step may be late by this much before it is a gap. */
const GAP_STEPS = 2.5;

/**
 * Points of several series as columns over one time axis. Where all of them are silent for longer than
 * {@linkcode GAP_STEPS} steps, one time with `null`s stands, so that a chart draws a gap, not a line.
 */
export function toColumns(
  points: readonly Point[],
  { unit, stepSeconds, names }: {
    unit: SeriesSet["series"][number]["unit"];
    stepSeconds: number;
    /** Series that are there even without a point; others follow in order of name. */
    names: readonly string[];
  },
): Pick<SeriesSet, "times" | "series"> {
  const measured = [...new Set(points.map(({ time }) => time))].sort((a, b) => a - b);
  const times: number[] = [];
  for (const time of measured) {
    const last = times.at(-1);
    if (last !== undefined && time - last > stepSeconds * GAP_STEPS) times.push(last + stepSeconds);
    times.push(time);
  }
  const index = new Map(times.map((time, index) => [time, index]));
  const others = new Set(points.map(({ series }) => series));
  for (const name of names) others.delete(name);
  const series = [...names, ...[...others].sort()].map((name) => ({
    name,
    unit,
    average: Array<number | null>(times.length).fill(null),
    max: Array<number | null>(times.length).fill(null),
  }));
  const byName = new Map(series.map((each) => [each.name, each]));
  for (const { series: name, time, average, max } of points) {
    const at = index.get(time)!;
    byName.get(name)!.average[at] = average;
    byName.get(name)!.max[at] = max;
  }
  return { times, series };
}
