import { CHARTS, COMPARISONS, MAX_COMPARED, MAX_LINES } from "@/core/contract/charts.ts";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { comparisonSource, sourceOf } from "./chart_sources.ts";
import {
  type ChartedDevice,
  physicalNames,
  readChartedDevices,
  speedsOf,
} from "./charted_devices.ts";
import { chartPoints, lineNames } from "./chart_points.ts";
import {
  type ChartQuery,
  chooseTier,
  type CompareQuery,
  MAX_POINTS,
  MAX_POINTS_OF_MANY,
  type MetricReader,
  type SparklineQuery,
} from "./reader.ts";
import { readKeys, readPoints } from "./read_points.ts";
import { naturally, toColumns } from "./series_set.ts";
import { readSparklines } from "./sparklines.ts";
import { readProgress, type TierPart, tierParts } from "./tier_parts.ts";
import { rangeOf } from "./time_span.ts";

/** The reader over our own partitions and rollups. */
export class PostgresMetricReader implements MetricReader {
  /** @param intervalSeconds of devices that have none of their own */
  constructor(readonly intervalSeconds: number) {}

  async series(scope: Scope, query: ChartQuery): Promise<SeriesSet> {
    demand(scope, "metrics:read");
    const { chart } = query;
    const { fromMs, toMs, from, to, spanMs } = rangeOf(query);
    const { of, unit } = CHARTS[chart];
    const source = sourceOf(chart);
    return await scope.db.tenant(scope.tenantId, async (sql) => {
      const [device] = await readChartedDevices(sql, [query.deviceId], {
        intervalSeconds: this.intervalSeconds,
        needsInterfaces: of === "interface",
      });
      const isSum = of === "interface" && chart !== "utilization" &&
        (query.isSum ?? query.names === undefined);
      const isOne = of === "device" || isSum || query.names?.length === 1;
      const maxPoints = isOne ? MAX_POINTS : MAX_POINTS_OF_MANY;
      const done = await readProgress(sql);
      const choose = (series: number) => {
        const { intervalSeconds } = device!;
        const chosen = chooseTier(spanMs, intervalSeconds, { maxPoints, series });
        return { ...chosen, parts: tierParts(chosen.tier, fromMs, toMs, done) };
      };
      const all = await keysFor(sql, query, device!, () => choose(1).parts);
      const keys = isSum ? all : all.slice(0, MAX_LINES);
      const { tier, stepSeconds, parts } = choose(keys.length);
      const rows = await readPoints(sql, {
        ...{ source, parts, stepSeconds, isSum },
        devices: [{ id: device!.id, keys }],
        isBinned: tier !== "raw" || stepSeconds > device!.intervalSeconds,
      });
      const names = lineNames(chart, source, isSum ? [""] : keys);
      const points = chartPoints(chart, source, rows, { names, speeds: speedsOf(device!) });
      const lines = names.fixed.map((name) => ({ name }));
      const columns = toColumns(points, { unit, stepSeconds, lines });
      return {
        tier,
        stepSeconds,
        from,
        to,
        ...columns,
        leftOut: isSum ? 0 : all.length - keys.length,
      };
    });
  }

  async compare(scope: Scope, { deviceIds, chart, ...span }: CompareQuery): Promise<SeriesSet> {
    demand(scope, "metrics:read");
    const ids = [...new Set(deviceIds)];
    if (ids.length === 0 || ids.length > MAX_COMPARED) {
      throw new InvalidInput("Cannot compare these devices", [
        { path: "ids", message: `must name 1 to ${MAX_COMPARED} devices` },
      ]);
    }
    const { fromMs, toMs, from, to, spanMs } = rangeOf(span);
    const source = comparisonSource(chart);
    return await scope.db.tenant(scope.tenantId, async (sql) => {
      const needsInterfaces = source.table === "interface";
      const devices = await readChartedDevices(sql, ids, { ...this, needsInterfaces });
      // Polled at different paces, they share the slowest one's points.
      const slowest = Math.max(...devices.map(({ intervalSeconds }) => intervalSeconds));
      const quickest = Math.min(...devices.map(({ intervalSeconds }) => intervalSeconds));
      const keys = devices.map((device) => needsInterfaces ? physicalNames(device) : []);
      const { tier, stepSeconds } = chooseTier(spanMs, quickest, {
        maxPoints: MAX_POINTS_OF_MANY,
        series: needsInterfaces ? keys.flat().length : devices.length,
      });
      const step = tier === "raw" ? Math.max(stepSeconds, slowest) : stepSeconds;
      const rows = await readPoints(sql, {
        ...{ source, stepSeconds: step, isBinned: true, isSum: needsInterfaces },
        parts: tierParts(tier, fromMs, toMs, await readProgress(sql)),
        devices: devices.map(({ id }, i) => ({ id, keys: keys[i]! })),
      });
      const points = rows.map(({ device, time, values, extremes }) => ({
        ...{ series: ids[device]!, time, average: values[0]!, max: extremes[0]! },
      }));
      const lines = devices.map(({ id, name }) => ({ key: id, name, deviceId: id }));
      const { unit } = COMPARISONS[chart];
      const columns = toColumns(points, { unit, stepSeconds: step, lines });
      return { tier, stepSeconds: step, from, to, ...columns, leftOut: 0 };
    });
  }

  sparklines(scope: Scope, query: SparklineQuery): Promise<Map<string, (number | null)[]>> {
    return readSparklines(scope, query);
  }
}

/** What the chart has lines for. */
async function keysFor(
  sql: Sql,
  { chart, names }: ChartQuery,
  device: ChartedDevice,
  partsOf: () => readonly TierPart[],
): Promise<readonly string[]> {
  const { of } = CHARTS[chart];
  if (of === "device") return [];
  if (names !== undefined) return [...new Set(names)];
  if (of !== "interface") {
    return (await readKeys(sql, sourceOf(chart), device.id, partsOf())).sort(naturally);
  }
  const physical = physicalNames(device);
  if (chart !== "utilization") return physical;
  const speeds = speedsOf(device);
  return physical.filter((name) => speeds.has(name));
}
