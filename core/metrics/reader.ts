import type { DeviceChart, SeriesSet, Tier } from "@/core/contract/metrics.ts";
import type { Scope } from "@/core/scope.ts";

export interface ChartQuery {
  deviceId: string;
  chart: DeviceChart;
  /** ISO 8601; `from` inclusive, `to` exclusive. */
  from: string;
  to: string;
  /** For `traffic`: one interface; absent: all physical ones together. */
  interface?: string | undefined;
}

export interface SparklineQuery {
  deviceIds: readonly string[];
  metric: "cpu" | "memory" | "temperature" | "clients";
  from: string;
  to: string;
  /** At most this many points a line. */
  points: number;
}

/**
 * Reads series, whatever table layout stands behind. Every method needs `metrics:read`, and a device
 * of another tenant has no points.
 */
export interface MetricReader {
  /** @throws {InvalidInput} if the range is empty or longer than ten years */
  series(scope: Scope, query: ChartQuery): Promise<SeriesSet>;
  /** One line a device, averages, `null` where nothing was measured; a device without data has none. */
  sparklines(scope: Scope, query: SparklineQuery): Promise<Map<string, (number | null)[]>>;
}

/** Most devices that one question about sparklines may name. */
export const MAX_SPARKLINES = 500;

/** Most points of one series. */
export const MAX_POINTS = 2_000;

const RAW_MOST_MS = 24 * 3_600_000;
const FIVE_MINUTE_MOST_MS = 7 * 24 * 3_600_000;

/**
 * The tier for a range, and the width of a point: raw up to 24 hours where the poll interval allows,
 * 5-minute buckets up to 7 days, above that hours, several to a point when they would be too many.
 */
export function chooseTier(
  spanMs: number,
  intervalSeconds: number,
): { tier: Tier; stepSeconds: number } {
  if (spanMs <= RAW_MOST_MS && spanMs / 1_000 / intervalSeconds <= MAX_POINTS) {
    return { tier: "raw", stepSeconds: intervalSeconds };
  }
  // A week has 2,016: the bound is "about".
  if (spanMs <= FIVE_MINUTE_MOST_MS) return { tier: "5m", stepSeconds: 300 };
  const hours = Math.ceil(spanMs / 3_600_000 / MAX_POINTS);
  return { tier: "1h", stepSeconds: hours * 3_600 };
}
