import { Buffer, isAscii } from "node:buffer";
import { ProtocolError } from "./errors.ts";
import { headerSize, readLength } from "./length.ts";

/** What a peer may make us hold. Sizes in bytes. */
export interface WireBounds {
  readonly maxWordBytes: number;
  readonly maxSentenceBytes: number;
  /** Words a sentence: without it 64 MiB of one-byte words would become gigabytes of objects. */
  readonly maxSentenceWords: number;
}

export const DEFAULT_BOUNDS: WireBounds = {
  maxWordBytes: 64 * 2 ** 20,
  maxSentenceBytes: 64 * 2 ** 20,
  maxSentenceWords: 65_536,
};

/** Above this the store is dropped when it runs empty, so that one long reply leaves no trace. */
const KEPT_STORE_BYTES = 16 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Receives one whole sentence: the bytes from `start` to `end`, length headers included, without
 * the closing zero. They are valid during the call only. `ascii`: no byte is above 0x7F.
 */
export type OnSentence = (bytes: Buffer, start: number, end: number, ascii: boolean) => void;

/**
 * Cuts a byte stream into sentences, whatever the chunks are. A sentence ends at its zero word and
 * nowhere else. Nothing is allocated for bytes that have not come: the store grows with what
 * arrived, never with what a length announces. Empty sentences are passed over.
 */
export class SentenceDecoder {
  readonly #onSentence: OnSentence;
  readonly #bounds: WireBounds;
  /** Bytes of an unfinished sentence: the first `#held` of `#store`. */
  #store: Buffer = NOTHING;
  #held = 0;
  /** Where the next length header of the unfinished sentence stands. */
  #scan = 0;
  #words = 0;
  #failure: ProtocolError | undefined;

  constructor(onSentence: OnSentence, bounds: Partial<WireBounds> = {}) {
    this.#onSentence = onSentence;
    this.#bounds = { ...DEFAULT_BOUNDS, ...bounds };
  }

  /** Bytes held for a sentence that is not complete. */
  get heldBytes(): number {
    return this.#held;
  }

  /** Bytes allocated for them. */
  get storeBytes(): number {
    return this.#store.length;
  }

  /**
   * Takes the next bytes. The callback runs for every sentence they complete.
   *
   * @throws {ProtocolError} on a length that is reserved or over a bound; again on every later call
   */
  push(chunk: Uint8Array): void {
    if (this.#failure) throw this.#failure;
    try {
      if (this.#held === 0) {
        const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        this.#keep(bytes, this.#cut(bytes, bytes.length), bytes.length);
      } else {
        this.#append(chunk);
        this.#keep(this.#store, this.#cut(this.#store, this.#held), this.#held);
      }
    } catch (error) {
      this.#store = NOTHING;
      this.#held = this.#scan = this.#words = 0;
      if (error instanceof ProtocolError) this.#failure = error;
      throw error;
    }
  }

  /** Hands out the sentences in the first `length` bytes; returns where the unfinished one starts. */
  #cut(bytes: Buffer, length: number): number {
    const { maxWordBytes, maxSentenceBytes, maxSentenceWords } = this.#bounds;
    let start = 0;
    let at = this.#scan;
    let words = this.#words;
    let ascii: boolean | undefined;
    while (at < length) {
      const lead = bytes[at]!;
      const size = lead < 0x80 ? 1 : headerSize(lead);
      if (at + size > length) break;
      const word = size === 1 ? lead : readLength(bytes, at, size);
      if (word === 0) {
        if (words > 0) {
          // One look at the whole chunk is enough for most; only mixed chunks ask per sentence.
          ascii ??= isAscii(bytes.subarray(start, length));
          this.#onSentence(bytes, start, at, ascii || isAscii(bytes.subarray(start, at)));
        }
        at += size;
        start = at;
        words = 0;
        continue;
      }
      if (word > maxWordBytes) throw tooLong("word", word, maxWordBytes);
      const end = at + size + word;
      if (end - start > maxSentenceBytes) throw tooLong("sentence", end - start, maxSentenceBytes);
      if (++words > maxSentenceWords) {
        throw new ProtocolError(
          `Cannot read a sentence: it must have at most ${maxSentenceWords} words`,
        );
      }
      at = end;
    }
    // `at` may lie beyond the bytes: it is where the next header will be once they have come.
    this.#scan = at - start;
    this.#words = words;
    return start;
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#held + chunk.length;
    if (needed > this.#store.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#store.length * 2));
      grown.set(this.#store.subarray(0, this.#held));
      this.#store = grown;
    }
    this.#store.set(chunk, this.#held);
    this.#held = needed;
  }

  /** Keeps `bytes[start..length)`, the beginning of the next sentence. */
  #keep(bytes: Buffer, start: number, length: number): void {
    const rest = length - start;
    if (rest === 0) {
      if (this.#store.length > KEPT_STORE_BYTES) this.#store = NOTHING;
    } else if (bytes === this.#store) {
      if (start > 0) this.#store.copyWithin(0, start, length);
    } else {
      if (this.#store.length < rest) this.#store = Buffer.allocUnsafeSlow(rest);
      this.#store.set(bytes.subarray(start, length));
    }
    this.#held = rest;
  }
}

function tooLong(what: string, bytes: number, limit: number): ProtocolError {
  return new ProtocolError(
    `Cannot read a ${what}: it must be at most ${limit} bytes: current value is ${bytes}`,
  );
}
