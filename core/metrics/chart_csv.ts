import type { SeriesSet } from "@/core/contract/metrics.ts";
import { csvLine } from "@/core/csv.ts";

/** Lines a piece. */
const STEP = 500;

/** Times in UTC, each series with its unit, and its highest where a point is more than one reading. */
export function* chartCsv({ tier, times, series }: SeriesSet): Generator<string> {
  const hasMax = tier !== "raw";
  yield csvLine([
    "time",
    ...series.flatMap(({ name, unit }) => {
      const head = `${name} (${unit})`;
      return hasMax ? [head, `${name} highest (${unit})`] : [head];
    }),
  ]);
  for (let at = 0; at < times.length; at += STEP) {
    yield times.slice(at, at + STEP).map((time, i) => {
      const values = series.flatMap(({ average, max }) =>
        hasMax ? [average[at + i]!, max[at + i]!] : [average[at + i]!]
      );
      // A point that only marks a gap says nothing.
      return values.every((value) => value === null)
        ? ""
        : csvLine([new Date(time * 1_000).toISOString(), ...values]);
    }).join("");
  }
}
