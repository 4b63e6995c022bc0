import { equal, ok } from "node:assert/strict";
import { nextDue } from "./schedule.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FIRST = "00000000-0000-4000-8000-000000000000";
const LAST = "ffffffff-ffff-4fff-bfff-ffffffffffff";
const noon = Date.UTC(2026, 0, 1, 12);

Deno.test("nextDue() is the coming night, at a time of the device's own", () => {
  const options = { backupHour: 1, failures: 0 };
  equal(nextDue(noon, FIRST, options), Date.UTC(2026, 0, 2, 1));
  const last = nextDue(noon, LAST, options);
  ok(last > Date.UTC(2026, 0, 2, 4, 59) && last <= Date.UTC(2026, 0, 2, 5));
  equal(nextDue(Date.UTC(2026, 0, 2, 1), FIRST, options), Date.UTC(2026, 0, 3, 1));
});

Deno.test("nextDue() after failures is soon, then later, never past the night", () => {
  const after = (failures: number) => nextDue(noon, FIRST, { backupHour: 23, failures }) - noon;
  equal(after(1), 5 * 60_000);
  equal(after(3), HOUR);
  equal(after(50), 6 * HOUR);
  equal(nextDue(noon, FIRST, { backupHour: 13, failures: 9 }) - noon, HOUR);
  ok(after(1) < DAY);
});
