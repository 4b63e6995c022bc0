import { z } from "zod";

/** A reader chooses the tier so that a query reads at most about 2,000 points a series. */
export const TIERS = ["raw", "5m", "1h"] as const;
export type Tier = typeof TIERS[number];

export const UNITS = [
  "percent",
  "bytes",
  "bps",
  "celsius",
  "volt",
  "ampere",
  "watt",
  "rpm",
  "count",
  "dbm",
  "per_second",
  "milliseconds",
  "other",
] as const;
export type Unit = typeof UNITS[number];

/**
 * Series of one chart in columns, as uPlot takes them: `times` in seconds since the epoch, one array
 * of values a series, `null` where nothing was measured (see `gaps.ts` for which of these are gaps).
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
    /** Whose line it is, in a comparison. */
    deviceId: z.string().optional(),
    unit: z.enum(UNITS),
    average: z.array(z.number().nullable()),
    /** Highest within the bucket; the same as `average` for raw points. */
    max: z.array(z.number().nullable()),
  })),
  /** Lines there are beyond those answered. */
  leftOut: z.number().int(),
});
export type SeriesSet = z.infer<typeof SeriesSet>;
