import { deepEqual, equal } from "node:assert/strict";
import { type AgedVersion, planRetention } from "./plan_retention.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-06-30T12:00:00Z");
const RULES = { allDays: 7, dailyDays: 30, weeklyDays: 90, monthlyDays: 365 };

const version = (hoursAgo: number, given: Partial<AgedVersion> = {}): AgedVersion => {
  const at = new Date(NOW - hoursAgo * 3_600_000);
  return {
    ...{ id: `${hoursAgo}h`, takenAt: at, seenAt: at, isPartial: false, isKept: false },
    ...given,
  };
};
const left = (versions: readonly AgedVersion[]) => {
  const gone = new Set(planRetention(versions, RULES, NOW));
  return versions.filter(({ id }) => !gone.has(id));
};

Deno.test("what is young stays whole, then one a day, a week, a month, then none", () => {
  const versions = Array.from({ length: 24 * 500 / 6 }, (_, i) => version(i * 6));
  const kept = left(versions);
  const between = (from: number, to: number) =>
    kept.filter(({ takenAt }) => {
      const days = (NOW - takenAt.getTime()) / DAY_MS;
      return days > from && days <= to;
    });
  equal(between(-1, 7).length, 29, "every six hours");
  equal(between(8, 30).length, 22, "daily");
  equal(between(37, 90).length, 7, "a Sunday evening each week");
  equal(between(121, 365).length, 9, "the last of each month");
  equal(between(366, 500).length, 0);
  for (const { takenAt } of between(8, 30)) equal(takenAt.getUTCHours(), 18, "the last of its day");
});

Deno.test("the newest, what is pinned and what was read lately stay, however old they are", () => {
  const only = version(24 * 4_000);
  deepEqual(left([only]), [only]);
  const pinned = version(24 * 3_000, { isKept: true });
  const long = version(24 * 2_000, { seenAt: new Date(NOW - DAY_MS) });
  const old = version(24 * 1_000);
  deepEqual(left([pinned, long, old, version(1)]), [pinned, long, version(1)]);
});

Deno.test("a partial one never takes the place of a whole one", () => {
  const whole = version(24 * 1_500);
  const partial = version(24 * 1_400, { isPartial: true });
  deepEqual(left([whole, partial]), [whole, partial], "newest whole, and newest");
  const [early, late] = [version(24 * 20 + 2), version(24 * 20 + 1, { isPartial: true })];
  deepEqual(left([early, late, version(0)]), [early, version(0)]);
});

Deno.test("run again it removes nothing more", () => {
  const first = left(Array.from({ length: 400 }, (_, i) => version(i * 13)));
  deepEqual(left(first), first);
});
