import { deepEqual } from "node:assert/strict";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { csvRecords } from "@/core/csv.ts";
import { chartCsv } from "./chart_csv.ts";

const set = (tier: SeriesSet["tier"], names: string[]): SeriesSet => ({
  ...{ tier, stepSeconds: 60, from: "", to: "", leftOut: 0, times: [0, 60, 120] },
  series: names.map((name) => ({
    ...{ name, unit: "bps" as const, average: [-1.5, null, 3], max: [2, null, 4] },
  })),
});

Deno.test("chartCsv() writes what was measured, and no name can be a formula", async () => {
  const text = [...chartCsv(set("5m", ['=HYPERLINK("http://192.0.2.1")', "rx"]))].join("");
  deepEqual(
    text.split("\r\n")[0],
    [
      "time",
      `"'=HYPERLINK(""http://192.0.2.1"") (bps)"`,
      `"'=HYPERLINK(""http://192.0.2.1"") highest (bps)"`,
      "rx (bps)",
      "rx highest (bps)",
    ].join(","),
  );
  deepEqual(await Array.fromAsync(csvRecords([text])).then((records) => records.slice(1)), [
    ["1970-01-01T00:00:00.000Z", "-1.5", "2", "-1.5", "2"],
    ["1970-01-01T00:02:00.000Z", "3", "4", "3", "4"],
  ]);
  deepEqual([...chartCsv(set("raw", ["rx"]))].join("").split("\r\n")[0], "time,rx (bps)");
});
