import { deepEqual, equal } from "node:assert/strict";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { appendSeries } from "./append_series.ts";

const iso = (seconds: number) => new Date(seconds * 1_000).toISOString();
const set = (times: number[], lines: Record<string, (number | null)[]>): SeriesSet => ({
  ...{ tier: "raw", stepSeconds: 10, from: iso(0), to: iso(100), leftOut: 0, times },
  series: Object.entries(lines).map(([name, values]) => ({
    ...{ name, unit: "bps" as const, average: values, max: values },
  })),
});
const span = { from: iso(10), to: iso(110) };

Deno.test("appendSeries() adds what is new and drops what left the range", () => {
  const grown = appendSeries(
    set([0, 10, 20], { rx: [1, 2, 3], tx: [4, 5, 6] }),
    set([20, 30], { rx: [9, 7] }),
    span,
  )!;
  deepEqual(grown.times, [10, 20, 30]);
  deepEqual(grown.series.map(({ average }) => average), [[2, 3, 7], [5, 6, null]]);
  deepEqual([grown.from, grown.to], [span.from, span.to]);
});

Deno.test("appendSeries() leaves a gap after a silence", () => {
  const grown = appendSeries(set([0, 10], { rx: [1, 2] }), set([90], { rx: [3] }), span)!;
  deepEqual(grown.times, [10, 20, 90]);
  deepEqual(grown.series[0]!.average, [2, null, 3]);
  deepEqual(appendSeries(set([], { rx: [] }), set([20], { rx: [1] }), span)!.times, [20]);
});

Deno.test("appendSeries() refuses what does not fit together", () => {
  const old = set([0], { rx: [1] });
  equal(appendSeries(old, { ...set([10], { rx: [1] }), stepSeconds: 60 }, span), undefined);
  equal(appendSeries(old, set([10], { other: [1] }), span), undefined);
  deepEqual(appendSeries(old, set([], { rx: [] }), span)!.times, [0]);
});
