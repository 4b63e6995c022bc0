import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { encodeSentence } from "../encode.ts";
import { SentenceDecoder } from "../sentence_decoder.ts";
import { sentenceWords } from "../sentence_words.ts";

/** A command as it reached the test's router. */
export interface ReceivedCommand {
  readonly command: string;
  /** All words after the command, `.tag` too. */
  readonly words: readonly string[];
  readonly tag: string;
}

/** One connection of a client under test, played by the test word by word. */
export class RouterConnection {
  #received: ReceivedCommand[] = [];
  #waiting: PromiseWithResolvers<ReceivedCommand>[] = [];
  readonly #closed = Promise.withResolvers<void>();

  constructor(readonly socket: Socket, onSentence: () => void) {
    const decoder = new SentenceDecoder((bytes, start, end) => {
      onSentence();
      const [command = "", ...words] = sentenceWords(bytes, start, end);
      const tag = words.find((word) => word.startsWith(".tag="))?.slice(5) ?? "";
      const received = { command, words, tag };
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve(received);
      else this.#received.push(received);
    });
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      try {
        decoder.push(bytes);
      } catch {
        // A TLS client on a plain port: as a router, say nothing.
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => this.#closed.resolve());
  }

  /** The next command the client sends. */
  next(): Promise<ReceivedCommand> {
    const received = this.#received.shift();
    if (received) return Promise.resolve(received);
    const waiting = Promise.withResolvers<ReceivedCommand>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** Commands that came and nobody took. */
  get unread(): number {
    return this.#received.length;
  }

  send(...words: (string | Uint8Array)[]): void {
    this.socket.write(encodeSentence(words));
  }

  /** Resolves when the connection is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Takes the login and accepts it. */
  async acceptLogin(): Promise<ReceivedCommand> {
    const login = await this.next();
    this.send("!done", `.tag=${login.tag}`);
    return login;
  }
}

/** A router on loopback for tests: `play` is what it does with each connection after the login. */
export class ScriptedRouter implements AsyncDisposable {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  #receivedSentences = 0;
  /** What a script threw; awaited at the end, so that a failed script fails its test. */
  readonly #plays: Promise<void>[] = [];

  static async start(
    play: (connection: RouterConnection) => Promise<void> | void,
    options: { tls?: TlsOptions; withoutLogin?: boolean } = {},
  ): Promise<ScriptedRouter> {
    const router = new ScriptedRouter(play, options);
    await new Promise<void>((resolve) => router.#server.listen(0, "127.0.0.1", resolve));
    return router;
  }

  private constructor(
    play: (connection: RouterConnection) => Promise<void> | void,
    { tls, withoutLogin }: { tls?: TlsOptions; withoutLogin?: boolean },
  ) {
    const accept = (socket: Socket) => {
      this.#connections.add(socket);
      const connection = new RouterConnection(socket, () => this.#receivedSentences++);
      this.#plays.push((async () => {
        if (!withoutLogin) await connection.acceptLogin();
        await play(connection);
      })());
    };
    this.#server = tls ? createTlsServer(tls, accept) : createServer(accept);
    this.#server.on("tlsClientError", () => {});
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot ask: not open");
    return address.port;
  }

  /** Sentences that reached any connection. */
  get receivedSentences(): number {
    return this.#receivedSentences;
  }

  /** What a session needs to come in. */
  get target() {
    return {
      address: "127.0.0.1",
      port: this.port,
      tls: { mode: "plain" },
      username: "api",
      password: "secret",
      connectTimeoutMs: 5_000,
      loginTimeoutMs: 5_000,
    } as const;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    // A script still waiting for a command never ends; one that failed has, and fails the test.
    const turn = new Promise((resolve) => setImmediate(resolve));
    await Promise.race([Promise.all(this.#plays), turn]);
  }
}
