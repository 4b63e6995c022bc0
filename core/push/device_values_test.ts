import { deepEqual, equal } from "node:assert/strict";
import {
  deviceTime,
  durationMs,
  isAtLeast,
  isSame,
  parseDeviceTime,
  printDeviceTime,
} from "./device_values.ts";

Deno.test("durations as RouterOS writes them", () => {
  equal(durationMs("1w2d3h4m5s"), 788_645_000);
  equal(durationMs("00:14:03"), 843_000);
  equal(durationMs("1d02:03:04"), 93_784_000);
  equal(durationMs("9ms"), 9);
  equal(durationMs("never"), undefined);
  equal(durationMs(""), undefined);
});

Deno.test("the router's clock is written back as it wrote it", () => {
  for (const [date, time] of [["2026-11-25", "23:59:59"], ["nov/25/2026", "00:00:00"]] as const) {
    const now = deviceTime({ date, time })!;
    deepEqual(printDeviceTime(now), { date, time });
  }
  const late = deviceTime({ date: "dec/31/2026", time: "23:59:59" })!;
  deepEqual(printDeviceTime({ ...late, ms: late.ms + 2_000 }), {
    date: "jan/01/2027",
    time: "00:00:01",
  });
  equal(parseDeviceTime("00:00:30"), undefined);
});

Deno.test("versions and values", () => {
  equal(isAtLeast("7.18beta6 (testing)", 7, 18), true);
  equal(isAtLeast("7.9.2 (stable)", 7, 18), false);
  equal(isAtLeast("6.49.13 (long-term)", 7, 18), false);
  equal(isSame("yes", "true"), true);
  equal(isSame("1m", "60s"), true);
  equal(isSame("AA:bb", "aa:BB"), true);
  equal(isSame("10.0.0.1", "10.0.0.1/32"), true);
  equal(isSame("10.0.0.1", "10.0.0.2"), false);
});
