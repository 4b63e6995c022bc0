import { equal, rejects } from "node:assert/strict";
import type { PushState } from "@/core/contract/pushes.ts";
import type { PushRecord } from "@/core/push/record.ts";
import { type PushStore, StaleWorker } from "@/core/push/store.ts";
import { LeavingStore } from "./leaving_store.ts";

const record = (state: PushState) => ({ id: "p", state }) as PushRecord;

function open(state: PushState) {
  const released: number[] = [];
  const inner: PushStore = {
    take: () => Promise.resolve({ record: record(state), epoch: 7 }),
    save: () => Promise.resolve(),
    renew: () => Promise.resolve({ decision: null }),
    release: (_, epoch) => Promise.resolve(void released.push(epoch)),
  };
  const leaving = new AbortController();
  const over = new AbortController();
  const store = new LeavingStore(inner, { leaving: leaving.signal, over: over.signal });
  return { store, leaving, over, released };
}

Deno.test("a process that leaves lets go at once what waits, and gives it back", async () => {
  const { store, leaving, released } = open("applied");
  await store.take("p");
  await store.renew("p", 7);
  leaving.abort();
  await rejects(store.renew("p", 7), StaleWorker);
  await store.leave();
  await store.leave();
  equal(released.join(), "7", "once");
  equal(await store.take("p"), undefined, "it takes no more");
});

Deno.test("what is between two steps goes on until it rests, or until the time is over", async () => {
  const { store, leaving, over } = open("armed");
  await store.take("p");
  leaving.abort();
  await store.renew("p", 7);
  await store.save(record("applied"), 7);
  await rejects(store.renew("p", 7), StaleWorker, "now it rests");
  over.abort();
  await rejects(store.save(record("confirming"), 7), StaleWorker);
});

Deno.test("what ended by itself is not given back twice", async () => {
  const { store, released } = open("draft");
  await store.take("p");
  await store.release("p", 7);
  await store.leave();
  equal(released.join(), "7");
});
