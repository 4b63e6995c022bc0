import { equal } from "node:assert/strict";
import type { StateRow } from "./device_track.ts";
import { StateWrites } from "./state_writes.ts";

const row = (
  seconds: number,
  data: unknown,
  section: StateRow["section"] = "counts",
): StateRow => ({
  section,
  sampledAt: new Date(seconds * 1_000).toISOString(),
  data,
});

function written(...[first, ...rest]: StateRow[]): boolean[] {
  const writes = new StateWrites();
  return [first!, ...rest].map((row) => {
    const text = writes.wanted("d", row);
    if (text !== undefined) writes.keep("d", row, text);
    return text !== undefined;
  });
}

Deno.test("StateWrites writes what changed, at most every 20 s", () => {
  equal(written(row(0, 1), row(10, 2), row(19, 3), row(20, 4)).join(), "true,false,false,true");
});

Deno.test("StateWrites leaves out what did not change, for five minutes", () => {
  equal(written(row(0, 1), row(60, 1), row(299, 1), row(300, 1)).join(), "true,false,false,true");
});

Deno.test("StateWrites writes interfaces again whatever they hold", () => {
  equal(written(row(0, [], "interfaces"), row(60, [], "interfaces")).join(), "true,true");
});

Deno.test("StateWrites writes again what was not committed", () => {
  const writes = new StateWrites();
  equal(writes.wanted("d", row(0, 1)), "1");
  equal(writes.wanted("d", row(1, 1)), "1");
});
