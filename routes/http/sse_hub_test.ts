import { deepEqual, equal, ok } from "node:assert/strict";
import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { SseHub } from "./sse_hub.ts";

const [ACME, GLOBEX] = [crypto.randomUUID(), crypto.randomUUID()] as [TenantId, TenantId];
const encoder = new TextEncoder();
const yes = () => Promise.resolve(true);

function openHub() {
  const bus = new MemoryBus({ maxBytes: 10_000_000, maxAgeSeconds: 60 });
  const hub = new SseHub(bus);
  const open = (tenantId: TenantId, mayGoOn = yes, lastEventId?: string) =>
    hub.open({ tenantId, deviceId: undefined, lastEventId, mayGoOn }).body!;
  return {
    bus,
    hub,
    open,
    send: (tenantId: TenantId, text: string) =>
      bus.broadcast(subjects.live(tenantId), encoder.encode(text)),
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
    },
  };
}

/** The data of each event up to the first that is `last`; all there were when the stream ends. */
async function dataUntil(stream: ReadableStream<Uint8Array>, last: string): Promise<string[]> {
  const decoder = new TextDecoder();
  const seen: string[] = [];
  let text = "";
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    const events = text.split("\n\n");
    text = events.pop()!;
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data === undefined || event.includes("event: beat")) continue;
      seen.push(data);
      if (data === last) return seen;
    }
  }
  return seen;
}

Deno.test("200 browsers of two tenants: each sees its own, once, in order, beside one that stalls", async () => {
  await using test = openHub();
  const MESSAGES = 100;
  const expected = (name: string) => Array.from({ length: MESSAGES }, (_, i) => `${name} ${i}`);
  const readers = Array.from({ length: 200 }, (_, index) => {
    const [tenantId, name] = index % 2 === 0
      ? [ACME, "acme"] as const
      : [GLOBEX, "globex"] as const;
    return { name, seen: dataUntil(test.open(tenantId), `${name} ${MESSAGES - 1}`) };
  });
  const stalled = test.open(ACME); // nobody reads it
  equal(test.hub.streams, 201);
  for (let i = 0; i < MESSAGES; i++) {
    test.send(ACME, `acme ${i}`);
    test.send(GLOBEX, `globex ${i}`);
  }
  for (const { name, seen } of readers) deepEqual(await seen, expected(name));
  // Far past what one may lag behind: it is told to start over and let go.
  for (let i = 0; i < 600; i++) {
    test.send(ACME, "more");
    if (i % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const rest = await dataUntil(stalled, "{}");
  equal(rest.at(-1), "{}", "a reset, not a gap");
});

Deno.test("a stream ends when its reader may not go on, as soon as rights change anywhere", async () => {
  await using test = openHub();
  let isAllowed = true;
  const [own, other] = [test.open(ACME, () => Promise.resolve(isAllowed)), test.open(ACME)];
  const [seen, otherSeen] = [dataUntil(own, "never"), dataUntil(other, "after")];
  test.send(ACME, "before");
  isAllowed = false;
  test.bus.broadcast(subjects.accessChanged, new Uint8Array());
  deepEqual(await seen, ["before"]);
  test.send(ACME, "after");
  deepEqual(await otherSeen, ["before", "after"]);
});

Deno.test("a question about rights that fails is no permission", async () => {
  await using test = openHub();
  const stream = test.open(ACME, () => Promise.reject(new Error("the database is away")));
  const seen = dataUntil(stream, "never");
  test.bus.broadcast(subjects.accessChanged, new Uint8Array());
  ok((await seen).length === 0);
});

Deno.test("a browser that was cut before its first message resumes where it came in", async () => {
  await using test = openHub();
  const first = test.open(ACME).getReader();
  let text = "";
  while (!text.includes("event: beat")) {
    text += new TextDecoder().decode((await first.read()).value);
  }
  const [, place] = /^id: (\S+)$/m.exec(text)!;
  await first.cancel();
  const other = dataUntil(test.open(ACME), "missed");
  test.send(ACME, "missed");
  await other; // the channel has it
  const back = dataUntil(test.open(ACME, yes, place), "after");
  test.send(ACME, "after");
  deepEqual(await back, ["missed", "after"]);
});

Deno.test("browsers are told to come back after pauses that differ", async () => {
  await using test = openHub();
  const pauses = new Set<string>();
  for (let n = 0; n < 20; n++) {
    const reader = test.open(ACME).getReader();
    const { value } = await reader.read();
    pauses.add(/^retry: (\d+)/.exec(new TextDecoder().decode(value))![1]!);
    await reader.cancel();
  }
  ok(pauses.size > 10, [...pauses].join());
  for (const pause of pauses) ok(Number(pause) >= 1_000 && Number(pause) < 5_000, pause);
});
