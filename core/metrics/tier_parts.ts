import type { Tier } from "@/core/contract/metrics.ts";
import type { Sql } from "@/core/ports/db.ts";
import { BUCKET_MS } from "./rollups.ts";

/** A stretch of time, and the tier that is read for it. Milliseconds; `from` inclusive, `to` exclusive. */
export interface TierPart {
  tier: Tier;
  fromMs: number;
  toMs: number;
}

/** How far each rollup has come, ms since the epoch. */
export type Progress = Readonly<Record<"5m" | "1h", number>>;

/**
 * Should rollups lie far behind, what is read in their place is bounded, and the newest points miss
 * until they catch up.
 */
const LONGEST_TAIL_MS = { "5m": 2 * 3_600_000, "1h": 26 * 3_600_000 } as const;

/**
 * Buckets that are not computed yet are read from the tier below, down to raw samples: no chart ends
 * before now. A bucket is read in one tier only, so nothing counts twice.
 */
export function tierParts(
  tier: Tier,
  fromMs: number,
  toMs: number,
  done: Progress,
): TierPart[] {
  if (tier === "raw") return [{ tier, fromMs, toMs }];
  const until = (rollup: "5m" | "1h", most: number) => {
    const floor = (ms: number) => Math.floor(ms / BUCKET_MS[rollup]) * BUCKET_MS[rollup];
    return Math.min(Math.max(floor(done[rollup]), floor(toMs - LONGEST_TAIL_MS[rollup])), most);
  };
  const five = until("5m", toMs);
  // Late samples put the finer one back first: an hour counts only when its buckets do.
  const hour = tier === "5m"
    ? -Infinity
    : until("1h", five === toMs ? toMs : Math.floor(five / BUCKET_MS["1h"]) * BUCKET_MS["1h"]);
  const parts: TierPart[] = [
    { tier: "1h", fromMs, toMs: hour },
    { tier: "5m", fromMs: Math.max(fromMs, hour), toMs: five },
    { tier: "raw", fromMs: Math.max(fromMs, five), toMs },
  ];
  return parts.filter(({ fromMs, toMs }) => fromMs < toMs);
}

export async function readProgress(sql: Sql): Promise<Progress> {
  const rows = await sql<{ rollup: "5m" | "1h"; ms: number }[]>`
    select rollup, extract(epoch from done_until)::float8 * 1000 as ms from rollup_progress`;
  return { "5m": 0, "1h": 0, ...Object.fromEntries(rows.map(({ rollup, ms }) => [rollup, ms])) };
}
