import { type Buffer, isAscii } from "node:buffer";

/** Buffer's slices are the fastest way from bytes to text; Node documents them, its types do not. */
interface SliceableBuffer {
  latin1Slice(start: number, end: number): string;
}

/** Text of bytes that hold nothing above 0x7F (or are wanted one character a byte). */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return (bytes as unknown as SliceableBuffer).latin1Slice(start, end);
}

/**
 * Reads what RouterOS stores: bytes, in whatever encoding their writer used. New tools write UTF-8,
 * WinBox on Windows the system's code page. So: strict UTF-8 first, else the device's code page.
 */
export class TextReader {
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #fallback: TextDecoder;
  /** Whether the last {@linkcode read} needed the code page. */
  usedFallback = false;

  static readonly #shared = new Map<string, TextReader>();

  /** The reader for a code page. Throws {@linkcode RangeError} on one the platform does not know. */
  static for(fallbackEncoding: string): TextReader {
    const found = TextReader.#shared.get(fallbackEncoding);
    if (found) return found;
    const reader = new TextReader(fallbackEncoding);
    TextReader.#shared.set(fallbackEncoding, reader);
    return reader;
  }

  private constructor(fallbackEncoding: string) {
    this.#fallback = new TextDecoder(fallbackEncoding, { ignoreBOM: true });
  }

  read(bytes: Buffer, start: number, end: number): string {
    const view = bytes.subarray(start, end);
    this.usedFallback = false;
    if (isAscii(view)) return latin1(bytes, start, end);
    try {
      return this.#utf8.decode(view);
    } catch {
      this.usedFallback = true;
      return this.#fallback.decode(view);
    }
  }
}
