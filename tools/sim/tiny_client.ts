import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { encodeSentence, SentenceReader } from "./wire.ts";

/** A reply sentence: its words, the tag apart. */
export interface Sentence {
  readonly words: readonly string[];
  readonly tag: string | undefined;
}

/**
 * The least a client can be, for the simulator's own tests and bench: sends sentences, hands out
 * what comes. It knows nothing of what an answer should look like.
 */
export class TinyClient implements Disposable {
  readonly #stream: Duplex;
  readonly #reader = new SentenceReader();
  readonly #waiting: ((sentence: Sentence | undefined) => void)[] = [];
  readonly #arrived: Sentence[] = [];
  #isClosed = false;
  /** Bytes received so far. */
  received = 0;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on("data", (chunk: Buffer) => {
      this.received += chunk.length;
      for (const words of this.#reader.push(chunk)) this.#arrive(words);
    });
    const close = () => {
      this.#isClosed = true;
      for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    };
    stream.on("error", close);
    stream.on("end", close);
    stream.on("close", close);
  }

  static async connect(port: number, host = "127.0.0.1"): Promise<TinyClient> {
    const socket: Socket = connect({ port, host, noDelay: true });
    const client = new TinyClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return client;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(...words: string[]): void {
    this.#stream.write(encodeSentence(words));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  /** The next sentence; `undefined` once the connection has ended. */
  next(): Promise<Sentence | undefined> {
    const sentence = this.#arrived.shift();
    if (sentence || this.#isClosed) return Promise.resolve(sentence);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends a command and gathers its sentences up to `!done` or `!fatal`. */
  async run(...words: string[]): Promise<Sentence[]> {
    this.send(...words);
    const sentences: Sentence[] = [];
    for (;;) {
      const sentence = await this.next();
      if (!sentence) return sentences;
      sentences.push(sentence);
      if (sentence.words[0] === "!done" || sentence.words[0] === "!fatal") return sentences;
    }
  }

  /** Rows of a print, as objects. */
  async rows(...words: string[]): Promise<Record<string, string>[]> {
    const sentences = await this.run(...words);
    return sentences.filter(({ words: [first] }) => first === "!re").map(rowOf);
  }

  login(username: string, password: string): Promise<Sentence[]> {
    const secret = Buffer.from(password, "utf8").toString("latin1");
    return this.run("/login", `=name=${username}`, `=password=${secret}`);
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }

  #arrive(words: string[]): void {
    const tag = words.find((word) => word.startsWith(".tag="))?.slice(5);
    const sentence = { words: words.filter((word) => !word.startsWith(".tag=")), tag };
    const resolve = this.#waiting.shift();
    if (resolve) resolve(sentence);
    else this.#arrived.push(sentence);
  }
}

export function rowOf({ words }: Sentence): Record<string, string> {
  const row: Record<string, string> = Object.create(null);
  for (const word of words.slice(1)) {
    const cut = word.indexOf("=", 1);
    row[word.slice(1, cut)] = word.slice(cut + 1);
  }
  return row;
}
