import { Buffer } from "node:buffer";

/** Words longer than this end the connection: no menu here takes more. */
export const MAX_WORD_BYTES = 4 * 1024 * 1024;

export class WireFault extends Error {}

/** The length that stands before a word, minimal form (Manual:API, "API words"). */
export function lengthPrefix(length: number): string {
  const byte = String.fromCharCode;
  if (length < 0x80) return byte(length);
  if (length < 0x4000) return byte(0x80 | (length >> 8), length & 0xff);
  if (length < 0x200000) return byte(0xc0 | (length >> 16), (length >> 8) & 0xff, length & 0xff);
  const low = [(length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff] as const;
  if (length < 0x10000000) return byte(0xe0 | (length >>> 24), ...low);
  return byte(0xf0, (length >>> 24) & 0xff, ...low);
}

/** One word, given and returned as a byte string. */
export function encodeWord(word: string): string {
  return lengthPrefix(word.length) + word;
}

export function encodeSentence(words: readonly string[]): Buffer {
  return Buffer.from(words.map(encodeWord).join("") + "\0", "latin1");
}

/** Bytes in, whole sentences out, whatever the chunking. Empty sentences are ignored. */
export class SentenceReader {
  #bytes: Buffer = Buffer.alloc(0);
  #words: string[] = [];
  /** Bytes of the sentence so far: what an unauthenticated peer may make us hold is bounded. */
  #held = 0;

  constructor(public maxSentenceBytes: number = MAX_WORD_BYTES) {}

  /** @throws {WireFault} on a reserved lead byte or a word past the bound */
  push(chunk: Buffer): string[][] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const sentences: string[][] = [];
    let at = 0;
    for (;;) {
      const header = readLength(this.#bytes, at);
      if (!header) break;
      const { length, size } = header;
      if (length > MAX_WORD_BYTES || this.#held + length > this.maxSentenceBytes) {
        throw new WireFault(`word of ${length} bytes is past the bound`);
      }
      if (at + size + length > this.#bytes.length) break;
      if (length === 0) {
        if (this.#words.length > 0) sentences.push(this.#words);
        this.#words = [];
        this.#held = 0;
      } else {
        this.#words.push(this.#bytes.toString("latin1", at + size, at + size + length));
        this.#held += length + 1;
      }
      at += size + length;
    }
    this.#bytes = this.#bytes.subarray(at);
    return sentences;
  }
}

function readLength(bytes: Buffer, at: number): { length: number; size: number } | undefined {
  if (at >= bytes.length) return undefined;
  const lead = bytes[at]!;
  if (lead > 0xf0) throw new WireFault(`reserved lead byte ${lead}`);
  const size = lead < 0x80 ? 1 : lead < 0xc0 ? 2 : lead < 0xe0 ? 3 : lead < 0xf0 ? 4 : 5;
  if (at + size > bytes.length) return undefined;
  let length = size === 1 ? lead : size === 5 ? 0 : lead & (0x7f >> (size - 1));
  for (let i = 1; i < size; i++) length = length * 256 + bytes[at + i]!;
  return { length, size };
}
