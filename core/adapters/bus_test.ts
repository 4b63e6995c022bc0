import { deepEqual, equal, rejects } from "node:assert/strict";
import { Unavailable } from "@/core/errors.ts";
import type { Bus, Delivery } from "@/core/ports/bus.ts";
import { silentLog } from "@/tests/support/log.ts";
import { startNats, type TestServerProcess } from "@/tests/support/servers.ts";
import { MemoryBus } from "./bus_memory.ts";
import { openNats } from "./nats.ts";

const ACK_WAIT_MS = 300;
const LIMITS = { maxBytes: 64 * 1_024, maxAgeSeconds: 3_600, ackWaitMs: ACK_WAIT_MS };
const ALL = "tod.sample.>";
const text = (data: Uint8Array) => new TextDecoder().decode(data);
const bytes = (word: string) => new TextEncoder().encode(word);

interface OpenBus extends AsyncDisposable {
  bus: Bus;
}

function memory(): Promise<OpenBus> {
  const bus = new MemoryBus(LIMITS);
  return Promise.resolve({ bus, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() });
}

async function nats(): Promise<OpenBus & { server: TestServerProcess }> {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await startNats());
  const { bus } = opening.use(await openNats(server.url, LIMITS, silentLog));
  const stack = opening.move();
  return { bus, server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** A consumer that a test reads one delivery at a time. */
function reader(bus: Bus, options: { group?: string; filter?: string; maxInFlight?: number } = {}) {
  const stop = new AbortController();
  const { group = "ingest", filter = ALL, maxInFlight = 100 } = options;
  const source = bus.consume(filter, { group, maxInFlight, signal: stop.signal });
  const items = source[Symbol.asyncIterator]();
  return {
    async next(): Promise<Delivery> {
      const { value, done } = await items.next();
      if (done) throw new Error("the consumer ended");
      return value;
    },
    async take(): Promise<string> {
      const delivery = await this.next();
      delivery.ack();
      return text(delivery.data);
    },
    peek: () => items.next(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await items.return?.();
    },
  };
}

/** Acknowledgements travel: the depth follows within a moment. */
async function emptied(bus: Bus): Promise<void> {
  for (const deadline = Date.now() + 5_000; (await bus.check()).pending > 0;) {
    if (Date.now() > deadline) throw new Error(`the bus keeps ${(await bus.check()).pending}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

for (const open of [memory, nats]) {
  const suite = (criterion: string, test: (bus: Bus) => Promise<void>) =>
    Deno.test(`bus (${open.name}) ${criterion}`, async () => {
      await using opened = await open();
      await test(opened.bus);
    });

  suite("delivers in order what was published, before and after the consumer came", async (bus) => {
    await bus.publish("tod.sample.a", bytes("1"));
    await bus.publish("tod.sample.b", bytes("2"));
    await using consumer = reader(bus);
    const first = await consumer.next();
    deepEqual([first.subject, text(first.data), first.attempt], ["tod.sample.a", "1", 1]);
    first.ack();
    equal(await consumer.take(), "2");
    await bus.publish("tod.sample.c", bytes("3"));
    equal(await consumer.take(), "3");
    await emptied(bus);
  });

  suite("keeps one message of an id", async (bus) => {
    await bus.publish("tod.sample.a", bytes("once"), { id: "x" });
    await bus.publish("tod.sample.a", bytes("once"), { id: "x" });
    await bus.publish("tod.sample.a", bytes("other"), { id: "y" });
    equal((await bus.check()).pending, 2);
    await using consumer = reader(bus);
    equal(await consumer.take(), "once");
    equal(await consumer.take(), "other");
  });

  suite("delivers again what nobody answered", async (bus) => {
    await using consumer = reader(bus);
    await bus.publish("tod.sample.a", bytes("1"));
    equal((await consumer.next()).attempt, 1);
    const second = await consumer.next();
    deepEqual([text(second.data), second.attempt], ["1", 2]);
    second.ack();
    await emptied(bus);
  });

  suite("delivers again after the delay of a retry", async (bus) => {
    await using consumer = reader(bus);
    await bus.publish("tod.sample.a", bytes("1"));
    const began = performance.now();
    (await consumer.next()).retry(120);
    const again = await consumer.next();
    equal(again.attempt, 2);
    equal(performance.now() - began >= 110, true);
    again.ack();
    await emptied(bus);
  });

  suite("never delivers again what was dropped", async (bus) => {
    await using consumer = reader(bus);
    await bus.publish("tod.sample.a", bytes("poison"));
    await bus.publish("tod.sample.a", bytes("good"));
    (await consumer.next()).drop("it is poison");
    const good = await consumer.next(); // unanswered: comes again when the ack wait is over
    equal(text(good.data), "good");
    equal(await consumer.take(), "good");
    await emptied(bus);
  });

  suite("holds back past maxInFlight until one is answered", async (bus) => {
    for (const word of ["1", "2", "3"]) await bus.publish("tod.sample.a", bytes(word));
    await using consumer = reader(bus, { maxInFlight: 2 });
    const first = await consumer.next();
    await consumer.next();
    let third: string | undefined;
    const reading = consumer.next().then((delivery) => third = text(delivery.data));
    await bus.check(); // a round trip: whatever was on its way has come
    await bus.check();
    equal(third, undefined);
    first.ack();
    await reading;
    equal(third, "3");
  });

  suite("shares a group's messages among its consumers", async (bus) => {
    await using one = reader(bus, { maxInFlight: 1 });
    await using two = reader(bus, { maxInFlight: 1 });
    const both = [one.next(), two.next()];
    await bus.publish("tod.sample.a", bytes("1"));
    await bus.publish("tod.sample.a", bytes("2"));
    const [left, right] = await Promise.all(both);
    deepEqual([text(left!.data), text(right!.data)].sort(), ["1", "2"]);
    left!.ack();
    right!.ack();
    await emptied(bus);
  });

  suite("gives the next consumer what the last one left, and takes late answers", async (bus) => {
    for (const word of ["1", "2", "3"]) await bus.publish("tod.sample.a", bytes(word));
    let late: Delivery;
    {
      await using leaving = reader(bus);
      await leaving.next();
      late = await leaving.next();
    }
    late.ack();
    await using consumer = reader(bus);
    deepEqual([await consumer.take(), await consumer.take()].sort(), ["1", "3"]);
    await emptied(bus);
  });

  suite("refuses past its bound, then takes again", async (bus) => {
    const data = new Uint8Array(8 * 1_024);
    let kept = 0;
    const fill = async () => {
      for (;; kept++) await bus.publish("tod.sample.a", data);
    };
    await rejects(fill(), (error) => error instanceof Unavailable && /full/.test(error.message));
    equal(kept > 0 && kept < 9, true);
    await using consumer = reader(bus);
    for (let i = 0; i < kept; i++) await consumer.take();
    await emptied(bus);
    await bus.publish("tod.sample.a", data);
  });

  suite("refuses a second group on a subject", async (bus) => {
    await using first = reader(bus);
    const waiting = first.take();
    await bus.publish("tod.sample.a", bytes("1")); // taken: so the first group is there
    await waiting;
    await using second = reader(bus, { group: "other", filter: "tod.sample.*" });
    await rejects(second.next(), { name: "TypeError" });
  });

  suite("ends consumers and listeners when their signal aborts", async (bus) => {
    const stop = new AbortController();
    const { signal } = stop;
    const consumer = bus.consume(ALL, { group: "ingest", maxInFlight: 1, signal });
    const listener = bus.listen("tod.live.>", { capacity: 1, signal });
    const ends = [consumer, listener].map((items) => items[Symbol.asyncIterator]().next());
    await bus.check();
    stop.abort();
    deepEqual((await Promise.all(ends)).map(({ done }) => done), [true, true]);
  });

  suite("broadcasts to every listener of the subject; a slow one loses the oldest", async (bus) => {
    const stop = new AbortController();
    const hear = (filter: string, capacity: number) =>
      bus.listen(filter, { capacity, signal: stop.signal })[Symbol.asyncIterator]();
    const [quick, slow] = [hear("tod.live.*", 100), hear("tod.live.acme", 2)];
    const [first, firstOfSlow] = [quick.next(), slow.next()];
    bus.broadcast("tod.live.acme", bytes("0"));
    equal(text((await first).value.data), "0");
    equal(text((await firstOfSlow).value.data), "0");
    for (const word of ["1", "2", "3", "4", "5"]) bus.broadcast("tod.live.acme", bytes(word));
    bus.broadcast("tod.live.globex", bytes("6"));
    for (const word of ["1", "2", "3", "4", "5", "6"]) {
      equal(text((await quick.next()).value.data), word);
    }
    const heard = (await slow.next()).value;
    deepEqual([text(heard.data), heard.dropped], ["4", 3]);
    deepEqual((await slow.next()).value.dropped, 0);
    stop.abort();
    await Promise.all([quick.return?.(), slow.return?.()]);
  });
}

Deno.test("bus (nats) loses nothing acknowledged over kill -9 of the server", async () => {
  await using opened = await nats();
  const { bus, server } = opened;
  const seen = new Set<string>();
  const published: string[] = [];
  const total = 120;
  const publishing = (async () => {
    for (let i = 0; i < total; i++) {
      await bus.publish("tod.sample.a", bytes(String(i)), { id: String(i) });
      published.push(String(i));
      if (i === 20 || i === 70) await server.kill();
      if (i === 20 || i === 70) void server.start();
    }
  })();
  await using consumer = reader(bus, { maxInFlight: 10 });
  while (seen.size < total) seen.add(await consumer.take());
  await publishing;
  deepEqual([...seen].sort(), published.sort());
  await emptied(bus);

  // Live messages flow again too.
  const stop = new AbortController();
  const listener = bus.listen("tod.live.a", { capacity: 1, signal: stop.signal });
  const next = listener[Symbol.asyncIterator]().next();
  bus.broadcast("tod.live.a", bytes("live"));
  equal(text((await next).value.data), "live");
  stop.abort();
});

Deno.test("bus (nats) says so when the server is away, and ends its waiting when closed", async () => {
  await using server = await startNats();
  await using opened = await openNats(server.url, { ...LIMITS, publishBoundMs: 100 }, silentLog);
  await server.kill();
  await rejects(opened.bus.publish("tod.sample.a", bytes("1")), Unavailable);
  await rejects(opened.bus.check(), Unavailable);
});

Deno.test("bus (nats) makes its stream again on a server that lost its disk", async () => {
  await using opened = await nats();
  await using consumer = reader(opened.bus);
  const reading = consumer.take();
  await opened.bus.publish("tod.sample.a", bytes("before"));
  equal(await reading, "before");
  const after = consumer.take();
  await opened.server.kill();
  await opened.server.wipe();
  await opened.server.start();
  await opened.bus.publish("tod.sample.a", bytes("after"));
  equal(await after, "after");
});

Deno.test("bus (nats) never falls back to plain text where the URL says tls", async () => {
  await using server = await startNats();
  const url = server.url.replace("nats://", "tls://op:hunter2@");
  await rejects(openNats(url, LIMITS, silentLog), (error) => {
    return error instanceof Unavailable && /tls/.test(error.message) &&
      !error.message.includes("hunter2");
  });
});
