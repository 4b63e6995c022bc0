import { deepEqual } from "node:assert/strict";
import { dayFilter } from "./day_filter.ts";

Deno.test("dayFilter takes both days whole, and leaves out what is no day", () => {
  const of = (query: string) => dayFilter(new URLSearchParams(query));
  deepEqual(of("from=2026-01-31&to=2026-01-31"), {
    shown: { from: "2026-01-31", to: "2026-01-31" },
    range: { from: "2026-01-31T00:00:00.000Z", to: "2026-02-01T00:00:00.000Z" },
  });
  for (const query of ["", "from=&to=", "from=x", "to=2026-13-01", "from=2026-01-31T00:00:00Z"]) {
    deepEqual(of(query), { shown: {}, range: {} }, query);
  }
});
