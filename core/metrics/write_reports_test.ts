import { deepEqual, equal } from "node:assert/strict";
import type { PollReport } from "@/core/contract/sample.ts";
import type { TenantId } from "@/core/scope.ts";
import { openTestDb, type TestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { makeInterface, makeSample, makeStatus } from "@/tests/support/samples.ts";
import { ensureMetricPartitions } from "./partitions.ts";
import { PreviousReadings } from "./previous_readings.ts";
import { StateWrites } from "./state_writes.ts";
import { writeReports } from "./write_reports.ts";

const T0 = Date.UTC(2026, 0, 15, 12, 0, 30);

interface Bench extends TestDb {
  previous: PreviousReadings;
  device: string;
  write(...reports: PollReport[]): ReturnType<typeof writeReports>;
  rows(table: string): Promise<Record<string, unknown>[]>;
}

function test(name: string, body: (bench: Bench) => Promise<void>) {
  Deno.test({
    name: `writeReports() ${name}`,
    sanitizeResources: false, // one server serves the whole test process
    sanitizeOps: false,
    fn: async () => {
      await using db = await openTestDb();
      await ensureMetricPartitions(db.db, T0 - 86_400_000, T0 + 86_400_000);
      const previous = new PreviousReadings();
      const bench: Bench = {
        ...db,
        previous,
        device: await insertDevice(db, db.acme),
        write: (...reports) => write(bench, db.acme, reports),
        rows: (table) =>
          db.db.tenant(db.acme, (sql) => sql`select * from ${sql(table)} order by 1, 2, 3`),
      };
      await body(bench);
    },
  });
}

function write(bench: Pick<Bench, "db" | "previous">, tenant: TenantId, reports: PollReport[]) {
  const parsed = reports.map((report) => ({
    tenantId: tenant,
    report,
    atMs: Date.parse(report.kind === "sample" ? report.sampledAt : report.at),
  }));
  return writeReports({ db: bench.db, previous: bench.previous, nowMs: T0 }, tenant, parsed);
}

const polled = (device: string, seconds: number, bytes: number, uptime = 1_000_000) =>
  makeSample(device, T0 + seconds * 1_000, {
    system: { uptimeSeconds: uptime + seconds },
    interfaces: [makeInterface("ether1", bytes, bytes * 2)],
    sensors: [{ name: "temperature", kind: "temperature", value: 41, state: null }],
  });

const TABLES = [
  "health_samples",
  "interface_samples",
  "radio_samples",
  "sensor_samples",
  "device_latest",
  "device_state",
  "device_status_changes",
  "events",
  "devices",
];

test("stores a batch once, however often and mixed it comes", async (bench) => {
  const other = await insertDevice(bench, bench.acme);
  const reports = [
    polled(bench.device, 0, 1_000),
    polled(other, 0, 5_000),
    polled(bench.device, 60, 7_501_000),
    makeStatus(other, T0 + 90_000, "offline"),
  ];
  const first = await bench.write(...reports, reports[0]!);
  deepEqual([first.samples, first.duplicates, first.rows], [3, 1, 9]);
  const before = await Promise.all(TABLES.map(bench.rows));
  for (const again of [reports, [reports[2]!, reports[0]!], [reports[3]!, reports[1]!]]) {
    const { samples, events, cells } = await bench.write(...again);
    deepEqual([samples, events, cells], [0, [], []]);
  }
  // A process that died between commit and ack comes back with no memory of it.
  await write({ db: bench.db, previous: new PreviousReadings() }, bench.acme, reports);
  deepEqual(await Promise.all(TABLES.map(bench.rows)), before);
});

test("computes rates within a batch, over batches, and after a restart", async (bench) => {
  await bench.write(polled(bench.device, 0, 0), polled(bench.device, 60, 7_500_000));
  await bench.write(polled(bench.device, 120, 22_500_000));
  bench.previous.keep(new Map());
  const restarted = { db: bench.db, previous: new PreviousReadings() };
  await write(restarted, bench.acme, [polled(bench.device, 180, 30_000_000)]);
  const rows = await bench.rows("interface_samples");
  deepEqual(rows.map(({ rx_bps, tx_bps }) => [rx_bps, tx_bps]), [
    [null, null],
    ["1000000", "2000000"],
    ["2000000", "4000000"],
    ["1000000", "2000000"],
  ]);
  const [latest] = await bench.rows("device_latest");
  equal(latest?.["rx_bps"], "1000000");
});

test("gives no rate to an out-of-order sample, and lets it change nothing else", async (bench) => {
  await bench.write(polled(bench.device, 120, 9_000_000));
  const { cells } = await bench.write(polled(bench.device, 60, 6_000_000));
  deepEqual(cells, []);
  await bench.write(polled(bench.device, 180, 16_500_000));
  const rows = await bench.rows("interface_samples");
  deepEqual(rows.map(({ rx_bps }) => rx_bps), [null, null, "1000000"]);
  const [latest] = await bench.rows("device_latest");
  equal((latest!["sampled_at"] as Date).getTime(), T0 + 180_000);
});

test("sees a restart: no rate, one event", async (bench) => {
  await bench.write(polled(bench.device, 0, 9_000_000));
  const { events, cells } = await bench.write(polled(bench.device, 60, 9_500_000, -30));
  deepEqual(events.map(({ kind }) => kind), ["device.rebooted"]);
  equal(cells[0]?.rxBps, null);
});

test("keeps the history of status, in order and without repeats", async (bench) => {
  const { device } = bench;
  await bench.write(polled(device, 0, 0));
  await bench.write(makeStatus(device, T0 + 300_000, "offline", { reason: "connection_refused" }));
  await bench.write(polled(device, 200, 0)); // overtaken by the decision
  await bench.write(makeStatus(device, T0 + 250_000, "unknown")); // so is this
  await bench.write(makeStatus(device, T0 + 310_000, "offline", { reason: "connect_timeout" }));
  const [down] = await bench.rows("device_latest");
  deepEqual([down?.["status"], down?.["reason"], down?.["health_score"]], [
    "offline",
    "connect_timeout",
    0,
  ]);
  await bench.write(makeStatus(device, T0 + 400_000, "online"), polled(device, 400, 0));
  const rows = await bench.rows("device_status_changes");
  deepEqual(rows.map(({ at, status }) => [((at as Date).getTime() - T0) / 1_000, status]), [
    [0, "online"],
    [300, "offline"],
    [400, "online"],
  ]);
  const kinds = (await bench.rows("events")).map(({ kind }) => kind);
  deepEqual(kinds, ["device.online", "device.offline", "device.online"]);
});

test("refuses a device of another tenant and touches nothing of it", async (bench) => {
  const foreign = await insertDevice(bench, bench.globex);
  const { unknown, rows } = await bench.write(
    polled(foreign, 0, 1),
    makeStatus(foreign, T0, "offline"),
    polled(bench.device, 0, 1),
  );
  deepEqual([unknown.length, rows], [2, 3]);
  for (const table of ["health_samples", "interface_samples", "device_status_changes"]) {
    const [row] = await bench.admin`
      select count(*)::int as n from ${bench.admin(table)} where device_id = ${foreign}`;
    equal(row?.["n"], 0);
  }
  const [row] = await bench
    .admin`select status from device_latest where device_id = ${foreign}`;
  equal(row?.["status"], "pending");
});

test("pins the first certificate, once, and not one seen before an edit", async (bench) => {
  const [old, first, second] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [
    string,
    string,
    string,
  ];
  await bench.admin`update devices set updated_at = ${new Date(T0)}`;
  const seen = (seconds: number, tlsFingerprint: string) =>
    makeSample(bench.device, T0 + seconds * 1_000, { tlsFingerprint });
  deepEqual((await bench.write(seen(-60, old))).pinned, []);
  const { pinned, events } = await bench.write(seen(60, first), seen(120, second));
  deepEqual(pinned, [{ deviceId: bench.device, region: "default" }]);
  deepEqual(events.map(({ kind }) => kind), ["device.certificate_pinned"]);
  deepEqual((await bench.write(seen(180, second))).pinned, []);
  const [device] = await bench.rows("devices");
  deepEqual([device?.["tls_fingerprint"], device?.["revision"]], [first, 2]);
});

test("tells a new version, and a certificate that changed", async (bench) => {
  await bench.write(polled(bench.device, 0, 0));
  const upgraded = makeSample(bench.device, T0 + 60_000, {
    system: { version: "7.19", uptimeSeconds: 1_000_060 },
  });
  const changed = makeStatus(bench.device, T0 + 90_000, "offline", {
    reason: "certificate_changed",
    detail: "saw bbbb",
  });
  const { events } = await bench.write(upgraded, changed);
  deepEqual(events.map(({ kind }) => kind), [
    "device.version_changed",
    "device.certificate_changed",
    "device.offline",
  ]);
});

test("takes a late sample's bucket back into the rollup", async (bench) => {
  const done = new Date(T0 - 30_000).toISOString(); // 12:00
  await bench.admin`insert into rollup_progress values ('5m', ${done}::text::timestamptz)`;
  await bench.write(polled(bench.device, -3_600, 0));
  const [row] = await bench.admin`select done_until from rollup_progress`;
  equal(row?.["done_until"].toISOString(), "2026-01-15T11:00:00.000Z");
});

test("takes rates from the last sample, not from the last state that was written", async (bench) => {
  const { db, acme, previous, device } = bench;
  const writes = new StateWrites();
  const rates: unknown[] = [];
  for (const [seconds, bytes] of [[0, 0], [10, 10_000], [15, 30_000]] as const) {
    const report = polled(device, seconds, bytes);
    const parsed = { tenantId: acme, report, atMs: Date.parse(report.sampledAt) };
    const { live } = await writeReports({ db, previous, writes, nowMs: T0 }, acme, [parsed]);
    rates.push(live[0]!.interfaces![0]!.rxBps);
  }
  deepEqual(rates, [null, 8_000, 32_000]);
  const [state] = await db.tenant(acme, (sql) =>
    sql<{ sampledAt: Date }[]>`
      select sampled_at as "sampledAt" from device_state where section = 'interfaces'`);
  equal(state!.sampledAt.getTime(), T0, "the state was written again within 20 s");
});

test("believes a newer state that another process wrote", async (bench) => {
  const { device } = bench;
  await bench.write(polled(device, 0, 0));
  const other = { ...bench, previous: new PreviousReadings() };
  await write(other, bench.acme, [polled(device, 10, 10_000)]);
  const { live } = await bench.write(polled(device, 20, 30_000));
  equal(live[0]!.interfaces![0]!.rxBps, 16_000);
});
