/** What `openssl s_client -msg` tells about a handshake, read from its dump. */
export interface HandshakeNews {
  /** DER of the router's own certificate. */
  certificate?: Uint8Array;
  isComplete: boolean;
  /** Lines that are no dump: OpenSSL's complaints. */
  readonly complaints: string[];
}

const MESSAGE = /^(<<<|>>>) .*Handshake \[length [0-9a-f]+\], (\w+)$/;
const HEX_LINE = /^ {4}[0-9a-f]{2}( [0-9a-f]{2})*$/;
/** Complaints to keep: the first ones say it. */
const MAX_COMPLAINTS = 20;
/** Bytes of a certificate message to collect: far more than any chain a router sends. */
const MAX_MESSAGE_BYTES = 256 * 1024;

/** Reads the dump line by line, in whatever pieces it comes. */
export class HandshakeReader {
  readonly news: HandshakeNews = { isComplete: false, complaints: [] };
  #rest = "";
  #message = "";
  #bytes: number[] = [];
  #finished = new Set<string>();

  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!.slice(-4096);
    for (const line of lines) this.#line(line.trimEnd());
  }

  #line(line: string): void {
    if (HEX_LINE.test(line)) {
      if (this.#message === "<<< Certificate" && this.#bytes.length < MAX_MESSAGE_BYTES) {
        for (const pair of line.trim().split(" ")) this.#bytes.push(parseInt(pair, 16));
      }
      return;
    }
    if (this.#message === "<<< Certificate") {
      const der = leafOf(Uint8Array.from(this.#bytes));
      if (der) this.news.certificate = der;
      this.#bytes = [];
    }
    const [, direction, message] = MESSAGE.exec(line) ?? [];
    this.#message = message ? `${direction} ${message}` : "";
    if (message === "Finished") this.#finished.add(direction!);
    this.news.isComplete = this.#finished.size === 2;
    const isDump = line.startsWith("<<<") || line.startsWith(">>>");
    if (!isDump && line !== "" && this.news.complaints.length < MAX_COMPLAINTS) {
      this.news.complaints.push(line);
    }
  }
}

/** First certificate of a TLS 1.0–1.2 Certificate message: type, length, list length, length, DER. */
function leafOf(message: Uint8Array): Uint8Array | undefined {
  if (message[0] !== 11 || message.length < 10) return undefined;
  const length = message[7]! * 65_536 + message[8]! * 256 + message[9]!;
  return message.length >= 10 + length ? message.slice(10, 10 + length) : undefined;
}
