/** Octets of one line that are kept; a longer one is cut there and the rest of it skipped. */
export const MAX_LINE_BYTES = 16_384;
/** What a frame with its length before it may claim; past it the stream is not syslog. */
const MAX_FRAME_BYTES = 1_048_576;
const LF = 10;

/** The stream cannot be syslog: where the next line would begin is not known any more. */
export class BadFraming extends Error {
  override name = "BadFraming";
}

/**
 * Lines of a TCP stream (RFC 6587): each with its length before it ("5 hello"), or ended by LF. Which one
 * is told by its first octet, line by line: a length begins with a digit, and no line of the other kind
 * does ("<", or the topics of RouterOS). Holds one bounded line at most.
 */
export class SyslogFrames {
  #held = new Uint8Array(0);
  /** Octets of the frame under way that are still to be skipped, or -1: up to the next LF. */
  #skip = 0;

  /** Octets that wait for the rest of their line. */
  get pending(): number {
    return this.#held.length + (this.#skip === 0 ? 0 : 1);
  }

  /** @throws {BadFraming} when a length is none */
  push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let data = this.#held.length === 0 ? chunk : join(this.#held, chunk);
    for (;;) {
      data = this.#skipped(data);
      if (data.length === 0) break;
      const step = isDigit(data[0]!) ? this.#counted(data) : this.#ended(data);
      if (!step) break;
      if (step.line.length > 0) lines.push(step.line);
      data = data.subarray(step.next);
    }
    this.#held = data.slice();
    return lines;
  }

  /** What stands without an end when the connection closes. */
  finish(): Uint8Array | undefined {
    const rest = this.#held;
    this.#held = new Uint8Array(0);
    if (rest.length === 0 || isDigit(rest[0]!)) return undefined;
    return rest;
  }

  #skipped(data: Uint8Array): Uint8Array {
    if (this.#skip > 0) {
      const gone = Math.min(this.#skip, data.length);
      this.#skip -= gone;
      return data.subarray(gone);
    }
    if (this.#skip === 0) return data;
    const end = data.indexOf(LF);
    if (end < 0) return data.subarray(data.length);
    this.#skip = 0;
    return data.subarray(end + 1);
  }

  #counted(data: Uint8Array): { line: Uint8Array; next: number } | undefined {
    let length = 0;
    let at = 0;
    while (at < data.length && isDigit(data[at]!)) {
      length = length * 10 + data[at]! - 48;
      if (length > MAX_FRAME_BYTES) throw new BadFraming("a frame claims more than 1 MiB");
      at += 1;
    }
    if (at === data.length) return undefined;
    if (data[at] !== 32) throw new BadFraming("a length is not followed by a space");
    const start = at + 1;
    const kept = Math.min(length, MAX_LINE_BYTES);
    if (data.length < start + kept) return undefined;
    this.#skip = length - kept;
    return { line: data.slice(start, start + kept), next: start + kept };
  }

  #ended(data: Uint8Array): { line: Uint8Array; next: number } | undefined {
    const end = data.subarray(0, MAX_LINE_BYTES + 1).indexOf(LF);
    if (end >= 0) return { line: data.slice(0, end), next: end + 1 };
    if (data.length <= MAX_LINE_BYTES) return undefined;
    this.#skip = -1;
    return { line: data.slice(0, MAX_LINE_BYTES), next: MAX_LINE_BYTES };
  }
}

function isDigit(octet: number): boolean {
  return octet >= 48 && octet <= 57;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
