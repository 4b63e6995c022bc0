import { deepEqual, equal, rejects } from "node:assert/strict";
import { Unavailable } from "@/core/errors.ts";
import { NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import { silentLog } from "@/tests/support/log.ts";
import { startNats, type TestServerProcess } from "@/tests/support/servers.ts";
import { openNats } from "./nats.ts";
import { MemoryRpc } from "./rpc_memory.ts";

const SUBJECT = "tod.device_cmd.default";
const bytes = (word: string) => new TextEncoder().encode(word);
const text = (data: Uint8Array) => new TextDecoder().decode(data);
const within = { timeoutMs: 5_000 };

interface OpenRpc extends AsyncDisposable {
  rpc: Rpc;
}

const memory = (): Promise<OpenRpc> =>
  Promise.resolve({ rpc: new MemoryRpc(), [Symbol.asyncDispose]: () => Promise.resolve() });

async function nats(): Promise<OpenRpc & { server: TestServerProcess }> {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await startNats());
  const limits = { maxBytes: 2 ** 20, maxAgeSeconds: 3_600 };
  const { rpc } = opening.use(await openNats(server.url, limits, silentLog));
  const stack = opening.move();
  return { rpc, server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Serves until disposed; disposing waits for what is in flight. */
function serving(rpc: Rpc, handler: (word: string) => Promise<string> | string, concurrency = 8) {
  const stop = new AbortController();
  const options = { group: "poller", concurrency, signal: stop.signal };
  const ended = rpc.serve(SUBJECT, options, async (data) => bytes(await handler(text(data))));
  return {
    stop,
    ended,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

const ask = async (rpc: Rpc, word: string) => text(await rpc.request(SUBJECT, bytes(word), within));

for (const open of [memory, nats]) {
  const suite = (criterion: string, test: (rpc: Rpc) => Promise<void>) =>
    Deno.test(`rpc (${open.name}) ${criterion}`, async () => {
      await using opened = await open();
      await test(opened.rpc);
    });

  suite("answers each request with its own reply", async (rpc) => {
    await using _server = serving(rpc, (word) => word.toUpperCase());
    deepEqual(await Promise.all(["a", "b", "c"].map((word) => ask(rpc, word))), ["A", "B", "C"]);
  });

  suite("says at once that nobody serves", async (rpc) => {
    const began = performance.now();
    await rejects(ask(rpc, "x"), (error) => {
      return error instanceof NobodyServes && /Nobody serves/.test(error.message);
    });
    equal(performance.now() - began < 2_000, true);
  });

  suite("carries a handler's error", async (rpc) => {
    await using _server = serving(rpc, () => {
      throw new Error("the router said: „ne“\r\nInjected: header");
    });
    await rejects(ask(rpc, "x"), (error) => {
      return error instanceof Unavailable &&
        error.message === "the router said: „ne“\r\nInjected: header";
    });
  });

  suite("gives up after the time it was given", async (rpc) => {
    const late = Promise.withResolvers<string>();
    {
      await using server = serving(rpc, () => late.promise);
      const request = rpc.request(SUBJECT, bytes("x"), { timeoutMs: 50 });
      await rejects(request, (error) => {
        return error instanceof Unavailable && /within 50 ms/.test(error.message);
      });
      late.resolve("too late");
      server.stop.abort();
    }
  });

  suite("never begins what its asker has given up", async (rpc) => {
    const begun: string[] = [];
    const first = Promise.withResolvers<string>();
    await using _server = serving(rpc, (word) => {
      begun.push(word);
      return word === "slow" ? first.promise : "done";
    }, 1);
    const slow = ask(rpc, "slow");
    await rejects(rpc.request(SUBJECT, bytes("reboot"), { timeoutMs: 300 }), Unavailable);
    first.resolve("done");
    equal(await slow, "done");
    equal(await ask(rpc, "next"), "done");
    deepEqual(begun, ["slow", "next"]);
  });

  suite("runs no more handlers at a time than allowed", async (rpc) => {
    let [running, most] = [0, 0];
    await using _server = serving(rpc, async (word) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      return word;
    }, 2);
    await Promise.all(Array.from({ length: 12 }, (_, i) => ask(rpc, String(i))));
    equal(most, 2);
  });

  suite("shares requests among a group's members, one answer each", async (rpc) => {
    const served = new Map<string, number>();
    const count = (name: string) => (word: string) => {
      served.set(name, (served.get(name) ?? 0) + 1);
      return word;
    };
    await using _one = serving(rpc, count("one"));
    await using _two = serving(rpc, count("two"));
    await Promise.all(Array.from({ length: 100 }, (_, i) => ask(rpc, String(i))));
    equal((served.get("one") ?? 0) + (served.get("two") ?? 0), 100);
    equal(served.size, 2);
  });

  suite("ends what is in flight before serving ends", async (rpc) => {
    const begun = Promise.withResolvers<void>();
    const work = Promise.withResolvers<string>();
    const server = serving(rpc, () => {
      begun.resolve();
      return work.promise;
    });
    const answer = ask(rpc, "x");
    await begun.promise;
    server.stop.abort();
    let hasEnded = false;
    void server.ended.then(() => hasEnded = true);
    await rejects(async () => {
      for (;;) await rpc.request(SUBJECT, bytes("y"), { timeoutMs: 1_000 }); // until it is off
    }, Unavailable);
    equal(hasEnded, false);
    work.resolve("finished");
    equal(await answer, "finished");
    await server.ended;
  });
}

Deno.test("rpc (nats) serves again after kill -9 and restart of the server", async () => {
  await using opened = await nats();
  const { rpc, server } = opened;
  await using _serving = serving(rpc, (word) => word);
  equal(await ask(rpc, "before"), "before");
  await server.kill();
  await rejects(rpc.request(SUBJECT, bytes("away"), { timeoutMs: 200 }), Unavailable);
  await server.start();
  for (const deadline = Date.now() + 10_000;;) {
    try {
      equal(text(await rpc.request(SUBJECT, bytes("after"), { timeoutMs: 500 })), "after");
      break;
    } catch (error) {
      if (!(error instanceof Unavailable) || Date.now() > deadline) throw error;
    }
  }
});
