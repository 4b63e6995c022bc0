import { Buffer } from "node:buffer";
import { deepEqual, equal, throws } from "node:assert/strict";
import { encodeSentence, lengthPrefix, SentenceReader, WireFault } from "@/tools/sim/wire.ts";

Deno.test("lengthPrefix() takes the shortest form at every boundary", () => {
  const hex = (length: number) => Buffer.from(lengthPrefix(length), "latin1").toString("hex");
  for (
    const [length, expected] of [
      [0, "00"],
      [0x7f, "7f"],
      [0x80, "8080"],
      [0x3fff, "bfff"],
      [0x4000, "c04000"],
      [0x1fffff, "dfffff"],
      [0x200000, "e0200000"],
      [0xfffffff, "efffffff"],
      [0x10000000, "f010000000"],
    ] as const
  ) equal(hex(length), expected);
});

Deno.test("SentenceReader gives the same sentences whatever the chunks", () => {
  const sent = [["/print", "=.proplist=" + "x".repeat(200)], ["?a", "?#!"], ["y".repeat(20_000)]];
  const bytes = Buffer.concat([Buffer.of(0), ...sent.map(encodeSentence)]);
  for (const size of [1, 2, 3, 127, 1_000, bytes.length]) {
    const reader = new SentenceReader();
    const got: string[][] = [];
    for (let at = 0; at < bytes.length; at += size) {
      got.push(...reader.push(bytes.subarray(at, at + size)));
    }
    deepEqual(got, sent);
  }
});

Deno.test("SentenceReader takes lengths longer than they need be", () => {
  const reader = new SentenceReader();
  deepEqual(reader.push(Buffer.from("f0000000022f6100", "hex")), [["/a"]]);
});

Deno.test("SentenceReader refuses reserved lead bytes and words past its bound", () => {
  throws(() => new SentenceReader().push(Buffer.of(0xf8)), WireFault);
  throws(() => new SentenceReader(10).push(Buffer.of(11, 65)), WireFault);
  throws(() => new SentenceReader().push(Buffer.of(0xef, 0xff, 0xff, 0xff)), WireFault);
});
