import { deepEqual, equal, rejects } from "node:assert/strict";
import { Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { makeInterface, makeSample } from "@/tests/support/samples.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { DAY_MS, ensureMetricPartitions } from "./partitions.ts";
import { PostgresMetricReader } from "./postgres_reader.ts";
import { PreviousReadings } from "./previous_readings.ts";
import { chooseTier, MAX_POINTS } from "./reader.ts";
import { advanceRollup } from "./rollups.ts";
import { toColumns } from "./series_set.ts";
import { writeReports } from "./write_reports.ts";

const T0 = Date.UTC(2026, 0, 15, 12, 0, 0);
const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

for (
  const { hours, interval, tier, step } of [
    { hours: 1, interval: 5, tier: "raw", step: 5 },
    { hours: 24, interval: 60, tier: "raw", step: 60 },
    { hours: 6, interval: 10, tier: "raw", step: 20 },
    { hours: 24, interval: 5, tier: "5m", step: 300 },
    { hours: 25, interval: 60, tier: "5m", step: 300 },
    { hours: 168, interval: 60, tier: "5m", step: 300 },
    { hours: 169, interval: 60, tier: "1h", step: 3_600 },
    { hours: 24 * 730, interval: 60, tier: "1h", step: 9 * 3_600 },
  ]
) {
  Deno.test(`chooseTier() reads ${hours} h at ${interval} s from ${tier}`, () => {
    const chosen = chooseTier(hours * HOUR, interval);
    deepEqual(chosen, { tier, stepSeconds: step });
    equal(hours * 3_600 / chosen.stepSeconds <= MAX_POINTS * 1.01, true);
  });
}

Deno.test("chooseTier() reads a chart of many series from coarser rows", () => {
  const of = (hours: number, series: number) => chooseTier(hours * HOUR, 60, { series }).tier;
  deepEqual([of(24, 4), of(24, 5), of(6, 12)], ["raw", "5m", "raw"]);
  deepEqual([of(168, 14), of(168, 15), of(720, 500)], ["5m", "1h", "1h"]);
  equal(chooseTier(24 * HOUR, 60, { maxPoints: 600 }).stepSeconds, 180);
});

Deno.test("toColumns() draws a gap as null and aligns series on one axis", () => {
  const point = (series: string, time: number, value: number) => ({
    series,
    time,
    average: value,
    max: value,
  });
  const points = [point("b", 0, 1), point("b", 60, 2), point("a", 60, 3), point("b", 600, 4)];
  const { times, series } = toColumns(points, {
    ...{ unit: "bps", stepSeconds: 60 },
    lines: [{ name: "rx" }],
  });
  deepEqual(times, [0, 60, 120, 600]);
  deepEqual(series.map(({ name, average }) => [name, average]), [
    ["rx", [null, null, null, null]],
    ["a", [null, 3, null, null]],
    ["b", [1, 2, null, 4]],
  ]);
});

Deno.test({
  name: "PostgresMetricReader reads every chart from every tier, of its own tenant only",
  sanitizeResources: false, // one server serves the whole test process
  sanitizeOps: false,
  fn: async () => {
    await using test = await openTestDb();
    const { db, acme, globex } = test;
    await ensureMetricPartitions(db, T0 - 3 * DAY_MS, T0 + DAY_MS);
    const device = await insertDevice(test, acme);
    const started = T0 - 3 * HOUR;
    const samples = Array.from({ length: 180 }, (_, minute) => minute)
      .filter((minute) => minute < 60 || minute >= 90) // half an hour of silence
      .map((minute) => {
        const port = (name: string, type: string) =>
          makeInterface(name, minute * 7_500_000, minute * 15_000_000, { type });
        return makeSample(device, started + minute * 60_000, {
          system: { cpuPercent: minute % 2 ? 10 : 20, uptimeSeconds: 1e6 + minute * 60 },
          interfaces: [port("ether1", "ether"), port("ether2", "ether"), port("br", "bridge")],
          sensors: [{ name: "temperature", kind: "temperature", value: 40, state: null }],
        });
      });
    const reports = samples.map((report) => ({
      tenantId: acme,
      report,
      atMs: Date.parse(report.sampledAt),
    }));
    await writeReports({ db, previous: new PreviousReadings(), nowMs: T0 }, acme, reports);
    for (const tier of ["5m", "1h"] as const) {
      const signal = new AbortController().signal;
      await advanceRollup(db, tier, { tenants: [acme, globex], nowMs: T0, signal });
    }
    const reader = new PostgresMetricReader(60);
    const scope = scopeOf(db, acme);
    const read = (chart: "cpu" | "traffic" | "temperature", spanMs: number, name?: string) =>
      reader.series(scope, {
        deviceId: device,
        chart,
        from: iso(T0 - spanMs),
        to: iso(T0),
        ...(name && { names: [name] }),
      });

    const raw = await read("cpu", 3 * HOUR);
    deepEqual([raw.tier, raw.times.length, raw.stepSeconds], ["raw", 151, 60]);
    deepEqual(raw.series[0]!.average.slice(58, 62), [20, 10, null, 20]);
    const five = await read("cpu", 25 * HOUR);
    deepEqual([five.tier, five.times.length], ["5m", 31]);
    deepEqual(five.series[0]!.average.slice(10, 14), [16, 14, null, 16]);
    equal(five.series[0]!.max[0], 20);
    const hour = await read("cpu", 8 * 24 * HOUR);
    deepEqual([hour.tier, hour.series[0]!.average], ["1h", [15, 15, 15]]);

    // Two ports of 1 Mbps in and 2 out; the bridge above them does not count again.
    const sum = await read("traffic", 3 * HOUR);
    deepEqual(sum.series.map(({ name, average }) => [name, average[1]]), [["rx", 2e6], [
      "tx",
      4e6,
    ]]);
    deepEqual((await read("traffic", 25 * HOUR)).series[0]!.average[1], 2e6);
    deepEqual((await read("traffic", 3 * HOUR, "br")).series[0]!.average[1], 1e6);
    deepEqual((await read("temperature", 25 * HOUR)).series[0]!.average[0], 40);

    const line = { metric: "cpu", points: 12, from: iso(T0 - HOUR), to: iso(T0) } as const;
    const lines = await reader.sparklines(scope, { ...line, deviceIds: [device] });
    deepEqual(lines.get(device)?.length, 12);
    equal(lines.get(device)?.every((value) => value === 14 || value === 16), true);

    const foreign = scopeOf(db, globex);
    const query = { deviceId: device, chart: "cpu", from: iso(T0 - HOUR), to: iso(T0) } as const;
    await rejects(reader.series(foreign, query), NotFound);
    equal((await reader.sparklines(foreign, { ...line, deviceIds: [device] })).size, 0);
    await rejects(reader.series(scopeOf(db, acme, ["devices:read"]), query), Forbidden);
    await rejects(reader.series(scope, { ...query, to: query.from }), InvalidInput);
    await rejects(reader.series(scope, { ...query, to: "soon" }), InvalidInput);
  },
});
