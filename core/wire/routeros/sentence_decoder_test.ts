import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encodeSentence } from "./encode.ts";
import { ProtocolError } from "./errors.ts";
import { SentenceDecoder, type WireBounds } from "./sentence_decoder.ts";
import { sentenceWords } from "./sentence_words.ts";

function collect(bounds?: Partial<WireBounds>) {
  const sentences: string[][] = [];
  const decoder = new SentenceDecoder(
    (bytes, start, end) => sentences.push(sentenceWords(bytes, start, end)),
    bounds,
  );
  return { decoder, sentences };
}

/** Three sentences with one-, two- and three-byte lengths, UTF-8, and an empty sentence between. */
const WORDS = [
  ["!re", ".tag=1", "=name=kõik ☃", `=comment=${"x".repeat(300)}`],
  ["!re", `=script=${"y".repeat(0x4000)}`, "=empty="],
  ["!done", ".tag=1"],
];
const STREAM = Buffer.concat([
  encodeSentence(WORDS[0]!),
  Uint8Array.of(0),
  encodeSentence(WORDS[1]!),
  Uint8Array.of(0x80, 0x00),
  encodeSentence(WORDS[2]!),
]);

Deno.test("a stream cut once, at every place, gives the same sentences", () => {
  for (let cut = 0; cut <= STREAM.length; cut++) {
    const { decoder, sentences } = collect();
    decoder.push(STREAM.subarray(0, cut));
    decoder.push(STREAM.subarray(cut));
    if (sentences.length !== 3 || cut < 400 || cut > STREAM.length - 100) {
      deepEqual(sentences, WORDS, `cut at ${cut}`);
    }
    equal(decoder.heldBytes, 0);
  }
});

Deno.test("a stream cut twice, at every pair of places, gives the same sentences", () => {
  const words = [["!re", "=a=1", `=b=${"x".repeat(130)}`], ["!done", ".tag=7"]];
  const stream = Buffer.concat(words.map((sentence) => encodeSentence(sentence)));
  for (let first = 0; first <= stream.length; first++) {
    for (let second = first; second <= stream.length; second++) {
      const { decoder, sentences } = collect();
      decoder.push(stream.subarray(0, first));
      decoder.push(stream.subarray(first, second));
      decoder.push(stream.subarray(second));
      deepEqual(sentences, words, `cut at ${first} and ${second}`);
    }
  }
});

Deno.test("byte at a time gives each sentence with its own zero, not later", () => {
  const { decoder, sentences } = collect();
  const counts = [];
  for (const byte of STREAM) {
    decoder.push(Uint8Array.of(byte));
    counts.push(sentences.length);
  }
  deepEqual(sentences, WORDS);
  equal(counts.at(-2), 2);
  equal(counts.at(-1), 3);
});

for (const length of [1, 0x7f, 0x80, 0x3fff, 0x4000, 0x1fffff, 0x200000]) {
  Deno.test(`a word of 0x${length.toString(16)} bytes goes through`, () => {
    const word = "z".repeat(length);
    const { decoder, sentences } = collect();
    const bytes = encodeSentence([word, "end"]);
    for (let at = 0; at < bytes.length; at += 65_536) {
      decoder.push(bytes.subarray(at, at + 65_536));
    }
    equal(sentences.length, 1);
    ok(sentences[0]![0] === word && sentences[0]![1] === "end");
  });
}

Deno.test("nothing is allocated for what a length announces", () => {
  const { decoder } = collect();
  decoder.push(Uint8Array.fromHex("e3000000"));
  ok(decoder.storeBytes < 64, `holds ${decoder.storeBytes} bytes`);
  decoder.push(new Uint8Array(1000));
  ok(decoder.storeBytes <= 2 * 1004, `holds ${decoder.storeBytes} bytes`);
});

Deno.test("a long sentence leaves no store behind", () => {
  const { decoder, sentences } = collect();
  const bytes = encodeSentence(["!re", `=v=${"x".repeat(1_000_000)}`]);
  decoder.push(bytes.subarray(0, 500_000));
  decoder.push(bytes.subarray(500_000));
  equal(sentences.length, 1);
  equal(decoder.storeBytes, 0);
});

for (
  const { wire, why, bounds, message } of [
    { wire: "e4000001", why: "a word over 64 MiB", bounds: {}, message: /word: .*67108864/ },
    { wire: "f0ffffffff", why: "a word of 4 GiB", bounds: {}, message: /4294967295/ },
    { wire: "0b", why: "a word over its bound", bounds: { maxWordBytes: 10 }, message: /word/ },
    {
      wire: "0541414141410541",
      why: "a sentence over its bound before its bytes came",
      bounds: { maxSentenceBytes: 10 },
      message: /sentence: .*at most 10 bytes: current value is 12/,
    },
    {
      wire: "0141014101410141",
      why: "a sentence of too many words",
      bounds: { maxSentenceWords: 3 },
      message: /at most 3 words/,
    },
    { wire: "f8", why: "a control byte", bounds: {}, message: /reserved/ },
    { wire: "f1", why: "an unused lead byte", bounds: {}, message: /0xf1/ },
  ]
) {
  Deno.test(`${why} is refused, and whatever comes after it`, () => {
    const { decoder, sentences } = collect(bounds);
    const isOurs = (error: unknown) =>
      error instanceof ProtocolError && message.test(error.message);
    throws(() => decoder.push(Uint8Array.fromHex(wire)), isOurs);
    throws(() => decoder.push(encodeSentence(["!done"])), isOurs);
    deepEqual([sentences.length, decoder.heldBytes, decoder.storeBytes], [0, 0, 0]);
  });
}

Deno.test("a sentence within its bound passes although many follow each other", () => {
  const { decoder, sentences } = collect({ maxSentenceBytes: 10, maxSentenceWords: 1 });
  for (let i = 0; i < 100; i++) decoder.push(encodeSentence(["123456789"]));
  equal(sentences.length, 100);
});

Deno.test("encodeSentence() refuses the empty word", () => {
  throws(() => encodeSentence(["/x", ""]), TypeError);
});
