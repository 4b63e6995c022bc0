import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { Registry } from "prom-client";
import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import { readConfig } from "@/core/config.ts";
import { LiveBatch } from "@/core/contract/device.ts";
import { LiveLog, type LogLine, type LogReport } from "@/core/contract/device_logs.ts";
import { Forbidden, InvalidInput } from "@/core/errors.ts";
import { listEvents } from "@/core/events/list_events.ts";
import { systemClock } from "@/core/ports/clock.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { openTestDb, type TestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { recordingLog } from "@/tests/support/log.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { exportLogs } from "./export_logs.ts";
import { runLogIngest } from "./ingest_logs.ts";
import { listLogs, type LogQuery, stretchOf } from "./list_logs.ts";
import { ensureLogPartitions, keepLogHouse } from "./log_partitions.ts";
import { writeLogs } from "./write_logs.ts";

const T0 = Date.parse("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(T0 + seconds * 1_000).toISOString();

function makeLine(n: number, message: string, rest: Partial<LogLine> = {}): LogLine {
  const own = { n, message, at: at(n), level: 6, topics: ["system"], deviceTime: null };
  return { ...own, ...rest };
}

const makeReport = (deviceId: string, lines: LogLine[], dropped = 0): LogReport => ({
  ...{ deviceId, lines, dropped, at: lines.at(-1)?.at ?? at(0), n: 1_000_000 },
});

async function open(): Promise<TestDb & { one: string; two: string }> {
  const test = await openTestDb();
  await ensureLogPartitions(test.db, T0 - 86_400_000, T0);
  const one = await insertDevice(test, test.acme, { name: "one <b>" });
  const two = await insertDevice(test, test.acme, { name: "two" });
  return { ...test, one, two };
}

Deno.test("writeLogs() stores each line once, and counts what it tells once", async () => {
  await using test = await open();
  const { db, acme, globex, one } = test;
  const failure = (n: number) =>
    makeLine(n, `login failure for user root from 203.0.113.${n} via ssh`, { level: 2 });
  const report = makeReport(one, [failure(1), failure(2), makeLine(3, "router\0 rebooted")], 7);
  const first = await writeLogs(db, acme, [report]);
  equal(first.lines.get(one)?.length, 4);
  deepEqual(first.events.map(({ count, kind }) => [count, kind]), [[2, "device.login_failed"]]);
  const again = await writeLogs(db, acme, [report, makeReport(one, [failure(4), failure(4)])]);
  deepEqual(again.lines.get(one)?.map(({ message }) => message), [failure(4).message]);
  deepEqual(again.events.map(({ id, count }) => [id, count]), [[first.events[0]!.id, 3]]);
  const { lines } = await listLogs(scopeOf(db, acme));
  deepEqual(lines.map(({ message, severity }) => [message, severity]), [
    [failure(4).message, "critical"],
    ["7 lines were dropped: the router sends more than is taken", "warning"],
    ["router rebooted", "info"],
    [failure(2).message, "critical"],
    [failure(1).message, "critical"],
  ]);
  equal(lines[0]!.deviceName, "one <b>");
  // Somebody else's device is nobody's here.
  const foreign = await writeLogs(db, globex, [report]);
  deepEqual([foreign.unknown.length, foreign.lines.size], [1, 0]);
  deepEqual((await listLogs(scopeOf(db, globex))).lines, []);
  await rejects(listLogs(scopeOf(db, acme, ["devices:read"])), Forbidden);
});

Deno.test("a thousand failed logins in a minute are one event", async () => {
  await using test = await open();
  const { db, acme, one } = test;
  for (let batch = 0; batch < 4; batch++) {
    const lines = Array.from({ length: 250 }, (_, index) => {
      const n = batch * 250 + index;
      const message = `login failure for user u${n} from 198.51.100.${n % 250} via ssh`;
      return makeLine(n, message, { at: at(n / 20) });
    });
    await writeLogs(db, acme, [makeReport(one, lines)]);
  }
  const { events } = await listEvents(scopeOf(db, acme), { kinds: ["login"] });
  deepEqual(events.map(({ count, severity }) => [count, severity]), [[1_000, "critical"]]);
});

Deno.test("listLogs() finds by router, severity, topic, text and time, and pages without a gap", async () => {
  await using test = await open();
  const { db, acme, one, two } = test;
  await writeLogs(db, acme, [
    makeReport(one, [
      makeLine(1, "DHCP lease 100% [gone]", { topics: ["dhcp"], level: 4 }),
      makeLine(2, "nothing", { at: at(1) }),
      makeLine(3, "nothing"),
    ]),
    makeReport(two, [makeLine(1, "down", { level: 3, topics: ["interface"] })]),
  ]);
  const found = async (query: LogQuery) =>
    (await listLogs(scopeOf(db, acme), query)).lines.map(({ message }) => message);
  deepEqual(await found({ deviceId: two }), ["down"]);
  deepEqual((await found({ severity: "warning" })).toSorted(), ["DHCP lease 100% [gone]", "down"]);
  deepEqual(await found({ severity: "warning", deviceId: one }), ["DHCP lease 100% [gone]"]);
  deepEqual(await found({ severity: "error" }), ["down"]);
  deepEqual(await found({ topic: "dhcp" }), ["DHCP lease 100% [gone]"]);
  deepEqual(await found({ q: "lease 100% [G" }), ["DHCP lease 100% [gone]"]);
  deepEqual(await found({ from: at(2) }), ["nothing"]);
  deepEqual(await found({ to: at(1) }), []);
  for (const [limit, searched] of [[1, 50], [2, 50], [1, 1], [500, 3]] as const) {
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await listLogs(scopeOf(db, acme), { cursor, limit, q: "n" }, { searched });
      seen.push(...page.lines.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      pages += 1;
    } while (cursor !== undefined && pages < 20);
    equal(new Set(seen).size, 4, `${limit} a page, ${searched} looked at`);
    equal(seen.length, 4);
  }
  await rejects(listLogs(scopeOf(db, acme), { cursor: "WyJ4IiwieSIsInoiXQ" }), InvalidInput);
  const csv = (await Array.fromAsync(exportLogs(scopeOf(db, acme), { deviceId: two }))).join("");
  equal(csv.split("\r\n")[1], `${at(1)},two,error,interface,down,`);
});

Deno.test("keepLogHouse() makes days ahead, drops old ones, and leaves the rest", async () => {
  await using test = await open();
  const { db, acme, one, admin } = test;
  await ensureLogPartitions(db, T0 - 40 * 86_400_000, T0);
  const old = makeLine(1, "old", { at: new Date(T0 - 35 * 86_400_000).toISOString() });
  await writeLogs(db, acme, [makeReport(one, [old, makeLine(2, "new")])]);
  const config = { retention: { logDays: 30 } };
  const done = await keepLogHouse({ db, config, nowMs: T0 });
  deepEqual(done, { made: 3, dropped: 10 });
  deepEqual(await keepLogHouse({ db, config, nowMs: T0 }), { made: 0, dropped: 0 });
  deepEqual((await admin`select message from device_logs`).map(({ message }) => message), ["new"]);
});

Deno.test({
  name: "runLogIngest() stores, tells the pages, and drops what can never be stored",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openTestDb();
    const { db, acme, globex } = test;
    const [device, foreign] = [await insertDevice(test, acme), await insertDevice(test, globex)];
    await using bus = new MemoryBus({ maxBytes: 1e8, maxAgeSeconds: 60 });
    const stop = new AbortController();
    const hear = async <Value>(subject: string, parse: (value: unknown) => Value) => {
      for await (const { data } of bus.listen(subject, { capacity: 9, signal: stop.signal })) {
        return parse(JSON.parse(new TextDecoder().decode(data)));
      }
      throw new Error("nothing came");
    };
    const live = hear(subjects.liveLog(acme, "*"), (value) => LiveLog.parse(value));
    const batch = hear(subjects.live(acme), (value) => LiveBatch.parse(value));
    const log = recordingLog();
    const config = readConfig({ env: { HOME: "/nonexistent" }, args: [] });
    const now = new Date().toISOString();
    const send = (tenant: TenantId, id: string, report: unknown) =>
      bus.publish(
        subjects.deviceLog(tenant, id),
        new TextEncoder().encode(typeof report === "string" ? report : JSON.stringify(report)),
      );
    const line = makeLine(1, "user admin logged in from 10.0.0.2 via winbox", {
      ...{ at: now, topics: ["system", "account"] },
    });
    await send(acme, device, "{");
    await send(acme, device, makeReport(foreign, [line]));
    await send(acme, foreign, makeReport(foreign, [line]));
    await bus.publish("tod.device_log.x", new Uint8Array());
    // No partition is there yet, and one line is of a clock that is wrong.
    await send(acme, device, makeReport(device, [line, makeLine(2, "x", { at: at(-1e8) })]));
    const running = runLogIngest(
      { config, log, db, bus, clock: systemClock, registry: new Registry() },
      stop.signal,
    );
    deepEqual((await live).lines.map(({ message }) => message), [line.message]);
    equal((await batch).events[0]!.kind, "device.login");
    while ((await bus.check()).pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const reasons = log.lines.map(({ fields }) => (fields as { reason: string }).reason).sort();
    deepEqual(reasons, ["bad_message", "bad_subject", "unknown_device", "wrong_device"]);
    equal((await listLogs(scopeOf(db, acme))).lines.length, 1);
    stop.abort();
    await running;
  },
});

Deno.test("every search of logs reads along an index, a bounded stretch of a large log", async () => {
  await using test = await open();
  const { db, acme, one, admin } = test;
  // Two days of 60,000 lines, one router in fifty of them, one line in a hundred a warning.
  await admin`
    insert into device_logs (tenant_id, device_id, at, n, level, topics, message)
    select ${acme}, case when n % 50 = 0 then ${one}::uuid else gen_random_uuid() end,
      ${
    at(0)
  }::text::timestamptz - n * interval '2 seconds', n, case when n % 100 = 0 then 4 else 6 end,
      array['system'], 'line ' || n
    from generate_series(1, 60000) as n`;
  await admin`analyze device_logs`;
  const queries: LogQuery[] = [
    {},
    { q: "nowhere" },
    { deviceId: one, q: "nowhere" },
    { severity: "warning", q: "nowhere" },
    { topic: "wireless", from: at(-90_000) },
  ];
  for (const query of queries) {
    const plan = await planOf(test, query);
    ok(!/Seq Scan on device_logs_p|Sort Method: external/.test(plan), plan);
    const began = performance.now();
    const page = await listLogs(scopeOf(db, acme), query, { searched: 10_000 });
    const took = performance.now() - began;
    ok(took < 1_000, `${JSON.stringify(query)} took ${took} ms`);
    if (query.q && !query.deviceId && !query.severity) ok(page.isPartial);
  }
});

/** The plan of the rows that a search looks at. */
function planOf({ db, acme }: TestDb, query: LogQuery): Promise<string> {
  return db.tenant(acme, async (sql) => {
    const rows = await sql<{ "QUERY PLAN": string }[]>`
      explain (analyze, costs off) ${stretchOf(sql, scopeOf(db, acme), query, undefined, 10_000)}`;
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
}
