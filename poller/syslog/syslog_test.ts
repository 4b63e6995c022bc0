import { deepEqual, equal, ok } from "node:assert/strict";
import dgram from "node:dgram";
import { connect, type Socket } from "node:net";
import { Registry } from "prom-client";
import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import { type LogLine, LogReport } from "@/core/contract/device_logs.ts";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import { subjects } from "@/core/subjects.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { recordingLog, silentLog } from "@/tests/support/log.ts";
import { listenTcp, type TcpLimits } from "./listen_tcp.ts";
import { listenUdp } from "./listen_udp.ts";
import { createSyslogMetrics } from "./metrics.ts";
import { OwnLogins } from "./own_logins.ts";
import { SyslogReceiver } from "./receiver.ts";
import { Senders } from "./senders.ts";
import { LogSpool } from "./spool.ts";
import { TokenBuckets } from "./token_buckets.ts";

const DEVICE = "0f8fad5b-d9cb-469f-a165-70867728950e";
const TARGET = {
  ...{ tenantId: "11111111-1111-4111-8111-111111111111", deviceId: DEVICE, isEnabled: true },
  address: "127.0.0.1",
} as unknown as PollTarget;
const bytes = (text: string) => new TextEncoder().encode(text);

/** What arrives at the spool, and how to wait for it. */
function openReceiver({ rate = { perSecond: 10, burst: 20 } } = {}) {
  const clock = new FakeClock();
  const registry = new Registry();
  const metrics = createSyslogMetrics(registry);
  const senders = new Senders(() => Promise.resolve([]));
  senders.sync([TARGET]);
  const log = recordingLog();
  const lines: string[] = [];
  let dropped = 0;
  let wake = () => {};
  const spool = {
    add: (_: unknown, line: Omit<LogLine, "at" | "n">) => {
      lines.push(line.message);
      wake();
    },
    drop: () => void dropped++,
  };
  const ownLogins = new OwnLogins(clock);
  const receiver = new SyslogReceiver({ clock, log, metrics, senders, spool, ownLogins, rate });
  const count = async (name: string) =>
    Object.fromEntries(
      (await registry.getSingleMetric(name)!.get()).values
        .map(({ labels, value }) => [Object.values(labels)[0] ?? "", value]),
    );
  return {
    ...{ clock, metrics, receiver, lines, log, count },
    dropped: () => dropped,
    async until(isDone: () => boolean) {
      while (!isDone()) await new Promise<void>((resolve) => wake = resolve);
    },
  };
}

Deno.test("a flood of one router is cut to its rate, and what is cut is counted", async () => {
  const { receiver, lines, dropped, clock, count } = openReceiver();
  for (let n = 0; n < 100; n++) receiver.receive(bytes(`script,info ${n}`), "127.0.0.1", "udp");
  equal(lines.length, 20);
  equal(dropped(), 80);
  await clock.advance(1_000);
  for (let n = 0; n < 100; n++) receiver.receive(bytes(`script,info ${n}`), "127.0.0.1", "udp");
  equal(lines.length, 30, "a second later: a second's worth");
  const reasons = await count("tod_syslog_dropped_total");
  equal(reasons["source_rate"]! + reasons["device_rate"]!, 170);
});

Deno.test("senders that are nobody's are named in the log once a minute, a few of them", async () => {
  const { receiver, lines, log, clock, count } = openReceiver();
  for (let n = 0; n < 50; n++) receiver.receive(bytes("x\x1b[31m"), `198.51.100.${n}`, "udp");
  equal(lines.length, 0);
  equal(log.lines.length, 1);
  await clock.advance(61_000);
  receiver.receive(bytes("x"), "198.51.100.99", "udp");
  equal(log.lines.length, 2);
  equal((await count("tod_syslog_dropped_total"))["unknown_source"], 51);
});

Deno.test("TokenBuckets keeps no more keys than it may, those in use first", () => {
  let now = 0;
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 3, () => now);
  ok(buckets.take("used"));
  for (let n = 0; n < 100; n++) {
    buckets.take(`forged ${n}`);
    equal(buckets.take("used"), false);
  }
  equal(buckets.size, 3);
  now = 1_000;
  ok(buckets.take("used"));
});

Deno.test("listenUdp() takes each datagram for a line, hostile ones too", async () => {
  const test = openReceiver();
  await using udp = await listenUdp({ ...test, host: "127.0.0.1", port: 0, log: silentLog });
  const socket = dgram.createSocket("udp4");
  const send = (data: Uint8Array | string) =>
    new Promise<void>((resolve, reject) =>
      socket.send(data, udp.port, "127.0.0.1", (error) => error ? reject(error) : resolve())
    );
  await send("");
  await send(new Uint8Array(60_000));
  await send("system,info,account user admin logged in from 10.0.0.2 via winbox");
  await send(`<30>Jan  1 00:00:00 core interface,info ${"é".repeat(20_000)}`);
  await test.until(() => test.lines.length === 2);
  equal(test.lines[0], "user admin logged in from 10.0.0.2 via winbox");
  ok(test.lines[1]!.length <= 8_192);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});

async function openTcp(limits: Partial<TcpLimits> = {}) {
  const test = openReceiver({ rate: { perSecond: 1_000, burst: 10_000 } });
  const server = await listenTcp({
    ...{ ...test, host: "127.0.0.1", port: 0, log: silentLog, limits },
  });
  const sockets: Socket[] = [];
  return {
    ...test,
    /** A connection, and when the server ends it. */
    async connect() {
      const socket = connect(server.port, "127.0.0.1");
      sockets.push(socket);
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      socket.on("error", () => {});
      socket.resume();
      await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
      return { socket, closed };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("listenTcp() takes lines in both framings, and the last one without an end", async () => {
  await using test = await openTcp();
  const { socket } = await test.connect();
  socket.write("dns,info one\n16 system,info two\n2");
  socket.end("8 <6>three or more words in it");
  await test.until(() => test.lines.length === 3);
  deepEqual(test.lines, ["one", "two", "three or more words in it"]);
});

Deno.test("listenTcp() ends half lines, nonsense and too many connections; others go on", async () => {
  await using test = await openTcp({ connections: 3, perAddress: 3, lineMs: 30 });
  const good = await test.connect();
  const slow = await test.connect();
  slow.socket.write("system,info half a li");
  await slow.closed;
  const nonsense = await test.connect();
  nonsense.socket.write("99999999999 x");
  await nonsense.closed;
  good.socket.write("system,info still here\n");
  await test.until(() => test.lines.includes("still here"));
  const more = [await test.connect(), await test.connect()];
  const refused = await test.connect();
  await refused.closed;
  more[1]!.socket.write("system,info and here\n");
  await test.until(() => test.lines.includes("and here"));
  deepEqual(await test.count("tod_syslog_connections_closed_total"), {
    ...{ too_slow: 1, bad_framing: 1, per_address: 1 },
  });
});

Deno.test("listenTcp() that is full lets the one go that was silent longest", async () => {
  await using test = await openTcp({ connections: 2, perAddress: 10 });
  const [first, second] = [await test.connect(), await test.connect()];
  first.socket.write("system,info first\n");
  await test.until(() => test.lines.length === 1);
  await test.connect();
  await second.closed;
  first.socket.write("system,info again\n");
  await test.until(() => test.lines.includes("again"));
});

function openSpool(maxBytes = 1_000_000) {
  const clock = new FakeClock();
  const bus = new MemoryBus({ maxBytes, maxAgeSeconds: 60, now: () => clock.now() });
  const metrics = createSyslogMetrics(new Registry());
  const spool = new LogSpool({ bus, clock, log: silentLog, metrics, busMaxBytes: maxBytes });
  const line = (message: string) => ({ level: 6, topics: [], message, deviceTime: null });
  return {
    ...{ bus, spool, clock },
    add: (message: string) => spool.add(TARGET, line(message)),
    /** What stands on the bus. */
    async reports(): Promise<LogReport[]> {
      const stop = new AbortController();
      const found: LogReport[] = [];
      let left = (await bus.check()).pending;
      if (left === 0) return found;
      const options = { group: "test", maxInFlight: 1_000, signal: stop.signal };
      for await (const { data, ack } of bus.consume(subjects.everyDeviceLog, options)) {
        found.push(LogReport.parse(JSON.parse(new TextDecoder().decode(data))));
        ack();
        if (--left === 0) break;
      }
      return found;
    },
  };
}

Deno.test("LogSpool puts lines on the bus by portions, in order, and tells drops once in a while", async () => {
  const { spool, add, reports, clock } = openSpool();
  for (let n = 0; n < 450; n++) add(`line ${n}`);
  for (let n = 0; n < 3; n++) spool.drop(TARGET);
  await spool.flush();
  const first = await reports();
  deepEqual(first.map(({ lines, dropped }) => [lines.length, dropped]), [[200, 0], [200, 0], [
    50,
    0,
  ], [0, 3]]);
  const all = first.flatMap(({ lines }) => lines);
  deepEqual(all.map(({ message }) => message), Array.from({ length: 450 }, (_, n) => `line ${n}`));
  equal(new Set(all.map(({ n }) => n)).size, 450);
  spool.drop(TARGET);
  add("more");
  await spool.flush();
  deepEqual((await reports()).map(({ dropped }) => dropped), [0], "not yet");
  await clock.advance(10_000);
  await spool.flush();
  deepEqual((await reports()).map(({ dropped }) => dropped), [1]);
});

Deno.test("LogSpool leaves half of the bus to readings, and says what it dropped when there is room", async () => {
  const { spool, add, bus, reports } = openSpool(20_000);
  await bus.publish("tod.sample.x.y", new Uint8Array(11_000));
  add("one");
  await spool.flush();
  equal((await bus.check()).pending, 1, "it waits");
  add("two");
  add("three");
  const stop = new AbortController();
  const samples = bus.consume("tod.sample.>", { group: "s", maxInFlight: 1, signal: stop.signal });
  for await (const { ack } of samples) {
    ack();
    break;
  }
  await spool.flush();
  const found = await reports();
  deepEqual(found.map(({ lines, dropped }) => [lines.map(({ message }) => message), dropped]), [
    [["one"], 0],
    [[], 2],
  ]);
});
