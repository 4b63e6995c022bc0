import { deepEqual, equal } from "node:assert/strict";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { hasPeaks, plotData, valueRange } from "./plot_options.ts";

Deno.test("valueRange() starts amounts at zero and fits what has no zero", () => {
  deepEqual(valueRange("bps", 100, 1_000, false), [0, 1_100]);
  deepEqual(valueRange("bps", null, null, false), [0, 1]);
  deepEqual(valueRange("percent", 3, 7, true), [0, 100]);
  deepEqual(valueRange("dbm", -70, -50, false), [-73, -47]);
  deepEqual(valueRange("volt", 24, 24, false), [23.5, 24.5]);
});

Deno.test("plotData() draws the peaks of buckets that hide them, where lines are few", () => {
  const set = (tier: SeriesSet["tier"], lines: number): SeriesSet => ({
    ...{ tier, stepSeconds: 300, from: "", to: "", leftOut: 0, times: [0, 300] },
    series: Array.from({ length: lines }, (_, i) => ({
      ...{ name: `${i}`, unit: "bps" as const, average: [1, 2], max: [3, 4] },
    })),
  });
  deepEqual(plotData(set("1h", 2)).slice(1), [[1, 2], [1, 2], [3, 4], [3, 4]]);
  equal(hasPeaks(set("raw", 2)), false);
  equal(plotData(set("1h", 5)).length, 6);
});
