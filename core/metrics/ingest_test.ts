import { deepEqual, equal } from "node:assert/strict";
import { Registry } from "prom-client";
import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import { PostgresDb } from "@/core/adapters/db_postgres.ts";
import { ADMIN, DATABASE, startEmbeddedPostgres } from "@/core/adapters/embedded_postgres.ts";
import { runMigrations } from "@/core/adapters/open_database.ts";
import { readConfig } from "@/core/config.ts";
import { LiveBatch } from "@/core/contract/device.ts";
import type { PollReport } from "@/core/contract/sample.ts";
import type { Bus, Delivery } from "@/core/ports/bus.ts";
import { type Clock, systemClock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { silentLog } from "@/tests/support/log.ts";
import { makeInterface, makeSample, makeStatus } from "@/tests/support/samples.ts";
import { runIngest } from "./ingest.ts";

const options = { sanitizeResources: false, sanitizeOps: false }; // one server a test process
const config = readConfig({ env: { HOME: "/nonexistent" }, args: [] });
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** An ingest on a bus of its own whose answers can be counted; `idle` resolves at `count` of them. */
function start(db: Db, clock: Clock = systemClock) {
  const bus = new MemoryBus({ maxBytes: 1e8, maxAgeSeconds: 3_600 });
  const registry = new Registry();
  const answers: string[] = [];
  let wake = () => {};
  const heard = (answer: string) => {
    answers.push(answer);
    wake();
  };
  const watched: Bus = {
    [Symbol.asyncDispose]: () => Promise.resolve(),
    publish: bus.publish.bind(bus),
    broadcast: bus.broadcast.bind(bus),
    listen: bus.listen.bind(bus),
    check: bus.check.bind(bus),
    async *consume(...args: Parameters<Bus["consume"]>): AsyncIterable<Delivery> {
      for await (const delivery of bus.consume(...args)) {
        yield {
          subject: delivery.subject,
          data: delivery.data,
          attempt: delivery.attempt,
          ack: () => (delivery.ack(), heard("ack")),
          drop: (reason) => (delivery.drop(reason), heard(reason)),
          retry: (delayMs) => (delivery.retry(delayMs), heard("retry")),
        };
      }
    },
  };
  const stop = new AbortController();
  const running = runIngest(
    { config, log: silentLog, clock, db, bus: watched, registry },
    stop.signal,
  );
  return {
    bus,
    answers,
    registry,
    send: (tenant: TenantId, report: PollReport) =>
      bus.publish(subjects.report(tenant, report.deviceId), bytes(report)),
    async until(isDone: () => boolean): Promise<void> {
      while (!isDone()) await new Promise<void>((resolve) => wake = resolve);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await bus[Symbol.asyncDispose]();
    },
  };
}

Deno.test({
  name: "runIngest() stores what is good, drops what is poison with a reason, and tells the pages",
  ...options,
  fn: async () => {
    await using test = await openTestDb();
    const { db, acme, globex, admin } = test;
    const device = await insertDevice(test, acme);
    const foreign = await insertDevice(test, globex);
    await using ingest = start(db);
    const { bus, answers } = ingest;
    const stopListening = new AbortController();
    const live = bus.listen(subjects.live(acme), { capacity: 10, signal: stopListening.signal });
    const first = live[Symbol.asyncIterator]().next();

    const now = Date.now();
    const good = makeSample(device, now, { interfaces: [makeInterface("ether1", 1)] });
    const subject = subjects.report(acme, device);
    await bus.publish("tod.sample.acme.x", bytes(good));
    await bus.publish(subject, new TextEncoder().encode("{"));
    await bus.publish(subject, new Uint8Array([0xff, 0x00]));
    await bus.publish(subject, bytes({ ...good, system: { ...good.system, cpuPercent: 900 } }));
    await bus.publish(subject, bytes({ ...good, deviceId: foreign }));
    await bus.publish(subject, bytes(makeSample(device, now + 3_600_000)));
    await bus.publish(subject, bytes(makeSample(device, now - 400 * 86_400_000)));
    await ingest.send(acme, makeSample(foreign, now));
    await ingest.send(acme, good);
    await ingest.until(() => answers.length === 9);
    deepEqual([...answers].sort(), [
      "ack",
      "bad_message",
      "bad_message",
      "bad_message",
      "bad_subject",
      "from_future",
      "too_old",
      "unknown_device",
      "wrong_device",
    ]);
    const [row] = await admin`select count(*)::int as n from health_samples`;
    equal(row?.["n"], 1);
    const { value } = await first;
    const batch = LiveBatch.parse(JSON.parse(new TextDecoder().decode(value!.data)));
    deepEqual(batch.devices.map(({ id, status }) => [id, status]), [[device, "online"]]);
    deepEqual(batch.events.map(({ kind }) => kind), ["device.online"]);
    stopListening.abort();
    const text = await ingest.registry.metrics();
    equal(text.includes('tod_ingest_dropped_total{reason="unknown_device"} 1'), true);
    equal(text.includes("tod_ingest_samples_total 1"), true);
  },
});

Deno.test({
  name: "runIngest() keeps hostile text, numbers past a column, and one refused message apart",
  ...options,
  fn: async () => {
    await using test = await openTestDb();
    const { db, acme } = test;
    const [hostile, other] = [await insertDevice(test, acme), await insertDevice(test, acme)];
    // A row that only this device's sample breaks, so that the database refuses the batch.
    await test
      .admin`alter table health_samples add constraint no_thirteen check (cpu_percent <> 13)`;
    await using ingest = start(db);
    const now = Date.now();
    const identity = 'a\0b\u{1f600}\ud800</script>"\u001b[31m';
    await ingest.send(
      acme,
      makeSample(hostile, now, {
        durationMs: 1e300,
        system: { identity, freeMemoryBytes: Number.MAX_SAFE_INTEGER },
        sensors: [{ name: "t\0", kind: "temperature", value: 1e-310, state: null }],
        counts: {
          connections: 2 ** 40,
          dhcpLeases: null,
          dhcpLeasesBound: null,
          arpEntries: null,
          pppActive: null,
        },
      }),
    );
    for (let i = 1; i <= 5; i++) {
      await ingest.send(
        acme,
        makeSample(other, now + i, { system: { cpuPercent: i === 3 ? 13 : i } }),
      );
    }
    await ingest.until(() => ingest.answers.length === 6);
    deepEqual([...ingest.answers].sort(), [
      ...Array<string>(5).fill("ack"),
      "refused_by_database",
    ]);
    const [row] = await db.tenant(
      acme,
      (sql) => sql`select identity from device_latest where device_id = ${hostile}`,
    );
    equal(row?.["identity"], 'ab\u{1f600}\ufffd</script>"\u001b[31m');
  },
});

Deno.test({
  name: "runIngest() loses nothing and doubles nothing when the database goes and comes back",
  ...options,
  fn: async () => {
    const dataDir = await Deno.makeTempDir({ dir: "/tmp", prefix: "tod-outage-" });
    await Deno.chmod(dataDir, 0o755);
    let server = await startEmbeddedPostgres({ dataDir, log: silentLog });
    try {
      const as = (user: string) => ({
        socketPath: server.socketPath,
        user,
        database: DATABASE,
      });
      await runMigrations(as(ADMIN), silentLog);
      await using db = await PostgresDb.open({ app: as("app_user") });
      const tenant = await ensureDefaultTenant(db);
      const device = await insertDevice({ db }, tenant);
      // Waits of the product are cut short: the outage is ours to time.
      const clock: Clock = {
        ...systemClock,
        sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal),
      };
      await using ingest = start(db, clock);
      const now = Date.now() - 60_000;
      const acked = () => ingest.answers.filter((answer) => answer === "ack").length;
      for (let i = 0; i < 50; i++) await ingest.send(tenant, makeSample(device, now + i));
      await ingest.until(() => acked() === 50);
      await server.stop();
      for (let i = 50; i < 100; i++) await ingest.send(tenant, makeSample(device, now + i));
      await ingest.send(tenant, makeStatus(device, now + 200, "offline"));
      await ingest.until(() => ingest.answers.includes("retry"));
      server = await startEmbeddedPostgres({ dataDir, log: silentLog });
      await ingest.until(() => acked() === 101);
      const [row] = await db.tenant(tenant, (sql) =>
        sql`
        select count(*)::int as samples, (select count(*)::int from device_status_changes) as changes
        from health_samples`);
      deepEqual(Object.values(row!), [100, 2]);
    } finally {
      await server.stop();
      await Deno.remove(dataDir, { recursive: true });
    }
  },
});
