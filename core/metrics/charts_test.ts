import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  CHARTS,
  COMPARISON_NAMES,
  DEVICE_CHARTS,
  type DeviceChart,
} from "@/core/contract/charts.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { everything } from "@/tests/support/full_sample.ts";
import { makeSample } from "@/tests/support/samples.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { DAY_MS, ensureMetricPartitions } from "./partitions.ts";
import { PostgresMetricReader } from "./postgres_reader.ts";
import { PreviousReadings } from "./previous_readings.ts";
import { advanceRollup } from "./rollups.ts";
import { writeReports } from "./write_reports.ts";

const MINUTE = 60_000;
/** Seven minutes into an hour: its bucket of an hour, and one of 5 minutes, are not closed. */
const NOW = Date.UTC(2026, 0, 15, 12, 7);
const iso = (ms: number) => new Date(ms).toISOString();

/** What each chart shows of it: lines by name, with the value that they keep. */
const EXPECTED: Record<DeviceChart, Record<string, number>> = {
  cpu: { cpu: 7 },
  memory: { memory: 40 },
  disk: { disk: 29.6875 },
  connections: { connections: 812 },
  ppp: { ppp: 7 },
  leases: { leases: 33 },
  poll: { poll: 12.5 },
  traffic: { rx: 2e6, tx: 12e6 },
  utilization: { ether1: 0.2, ether10: 10 },
  packets: { rx: 10, tx: 20 },
  errors: { errors: 1, drops: 2 },
  clients: { clients: 2 },
  radio_clients: { wlan1: 2 },
  signal: { "wlan1 average": -60, "wlan1 worst": -70 },
  noise: { wlan1: -104 },
  ccq: { wlan1: 91 },
  temperature: { "cpu-temperature": 51 },
  voltage: { voltage: 24.5 },
  current: { current: 0.8 },
  power: { "power-consumption": 19 },
  fan: { "fan1-speed": 4_200 },
  faults: { "psu1-state": 0, "psu2-state": 1 },
  poe_power: { "ether5 power": 5 },
  poe_voltage: { "ether5 voltage": 23.9 },
  poe_current: { "ether5 current": 0.21 },
  optic_power: { "sfp1 rx": -12.5, "sfp1 tx": -5.5 },
  optic_temperature: { "sfp1 optic": 38 },
};

Deno.test({
  name: "every chart shows all that is stored, from each tier, up to this minute",
  sanitizeResources: false, // one server serves the whole test process
  sanitizeOps: false,
  fn: async () => {
    await using test = await openTestDb();
    const { db, acme, globex } = test;
    await ensureMetricPartitions(db, NOW - 40 * DAY_MS, NOW + DAY_MS);
    const device = await insertDevice(test, acme);
    const minutes = 130;
    const reports = Array.from({ length: minutes }, (_, minute) => {
      const at = NOW - (minutes - minute) * MINUTE;
      const system = { uptimeSeconds: 1e6 + minute * 60 };
      const report = makeSample(device, at, { ...everything(minute), system } as never);
      return { tenantId: acme, report, atMs: at };
    });
    await writeReports({ db, previous: new PreviousReadings(), nowMs: NOW }, acme, reports);
    const uneven = await insertDevice(test, acme);
    const steps = reports.map(({ atMs }, i) => ({ at: atMs, cpuPercent: i * i % 97 }));
    await writeReports(
      { db, previous: new PreviousReadings(), nowMs: NOW },
      acme,
      steps.map(({ at, cpuPercent }) => ({
        ...{ tenantId: acme, atMs: at },
        report: makeSample(uneven, at, { system: { cpuPercent } }),
      })),
    );
    const signal = new AbortController().signal;
    for (const tier of ["5m", "1h"] as const) {
      await advanceRollup(db, tier, { tenants: [acme, globex], nowMs: NOW, signal });
    }
    const reader = new PostgresMetricReader(60);
    const scope = scopeOf(db, acme);
    const read = (chart: DeviceChart, spanMs: number, rest = {}) =>
      reader.series(scope, {
        ...{ deviceId: device, chart, from: iso(NOW - spanMs), to: iso(NOW) },
        ...rest,
      });
    const close = (a: number | null, b: number) => a !== null && Math.abs(a - b) < 1e-3;

    for (const chart of DEVICE_CHARTS) {
      for (const [tier, spanMs] of [["raw", DAY_MS], ["5m", 2 * DAY_MS], ["1h", 30 * DAY_MS]]) {
        const set = await read(chart, spanMs as number);
        equal(set.tier, tier, chart);
        deepEqual(set.series.map(({ name }) => name), Object.keys(EXPECTED[chart]), chart);
        for (const { name, unit, average } of set.series) {
          equal(unit, CHARTS[chart].unit);
          const values = average.filter((value) => value !== null);
          ok(values.length >= (tier === "1h" ? 3 : 24), `${chart} ${tier}: ${values.length}`);
          const wanted = EXPECTED[chart][name]!;
          ok(values.every((value) => close(value, wanted)), `${chart} ${name} ${tier} ${values}`);
        }
        // The newest sample, a minute old, lies in buckets that no rollup holds yet.
        const newest = tier === "1h" ? Date.UTC(2026, 0, 15, 12) : NOW - 2 * MINUTE;
        equal(
          set.times.at(-1)! * 1_000 >= newest,
          true,
          `${chart} ${tier} ends at ${set.times.at(-1)}`,
        );
      }
    }

    // Where two tiers meet nothing counts twice or not at all: each bucket is the mean of its samples.
    for (
      const [spanMs, stepMs] of [[2 * DAY_MS, 5 * MINUTE], [30 * DAY_MS, 60 * MINUTE]] as const
    ) {
      const buckets = Map.groupBy(
        steps,
        ({ at }) => Math.floor(at / stepMs) * stepMs / 1_000,
      );
      const { times, series } = await read("cpu", spanMs, { deviceId: uneven });
      deepEqual(
        times.map((time, i) => [time, series[0]!.average[i]!.toFixed(6), series[0]!.max[i]]),
        [...buckets].map(([time, bucket]) => {
          const values = bucket.map(({ cpuPercent }) => cpuPercent);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          return [time, mean.toFixed(6), Math.max(...values)];
        }),
      );
    }

    const two = await read("traffic", DAY_MS, { names: ["ether10", "ether1"], isSum: false });
    deepEqual(two.series.map(({ name }) => name), [
      ...["ether10 rx", "ether10 tx", "ether1 rx", "ether1 tx"],
    ]);
    const sum = await read("traffic", DAY_MS, { names: ["ether1", "bridge"], isSum: true });
    ok(close(sum.series[0]!.average.at(-1)!, 1e6 + 13.2e6));
    const one = await read("utilization", DAY_MS, { names: ["ether10"] });
    deepEqual(one.series.map(({ name, average }) => [name, average.at(-1)]), [["rx", 1], [
      "tx",
      10,
    ]]);
    deepEqual((await read("utilization", DAY_MS, { names: ["bridge"] })).times, []);
    deepEqual((await read("traffic", DAY_MS, { names: ["no such port"] })).times, []);

    const other = await insertDevice(test, acme, {
      name: "Polled slowly",
      poll_interval_seconds: 300,
    });
    const compare = (chart: typeof COMPARISON_NAMES[number], ids: string[], spanMs: number) =>
      reader.compare(scope, { chart, deviceIds: ids, from: iso(NOW - spanMs), to: iso(NOW) });
    for (const spanMs of [DAY_MS, 2 * DAY_MS, 30 * DAY_MS]) {
      for (const chart of COMPARISON_NAMES) {
        const { series } = await compare(chart, [other, device], spanMs);
        deepEqual(series.map(({ name, deviceId }) => [name, deviceId]), [["Polled slowly", other], [
          "router",
          device,
        ]]);
        equal(series[0]!.average.every((value) => value === null), true);
        const wanted = chart === "rx"
          ? 2e6
          : chart === "tx"
          ? 12e6
          : Object.values(EXPECTED[chart])[0]!;
        ok(close(series[1]!.average.findLast((v) => v !== null)!, wanted), `${chart} ${spanMs}`);
      }
    }
    const theirs = await insertDevice(test, globex);
    await rejects(compare("cpu", [device, theirs], DAY_MS), NotFound);
    await rejects(compare("cpu", [], DAY_MS), InvalidInput);
    await rejects(compare("cpu", Array.from({ length: 13 }, () => crypto.randomUUID()), DAY_MS));
  },
});
