import type { ConfigRetention } from "@/core/contract/config_policy.ts";

/** A version as retention sees it. */
export interface AgedVersion {
  readonly id: string;
  readonly takenAt: Date;
  /** Read last; what is younger than this was in force then. */
  readonly seenAt: Date;
  readonly isPartial: boolean;
  /** Pinned by hand, restored from, or needed by something that goes on. */
  readonly isKept: boolean;
}

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday: weeks begin on Monday. */
const MONDAY_MS = 3 * DAY_MS;

/**
 * Which versions of one router go. All of the last days stay, then the last whole one of each day, week
 * and month; past the last tier none. The newest, and the newest that is whole, always stay.
 */
export function planRetention(
  versions: readonly AgedVersion[],
  { allDays, dailyDays, weeklyDays, monthlyDays }: ConfigRetention,
  nowMs: number,
): string[] {
  const newestFirst = versions.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  const safe = new Set([newestFirst[0]?.id, newestFirst.find((one) => !one.isPartial)?.id]);
  const taken = new Set<string>();
  const gone: string[] = [];
  for (const { id, takenAt, seenAt, isPartial, isKept } of newestFirst) {
    const ageDays = (nowMs - seenAt.getTime()) / DAY_MS;
    if (ageDays <= allDays) continue;
    const bucket = isPartial ? undefined : bucketOf(takenAt, ageDays, {
      ...{ dailyDays, weeklyDays, monthlyDays },
    });
    const isFirst = bucket !== undefined && !taken.has(bucket);
    if (bucket !== undefined) taken.add(bucket);
    if (!isFirst && !isKept && !safe.has(id)) gone.push(id);
  }
  return gone;
}

function bucketOf(
  at: Date,
  ageDays: number,
  { dailyDays, weeklyDays, monthlyDays }: Omit<ConfigRetention, "allDays">,
): string | undefined {
  const day = at.toISOString().slice(0, 10);
  if (ageDays <= dailyDays) return `day ${day}`;
  if (ageDays <= weeklyDays) return `week ${Math.floor((at.getTime() + MONDAY_MS) / (7 * DAY_MS))}`;
  if (ageDays <= monthlyDays) return `month ${day.slice(0, 7)}`;
  return undefined;
}
