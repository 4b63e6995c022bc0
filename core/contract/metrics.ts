import { z } from "zod";

/** A reader chooses the tier so that a query reads at most about 2,000 points a series. */
export const TIERS = ["raw", "5m", "1h"] as const;
export type Tier = typeof TIERS[number];

/**
 * Series of one chart in columns, as uPlot takes them: `times` in seconds since the epoch, one array
 * of values a series, `null` where nothing was measured (drawn as a gap).
 */
export const SeriesSet = z.object({
  tier: z.enum(TIERS),
  /** Width of one point's bucket; raw points carry the poll interval. */
  stepSeconds: z.number(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  times: z.array(z.number()),
  series: z.array(z.object({
    name: z.string(),
    unit: z.enum([
      "percent",
      "bytes",
      "bps",
      "celsius",
      "volt",
      "count",
      "dbm",
      "per_second",
      "other",
    ]),
    average: z.array(z.number().nullable()),
    /** Highest within the bucket; the same as `average` for raw points. */
    max: z.array(z.number().nullable()),
  })),
});
export type SeriesSet = z.infer<typeof SeriesSet>;

/** What a device chart can show. */
export const DEVICE_CHARTS = [
  "cpu",
  "memory",
  "temperature",
  "voltage",
  "traffic",
  "clients",
] as const;
export const DeviceChart = z.enum(DEVICE_CHARTS);
export type DeviceChart = z.infer<typeof DeviceChart>;
