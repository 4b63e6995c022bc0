import { deepEqual, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encodeSentence } from "./encode.ts";
import {
  ConnectionLost,
  DeadlineExceeded,
  FatalError,
  ProtocolError,
  RouterosSession,
  TrapError,
} from "./mod.ts";
import { readReply } from "./reply.ts";
import { attributesOf } from "./row.ts";
import { ScriptedRouter } from "./testing/scripted_router.ts";
import { SeededRandom } from "./testing/seeded_random.ts";
import { SentenceDecoder } from "./sentence_decoder.ts";
import { TextReader } from "./text.ts";

const STREAMS = 200_000;
const BOUNDS = { maxWordBytes: 512, maxSentenceBytes: 2048, maxSentenceWords: 24 };
const seed = Number(Deno.env.get("TOD_FUZZ_SEED") ?? Date.now() % 2 ** 32);
const text = TextReader.for("windows-1252");

const WORDS = [
  "!re",
  "!done",
  "!trap",
  "!fatal",
  "!empty",
  "!new",
  ".tag=1",
  ".tag=",
  "=",
  "==",
  "=name=ether1",
  "=.id=*1",
  "=__proto__=x",
  "=1=2",
  "=comment=kõik ☃",
  "=no second",
  ".about=hint",
  "session terminated",
  `=long=${"x".repeat(200)}`,
];

/** Lengths that are too long, cut short, longer than needed or reserved. */
const ODD_LENGTHS = ["80", "8001", "c00005", "e0000003", "f000000002", "f0ffffffff", "f8", "f1"];

function randomStream(random: SeededRandom): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let left = random.below(6); left >= 0; left--) {
    switch (random.below(8)) {
      case 0:
        parts.push(random.bytes(random.below(40)));
        break;
      case 1:
        parts.push(Uint8Array.fromHex(random.pick(ODD_LENGTHS)));
        break;
      case 2:
        parts.push(new Uint8Array(random.below(3)));
        break;
      default: {
        const words: (string | Uint8Array)[] = Array.from(
          { length: 1 + random.below(6) },
          () => random.pick(WORDS),
        );
        if (random.below(4) === 0) words.push(random.bytes(1 + random.below(200)));
        parts.push(encodeSentence(words));
      }
    }
  }
  const stream = Buffer.concat(parts);
  // Half of them get one byte wrong.
  if (stream.length > 0 && random.below(2) === 0) {
    stream[random.below(stream.length)] = random.below(256);
  }
  return stream;
}

interface Outcome {
  sentences: unknown[];
  refusal: string | undefined;
}

/** Decodes `stream` in the given pieces; lets nothing but ProtocolError pass. */
function decode(stream: Uint8Array, cuts: readonly number[]): Outcome {
  const outcome: Outcome = { sentences: [], refusal: undefined };
  const decoder = new SentenceDecoder((bytes, start, end, ascii) => {
    const { kind, tag, row, bare } = readReply(bytes, start, end, ascii, text);
    outcome.sentences.push([kind, tag, attributesOf(row), bare]);
  }, BOUNDS);
  let from = 0;
  for (const to of [...cuts, stream.length]) {
    const chunk = stream.subarray(from, to);
    try {
      decoder.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      outcome.refusal = error.message;
      ok(decoder.storeBytes === 0, "a refused stream is still held");
      break;
    }
    from = to;
    // At most the bytes that came, doubled once by growing, and never beyond the bound.
    const allowed = Math.min(2 * to, 2 * (BOUNDS.maxSentenceBytes + chunk.length));
    ok(decoder.storeBytes <= allowed, `holds ${decoder.storeBytes} bytes for ${to} that came`);
  }
  return outcome;
}

Deno.test(`${STREAMS} random streams in random pieces: one reading, only ProtocolError`, () => {
  console.log(`seed ${seed} (TOD_FUZZ_SEED=${seed} repeats it)`);
  const random = new SeededRandom(seed);
  let sentences = 0;
  let refused = 0;
  for (let run = 0; run < STREAMS; run++) {
    const stream = randomStream(random);
    const cuts = Array.from({ length: random.below(6) }, () => random.below(stream.length + 1))
      .sort((a, b) => a - b);
    const whole = decode(stream, []);
    const pieces = decode(stream, cuts);
    if (JSON.stringify(whole) !== JSON.stringify(pieces)) {
      deepEqual(pieces, whole, `run ${run}: ${stream.toHex()} cut at ${cuts}`);
    }
    sentences += whole.sentences.length;
    if (whole.refusal) refused++;
  }
  console.log(`${sentences} sentences read, ${refused} streams refused`);
  ok(sentences > STREAMS / 2 && refused > STREAMS / 20, "the streams do not exercise the decoder");
});

Deno.test("a session fed random streams settles every command with a typed error", async () => {
  const random = new SeededRandom(seed ^ 0x5eed);
  await using router = await ScriptedRouter.start(async (connection) => {
    await connection.next();
    for (let left = 1 + random.below(5); left > 0; left--) {
      connection.socket.write(randomStream(random));
    }
    connection.socket.end();
  });
  for (let run = 0; run < 300; run++) {
    using session = await RouterosSession.open({ ...router.target, bounds: BOUNDS });
    const results = await Promise.allSettled(["/a", "/b", "/c"].map((name) => session.run(name)));
    for (const result of results) {
      if (result.status === "fulfilled") continue;
      const { reason } = result;
      const isTyped = [ConnectionLost, DeadlineExceeded, FatalError, ProtocolError, TrapError]
        .some((type) => reason instanceof type);
      ok(isTyped, `seed ${seed}, run ${run}: ${reason}`);
    }
    ok(session.pendingCount === 0);
  }
});
