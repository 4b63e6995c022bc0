import { deepEqual, equal } from "node:assert/strict";
import * as read from "./values.ts";

const table = <Out>(
  name: string,
  reader: (value: string | undefined) => Out,
  rows: [string | undefined, Out][],
) => {
  for (const [value, want] of rows) {
    Deno.test(`${name}() reads ${JSON.stringify(value)}`, () => deepEqual(reader(value), want));
  }
};

table("seconds", read.wholeSeconds, [
  ["1w4d23h26m9s", 604_800 + 4 * 86_400 + 23 * 3_600 + 26 * 60 + 9],
  ["3h5m54s", 11_154],
  ["49s", 49],
  ["9ms445us", 0],
  ["00:14:03", 843],
  ["1d02:03:04", 93_784],
  ["never", null],
  ["", null],
  [undefined, null],
  ["5 apples", null],
]);
table("bitsPerSecond", read.bitsPerSecond, [
  ["1Gbps", 1e9],
  ["2.5Gbps", 2.5e9],
  ["144.4Mbps-20MHz/2S/SGI", 144_400_000],
  ["6Mbps", 6e6],
  ["866700000", 866_700_000],
  ["unlimited", null],
  [undefined, null],
]);
table("dbm", read.dbm, [
  ["-67dBm@6Mbps", -67],
  ["-67", -67],
  ["-67@6Mbps,-70@12Mbps", -67],
  ["", null],
  ["999", null],
]);
table("counter", read.counter, [
  ["18446744073709551615", "18446744073709551615"],
  ["007", "7"],
  ["-1", null],
  ["1e9", null],
  [undefined, null],
]);
table("version", read.version, [
  ["7.18.2 (stable)", { version: "7.18.2", channel: "stable" }],
  ["6.49.14 (long-term)", { version: "6.49.14", channel: "long-term" }],
  ["7.25beta5", { version: "7.25beta5", channel: null }],
  ["<script>", { version: "", channel: null }],
]);
table("number", read.number, [["33C", 33], ["-2.843dBm", -2.843], ["", null], ["abc", null]]);

Deno.test("isAtLeast() compares numbers, not letters", () => {
  equal(read.isAtLeast("7.9", 7, 13), false);
  equal(read.isAtLeast("7.13.1", 7, 13), true);
  equal(read.isAtLeast("6.49.14", 7, 0), false);
});
