import type { Comparison, DeviceChart } from "@/core/contract/charts.ts";
import type { SeriesSet, Tier } from "@/core/contract/metrics.ts";
import type { Scope } from "@/core/scope.ts";

/** ISO 8601; `from` inclusive, `to` exclusive. */
export interface TimeSpan {
  from: string;
  to: string;
}

export interface ChartQuery extends TimeSpan {
  deviceId: string;
  chart: DeviceChart;
  /** Interfaces, radios or sensors; none named: all physical interfaces, radios, sensors. */
  names?: readonly string[] | undefined;
  /** Of charts of interfaces: all of them in one line each way. True unless names are given. */
  isSum?: boolean | undefined;
}

export interface CompareQuery extends TimeSpan {
  deviceIds: readonly string[];
  chart: Comparison;
}

export interface SparklineQuery extends TimeSpan {
  deviceIds: readonly string[];
  metric: "cpu" | "memory" | "temperature" | "clients";
  /** At most this many points a line. */
  points: number;
}

/**
 * Reads series, whatever table layout stands behind. Every method needs `metrics:read`, and a device
 * of another tenant is not found.
 */
export interface MetricReader {
  /**
   * @throws {InvalidInput} if the range is empty or longer than ten years
   * @throws {NotFound} if the device is not the tenant's
   */
  series(scope: Scope, query: ChartQuery): Promise<SeriesSet>;
  /**
   * One line a device, in the order asked, over one time axis.
   *
   * @throws {InvalidInput} also if there are more devices than can be told apart
   * @throws {NotFound} if one of the devices is not the tenant's
   */
  compare(scope: Scope, query: CompareQuery): Promise<SeriesSet>;
  /** One line a device, averages, `null` where nothing was measured; a device without data has none. */
  sparklines(scope: Scope, query: SparklineQuery): Promise<Map<string, (number | null)[]>>;
}

/** Most devices that one question about sparklines may name. */
export const MAX_SPARKLINES = 500;

/** Most points of one series. */
export const MAX_POINTS = 2_000;
/** Most points of each of many series. */
export const MAX_POINTS_OF_MANY = 600;

const RAW_MOST_MS = 24 * 3_600_000;
/** Most raw rows of a series that are read, and of all series of a chart: each lies on a page of its own. */
const RAW_MOST_ROWS = 2_400;
const RAW_MOST_ROWS_OF_ALL = 6_000;
const FIVE_MINUTE_MOST_MS = 7 * 24 * 3_600_000;
const FIVE_MINUTE_MOST_ROWS_OF_ALL = 30_000;

/**
 * The tier for a range, and the width of a point: raw up to 24 hours where the poll interval allows,
 * 5-minute buckets up to 7 days, above that hours; several to a point when they would be too many. A
 * chart that is made of many series is read from coarser rows.
 */
export function chooseTier(
  spanMs: number,
  intervalSeconds: number,
  { maxPoints = MAX_POINTS, series = 1 }: { maxPoints?: number; series?: number } = {},
): { tier: Tier; stepSeconds: number } {
  const rows = spanMs / 1_000 / intervalSeconds;
  const buckets = spanMs / 300_000;
  const several = (points: number) => Math.max(1, Math.ceil(points / maxPoints));
  const isFew = rows <= RAW_MOST_ROWS && rows * series <= RAW_MOST_ROWS_OF_ALL;
  if (spanMs <= RAW_MOST_MS && isFew) {
    return { tier: "raw", stepSeconds: intervalSeconds * several(rows) };
  }
  if (spanMs <= FIVE_MINUTE_MOST_MS && buckets * series <= FIVE_MINUTE_MOST_ROWS_OF_ALL) {
    // A week has 2,016: the bound is "about".
    return { tier: "5m", stepSeconds: 300 * several(buckets / 1.01) };
  }
  return { tier: "1h", stepSeconds: 3_600 * several(spanMs / 3_600_000) };
}
