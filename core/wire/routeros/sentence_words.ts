import type { Buffer } from "node:buffer";
import { headerSize, readLength } from "./length.ts";
import { TextReader } from "./text.ts";

const reader = TextReader.for("windows-1252");

/** The words of a sentence as text, for whoever answers commands instead of giving them. */
export function sentenceWords(bytes: Buffer, start: number, end: number): string[] {
  const words: string[] = [];
  for (let at = start; at < end;) {
    const size = headerSize(bytes[at]!);
    const from = at + size;
    at = from + readLength(bytes, at, size);
    words.push(reader.read(bytes, from, at));
  }
  return words;
}
