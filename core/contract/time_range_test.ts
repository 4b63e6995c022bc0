import { deepEqual, equal } from "node:assert/strict";
import { fixedRange, lastOf, readTimeRange, spanOf, writeTimeRange } from "./time_range.ts";

const read = (query: string) => readTimeRange(new URLSearchParams(query), "24h");

Deno.test("a time range survives the address of the page", () => {
  const fixed = fixedRange(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2))!;
  for (const range of [lastOf("7d"), fixed]) {
    const params = new URLSearchParams("range=1h&from=x&to=y&chart=cpu");
    writeTimeRange(params, range);
    deepEqual(readTimeRange(params), range);
    equal(params.get("chart"), "cpu");
  }
  deepEqual(spanOf(fixed, 0), { from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z" });
  deepEqual(spanOf(lastOf("1h"), 3_600_000), {
    from: "1970-01-01T00:00:00.000Z",
    to: "1970-01-01T01:00:00.000Z",
  });
});

Deno.test("readTimeRange() takes the usual range for what it cannot read", () => {
  for (
    const query of [
      "",
      "range=forever",
      "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
      "from=0001-01-01&to=9999-01-01",
      "from=yesterday&to=today",
    ]
  ) deepEqual(read(query), lastOf("24h"), query);
});
