import { deepEqual, equal } from "node:assert/strict";
import { usualStep, withGaps } from "./gaps.ts";

Deno.test("withGaps() breaks the line where a series was silent, not where another one spoke", () => {
  const times = [0, 10, 20, 30, 40, 100, 110];
  const often = withGaps(times, [1, 2, 3, 4, 5, null, 7], 10);
  deepEqual(often, [1, 2, 3, 4, 5, null, 7]);
  // Asked half as often as the other: every second time has no value, and none is missing.
  const seldom = withGaps([0, 10, 20, 30, 40], [1, null, 3, null, 5], 10);
  deepEqual(seldom, [1, undefined, 3, undefined, 5]);
  deepEqual(withGaps([0, 10, 20], [null, 2, null], 10), [null, 2, null]);
});

Deno.test("usualStep() is the median, and never below the bucket", () => {
  equal(usualStep([0, 60, 120, 600], 10), 60);
  equal(usualStep([0, 10], 300), 300);
  equal(usualStep([5], 10), 10);
});
