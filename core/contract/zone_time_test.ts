import { equal } from "node:assert/strict";
import { local, localClock, localDay, showTimesIn, timesAre } from "./zone_time.ts";

const NEW_YEAR = "2025-12-31T23:30:15.123Z";

Deno.test("times are UTC until a browser has told its zone, and say so", () => {
  for (const name of [undefined, "UTC", "No/Such_Zone", "<script>"]) {
    showTimesIn(name);
    equal(local(NEW_YEAR), "2025-12-31 23:30:15 UTC");
    equal(localDay(NEW_YEAR), "2025-12-31");
    equal(timesAre(), "Times are UTC.");
  }
});

Deno.test("in a zone: its clock, its day, summer and winter", () => {
  showTimesIn("Europe/Vienna");
  equal(local(NEW_YEAR), "2026-01-01 00:30:15");
  equal(localClock(NEW_YEAR), "00:30:15");
  equal(localDay(NEW_YEAR), "2026-01-01");
  equal(localClock("2026-07-01T12:00:00Z"), "14:00:00");
  equal(timesAre(), "Times are those of Europe/Vienna.");
  showTimesIn("America/New_York");
  equal(local(NEW_YEAR), "2025-12-31 18:30:15");
  equal(timesAre(), "Times are those of America/New York.");
  showTimesIn(undefined);
});
