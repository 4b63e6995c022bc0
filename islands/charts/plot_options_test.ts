import { deepEqual } from "node:assert/strict";
import { valueRange } from "./plot_options.ts";

Deno.test("valueRange() starts amounts at zero and fits what has no zero", () => {
  deepEqual(valueRange("bps", 100, 1_000, false), [0, 1_100]);
  deepEqual(valueRange("bps", null, null, false), [0, 1]);
  deepEqual(valueRange("percent", 3, 7, true), [0, 100]);
  deepEqual(valueRange("dbm", -70, -50, false), [-73, -47]);
  deepEqual(valueRange("volt", 24, 24, false), [23.5, 24.5]);
});
