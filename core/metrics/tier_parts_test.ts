import { deepEqual } from "node:assert/strict";
import { tierParts } from "./tier_parts.ts";

const at = (time: string) => Date.parse(`2026-01-15T${time}:00Z`);
const DAY = 86_400_000;
const now = at("12:07");
const done = { "5m": at("12:05"), "1h": at("12:00") };
const told = (...args: Parameters<typeof tierParts>) =>
  tierParts(...args).map(({ tier, fromMs, toMs }) =>
    [tier, ...[fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(8, 16))].join(" ")
  );

Deno.test("tierParts() reads what no rollup covers yet from the tier below", () => {
  deepEqual(told("raw", now - DAY, now, done), ["raw 14T12:07 15T12:07"]);
  deepEqual(told("5m", now - 2 * DAY, now, done), [
    "5m 13T12:07 15T12:05",
    "raw 15T12:05 15T12:07",
  ]);
  deepEqual(told("1h", now - 8 * DAY, now, done), [
    "1h 07T12:07 15T12:00",
    "5m 15T12:00 15T12:05",
    "raw 15T12:05 15T12:07",
  ]);
});

Deno.test("tierParts() reads a range of the past from its own tier alone", () => {
  deepEqual(told("1h", now - 9 * DAY, now - DAY, done), ["1h 06T12:07 14T12:07"]);
  deepEqual(told("5m", at("10:02"), at("11:03"), done), ["5m 15T10:02 15T11:03"]);
});

Deno.test("tierParts() takes an hour from 5 minutes when a late sample put these back", () => {
  deepEqual(told("1h", now - 8 * DAY, now, { ...done, "5m": at("11:20") }), [
    "1h 07T12:07 15T11:00",
    "5m 15T11:00 15T11:20",
    "raw 15T11:20 15T12:07",
  ]);
});

Deno.test("tierParts() reads no more than two hours raw when rollups lie behind", () => {
  deepEqual(told("5m", now - 2 * DAY, now, { "5m": 0, "1h": 0 }), [
    "5m 13T12:07 15T10:05",
    "raw 15T10:05 15T12:07",
  ]);
  deepEqual(told("1h", now - 8 * DAY, now, { "5m": 0, "1h": 0 }), [
    "1h 07T12:07 14T10:00",
    "5m 14T10:00 15T10:05",
    "raw 15T10:05 15T12:07",
  ]);
});
