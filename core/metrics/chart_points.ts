import type { DeviceChart } from "@/core/contract/charts.ts";
import type { ChartSource } from "./chart_sources.ts";
import type { PointRow } from "./read_points.ts";
import type { Point } from "./series_set.ts";

export interface LineNames {
  /** Lines that the chart has even without a point. */
  fixed: readonly string[];
  of(key: string, measure: string): string;
}

/** What the lines are called: by what they measure, by whose they are, or by both. */
export function lineNames(
  chart: DeviceChart,
  { table, key, measures }: ChartSource,
  keys: readonly string[],
): LineNames {
  const isOfOne = table === "interface" && keys.length === 1;
  if (key === null) return { fixed: [chart], of: () => chart };
  if (isOfOne) return { fixed: measures.map(({ name }) => name), of: (_, measure) => measure };
  if (chart === "utilization") return { fixed: keys, of: (key) => key };
  const of = (key: string, measure: string) => measure === "" ? key : `${key} ${measure}`;
  return { fixed: keys.flatMap((key) => measures.map(({ name }) => of(key, name))), of };
}

/** Rows as points of named lines; what is not measured makes none. */
export function chartPoints(
  chart: DeviceChart,
  { measures }: ChartSource,
  rows: readonly PointRow[],
  { names, speeds }: { names: LineNames; speeds: ReadonlyMap<string, number> },
): Point[] {
  if (chart === "utilization") {
    return rows.flatMap((row) => used(row, names, speeds.get(row.key)));
  }
  return rows.flatMap(({ key, time, values, extremes }) =>
    measures.flatMap(({ name }, i) =>
      values[i] === null
        ? []
        : [{ series: names.of(key, name), time, average: values[i]!, max: extremes[i]! }]
    )
  );
}

/** Percent of the link's speed: each way for one interface, the busier way for each of several. */
function used(
  { key, time, values, extremes }: PointRow,
  names: LineNames,
  speed?: number,
): Point[] {
  if (!speed) return [];
  const share = (value: number | null) => value === null ? null : value / speed * 100;
  const [rx, tx, rxMax, txMax] = [...values, ...extremes].map(share) as (number | null)[];
  const isOfOne = names.of(key, "rx") === "rx";
  if (isOfOne) {
    return [
      { series: "rx", time, average: rx!, max: rxMax! },
      { series: "tx", time, average: tx!, max: txMax! },
    ];
  }
  const higher = (a: number | null, b: number | null) =>
    a === null ? b : b === null ? a : Math.max(a, b);
  return [{
    ...{ series: names.of(key, ""), time },
    ...{ average: higher(rx!, tx!), max: higher(rxMax!, txMax!) },
  }];
}
