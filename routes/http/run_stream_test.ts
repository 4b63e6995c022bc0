import { deepEqual, equal, ok } from "node:assert/strict";
import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import type { RunInfo, RunMessage } from "@/core/contract/device_runs.ts";
import { subjects } from "@/core/subjects.ts";
import { RunStreams } from "./run_stream.ts";

const INFO = { id: "r", kind: "ping" } as RunInfo;

function open(messages: AsyncIterable<RunMessage>) {
  const bus = new MemoryBus({ maxBytes: 2 ** 20, maxAgeSeconds: 60 });
  const streams = new RunStreams(bus);
  const state = { may: true, left: 0 };
  const response = streams.answer({
    info: INFO,
    messages,
    mayGoOn: () => Promise.resolve(state.may),
    leave: () => state.left += 1,
  });
  return { bus, streams, state, response };
}

async function* twoAndEnd(): AsyncGenerator<RunMessage> {
  yield { type: "rows", seq: 1, at: 0, rows: [{ a: "1\n\nevent: fake\ndata: {}" }], dropped: 0 };
  yield { type: "end", seq: 2, at: 0, outcome: "done", detail: null };
  yield { type: "rows", seq: 3, at: 0, rows: [], dropped: 0 };
}

/** Never says anything. */
const silence: AsyncIterable<RunMessage> = {
  [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
};

Deno.test("a run's stream carries its messages by number, ends with the run, and is let go", async () => {
  const { streams, state, response } = open(twoAndEnd());
  const text = await response.text();
  await using _streams = streams;
  const events = text.trim().split("\n\n").map((block) => block.split("\n").slice(0, -1));
  deepEqual(events, [["event: info"], ["id: 1", "event: message"], ["id: 2", "event: message"]]);
  equal(state.left, 1);
  equal(streams.open, 0);
});

Deno.test("a stream ends when its reader's rights are gone, when they leave, and with the server", async () => {
  const first = open(silence);
  const reading = first.response.text();
  first.bus.broadcast(subjects.accessChanged, new Uint8Array());
  equal(first.streams.open, 1);
  first.state.may = false;
  first.bus.broadcast(subjects.accessChanged, new Uint8Array());
  ok((await reading).startsWith("event: info"));
  equal(first.state.left, 1);
  await first.streams[Symbol.asyncDispose]();

  const second = open(silence);
  await second.response.body!.cancel();
  equal(second.state.left, 1);
  await second.streams[Symbol.asyncDispose]();

  const third = open(silence);
  const last = third.response.text();
  await third.streams[Symbol.asyncDispose]();
  await last;
  equal(third.state.left, 1);
});
