import { deepEqual, equal, rejects } from "node:assert/strict";
import { Unavailable } from "@/core/errors.ts";
import type { Locks } from "@/core/ports/locks.ts";
import { recordingLog, silentLog } from "@/tests/support/log.ts";
import { startRedis, type TestServerProcess } from "@/tests/support/servers.ts";
import { MemoryLocks } from "./locks_memory.ts";
import { RedisLocks } from "./locks_redis.ts";

interface OpenLocks extends AsyncDisposable {
  /** Two processes' views of the same locks. */
  locks: Locks;
  others: Locks;
  /** Lets time pass on the side that counts TTLs. */
  pass(ms: number): Promise<void>;
}

function memory(): Promise<OpenLocks> {
  let now = 1_000_000;
  const locks = new MemoryLocks(() => now);
  return Promise.resolve({
    locks,
    others: locks,
    pass: (ms) => Promise.resolve(void (now += ms)),
    [Symbol.asyncDispose]: () => locks[Symbol.asyncDispose](),
  });
}

async function redis(): Promise<OpenLocks & { server: TestServerProcess }> {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await startRedis());
  const locks = opening.use(RedisLocks.open(server.url, silentLog));
  const others = opening.use(RedisLocks.open(server.url, silentLog));
  const stack = opening.move();
  return {
    locks,
    others,
    server,
    // Redis keeps its own time; the TTLs of this suite are short.
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms + 20)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

for (const open of [memory, redis]) {
  const suite = (criterion: string, test: (opened: OpenLocks) => Promise<void>) =>
    Deno.test(`locks (${open.name}) ${criterion}`, async () => {
      await using opened = await open();
      await test(opened);
    });

  suite("give a key to one holder until it is released", async ({ locks, others }) => {
    const lease = await locks.acquire("a", 60_000);
    equal(lease?.key, "a");
    equal(await others.acquire("a", 60_000), undefined);
    equal((await others.acquire("b", 60_000))?.key, "b");
    await lease![Symbol.asyncDispose]();
    equal((await others.acquire("a", 60_000))?.key, "a");
  });

  suite("give one of many at once the key", async ({ locks, others }) => {
    const tries = Array.from(
      { length: 40 },
      (_, i) => (i % 2 ? locks : others).acquire("a", 9_000),
    );
    equal((await Promise.all(tries)).filter((lease) => lease !== undefined).length, 1);
  });

  suite("let a lease lapse, and tell its holder", async ({ locks, others, pass }) => {
    const lapsed = (await locks.acquire("a", 80))!;
    await pass(80);
    const taken = (await others.acquire("a", 60_000))!;
    equal(await lapsed.renew(60_000), false);
    await lapsed[Symbol.asyncDispose](); // must not free what is another's now
    equal(await locks.acquire("a", 60_000), undefined);
    equal(await taken.renew(60_000), true);
  });

  suite("keep a lease that is renewed", async ({ locks, others, pass }) => {
    const lease = (await locks.acquire("a", 100))!;
    equal(await lease.renew(60_000), true);
    await pass(100);
    equal(await others.acquire("a", 60_000), undefined);
  });

  suite("answer a one-time value once", async ({ locks, others, pass }) => {
    await locks.put("token", "secret", 60_000);
    const answers = await Promise.all([others.take("token"), locks.take("token")]);
    deepEqual(answers.filter((value) => value !== undefined), ["secret"]);
    equal(await locks.take("token"), undefined);
    await locks.put("short", "secret", 60);
    await pass(60);
    equal(await locks.take("short"), undefined);
  });

  suite("count hits of a fixed window together", async ({ locks, others, pass }) => {
    const first = await locks.hit("login", 200);
    equal(first.count, 1);
    equal(first.resetMs > 0 && first.resetMs <= 200, true);
    const second = await others.hit("login", 200);
    equal(second.count, 2);
    equal(second.resetMs <= first.resetMs, true); // a hit does not move the window's end
    await pass(200);
    equal((await locks.hit("login", 200)).count, 1);
  });

  suite("say what stands behind them", async ({ locks }) => {
    equal(/^(in-process|Redis \d+\.\d+)/.test(await locks.check()), true);
  });
}

Deno.test("locks (redis) fail fast while the server is away, and work when it is back", async () => {
  await using opened = await redis();
  const { locks, server } = opened;
  const lease = (await locks.acquire("kept", 60_000))!;
  await locks.put("once", "value", 60_000);
  await server.kill();
  const began = performance.now();
  for (
    const call of [
      () => locks.acquire("a", 1_000),
      () => lease.renew(1_000),
      () => locks.take("once"),
      () => locks.hit("b", 1_000),
      () => locks.check(),
    ]
  ) await rejects(call(), Unavailable);
  equal(performance.now() - began < 4_000, true); // a quarter of a second each
  await lease[Symbol.asyncDispose](); // does not throw: the lease lapses by itself

  await server.start();
  for (const deadline = Date.now() + 10_000;;) {
    try {
      equal(await locks.take("once"), "value");
      break;
    } catch (error) {
      if (!(error instanceof Unavailable) || Date.now() > deadline) throw error;
    }
  }
  equal(await locks.acquire("kept", 1_000), undefined); // acknowledged before the kill
});

Deno.test("locks (redis) never log their URL's password", async () => {
  await using server = await startRedis();
  const log = recordingLog();
  const url = server.url.replace("redis://", "redis://:hunter2@");
  await using locks = RedisLocks.open(url, log);
  await locks.check().catch((error) => log.warn("check", { error: error.message }));
  await server.kill();
  await rejects(locks.check(), Unavailable);
  equal(JSON.stringify(log.lines).includes("hunter2"), false);
});
