import { equal, ok } from "node:assert/strict";
import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import { LiveChannel } from "./live_channel.ts";

const SUBJECT = "tod.live.acme";
const encoder = new TextEncoder();

function openChannel() {
  const bus = new MemoryBus({ maxBytes: 1_000_000, maxAgeSeconds: 60 });
  const channel = new LiveChannel(bus, [{ subject: SUBJECT, event: "batch" }], () => {});
  return {
    bus,
    channel,
    send: (text: string) => bus.broadcast(SUBJECT, encoder.encode(text)),
    [Symbol.asyncDispose]: async () => {
      await channel.close();
      await bus[Symbol.asyncDispose]();
    },
  };
}

/** Reads until `text` was seen; answers everything read so far. */
async function readUntil(stream: ReadableStream<Uint8Array>, text: string) {
  const reader = stream
    .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
    .getReader();
  let seen = "";
  while (!seen.includes(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    seen += value;
  }
  return { seen, reader };
}

Deno.test("LiveChannel sends each message to every browser, with an id", async () => {
  await using test = openChannel();
  const [first, second] = [test.channel.open(undefined), test.channel.open(undefined)];
  test.send("one");
  for (const stream of [first, second]) {
    const { seen, reader } = await readUntil(stream, "one");
    ok(/id: \w{8}-1\nevent: batch\ndata: one\n\n/.test(seen), seen);
    await reader.cancel();
  }
});

Deno.test("LiveChannel resumes where a browser left off, without a gap or a repeat", async () => {
  await using test = openChannel();
  const { seen, reader } = await readUntil(
    (test.send("one"), test.channel.open(undefined)),
    "one",
  );
  const [, id] = /id: (\S+)\nevent: batch/.exec(seen)!;
  await reader.cancel();
  test.send("two");
  test.send("three");
  // A second browser's stream shows that both have arrived before the first one comes back.
  const witness = await readUntil(test.channel.open(id), "three");
  await witness.reader.cancel();
  const back = await readUntil(test.channel.open(id), "three");
  equal(back.seen.match(/data: (\w+)/g)?.join(), "data: two,data: three");
  ok(!back.seen.includes("reset"));
  await back.reader.cancel();
});

for (const lastEventId of ["other000-1", "garbage", "-", "00000000-99"]) {
  Deno.test(`LiveChannel tells a browser with the id ${lastEventId} to start over`, async () => {
    await using test = openChannel();
    const { seen, reader } = await readUntil(test.channel.open(lastEventId), "reset");
    ok(seen.includes("event: reset"));
    await reader.cancel();
  });
}

Deno.test("LiveChannel lets a browser go that does not read, and keeps no more for it", async () => {
  await using test = openChannel();
  const slow = test.channel.open(undefined);
  const fast = readUntil(test.channel.open(undefined), "last");
  for (let sent = 0; sent < 2_000; sent++) {
    test.send(`message ${sent}`);
    await Promise.resolve(); // the channel and the fast reader take turns
    if (sent % 50 === 0) await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
  test.send("last");
  const { reader } = await fast;
  equal(test.channel.readers, 1, "the slow one is gone");
  const { seen } = await readUntil(slow, "reset");
  const kept = seen.match(/event: batch/g)?.length ?? 0;
  ok(kept <= 512, `${kept} messages were kept for it`);
  await reader.cancel();
  equal(test.channel.readers, 0);
});
