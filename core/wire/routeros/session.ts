import { Buffer } from "node:buffer";
import type { ByteLink, PeerCertificate } from "./byte_link.ts";
import { type CommandOptions, encodeCommand, PreparedCommand } from "./command.ts";
import { DeadlineTimer } from "./deadline_timer.ts";
import { ConnectionLost, DeadlineExceeded, FatalError, ProtocolError } from "./errors.ts";
import { messageOf } from "@/core/errors.ts";
import { logIn } from "./login.ts";
import { openLink } from "./open_link.ts";
import { PendingCommand, type Receiver } from "./pending_command.ts";
import { readReply } from "./reply.ts";
import type { Row } from "./row.ts";
import { RowStream } from "./row_stream.ts";
import { SentenceDecoder } from "./sentence_decoder.ts";
import { SESSION_DEFAULTS, type SessionOptions } from "./session_options.ts";
import { TextReader } from "./text.ts";
import { peerOf } from "./tls_options.ts";

/** What a command answered: its `!re` rows, and the value of `!done =ret=` where there is one. */
export interface CommandResult {
  readonly rows: Row[];
  readonly ret?: string;
}

/**
 * One logged-in RouterOS API connection. Commands run side by side by tag, a few at a time; every
 * one of them settles exactly once, whatever the router does.
 */
export class RouterosSession implements Disposable {
  readonly #link: ByteLink;
  readonly #peer: string;
  readonly #settings: Required<Pick<SessionOptions, keyof typeof SESSION_DEFAULTS>>;
  readonly #decoder: SentenceDecoder;
  readonly #text: TextReader;
  readonly #timer = new DeadlineTimer(() => this.#expire());
  readonly #closed = Promise.withResolvers<Error | undefined>();
  /** Sent and not yet `!done`, by tag; those whose caller gave up included. */
  readonly #inFlight = new Map<string, PendingCommand>();
  /** Waiting for their turn. */
  readonly #queue = new Set<PendingCommand>();
  #outbox: Uint8Array[] = [];
  #waitForIdle: (() => void)[] = [];
  #lastTag = 0;
  #end: Error | undefined;
  #isClosed = false;
  #receivedBytes = 0;

  /** Connects and logs in. Throws as {@linkcode openLink} and {@linkcode logIn} do. */
  static async open(options: SessionOptions): Promise<RouterosSession> {
    const text = TextReader.for(options.fallbackEncoding ?? SESSION_DEFAULTS.fallbackEncoding);
    const link = await openLink(options);
    const session = new RouterosSession(link, text, options);
    try {
      await logIn(session, options);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  private constructor(link: ByteLink, text: TextReader, options: SessionOptions) {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.#settings = { ...SESSION_DEFAULTS, ...Object.fromEntries(given) };
    this.#link = link;
    this.#text = text;
    this.#peer = peerOf(options);
    this.#decoder = new SentenceDecoder(
      (bytes, start, end, ascii) => this.#take(bytes, start, end, ascii),
      options.bounds,
    );
    link.start((bytes) => this.#receive(bytes), (error) => {
      const why = error ? messageOf(error) : "the router closed it";
      this.#finish(new ConnectionLost(`Cannot go on with ${this.#peer}: connection lost (${why})`));
    });
  }

  /** Settles when the session is over: `undefined` after {@linkcode close}, else the reason. */
  get closed(): Promise<Error | undefined> {
    return this.#closed.promise;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Commands the router or the queue still holds, those whose caller gave up included. */
  get pendingCount(): number {
    return this.#inFlight.size + this.#queue.size;
  }

  /** What the router showed at the handshake; `null` without TLS or with anonymous key exchange. */
  get peerCertificate(): PeerCertificate | null {
    return this.#link.certificate;
  }

  /** Bytes read from the router so far. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /**
   * Runs a command to its `!done`.
   *
   * @throws {TrapError} the router declined it
   * @throws {DeadlineExceeded} it took too long; it is cancelled on the router, the session goes on
   * @throws {ConnectionLost} {@linkcode FatalError} {@linkcode ProtocolError} the session is over
   */
  run(command: string, options?: CommandOptions): Promise<CommandResult>;
  run(
    command: PreparedCommand,
    options?: Pick<CommandOptions, "deadlineMs" | "signal">,
  ): Promise<CommandResult>;
  run(command: string | PreparedCommand, options: CommandOptions = {}): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const rows: Row[] = [];
      this.start(command, options, {
        maxRowBytes: this.#settings.maxReplyBytes,
        row: (row) => rows.push(row),
        end: (error, ret) =>
          error ? reject(error) : resolve(ret === undefined ? { rows } : { rows, ret }),
      });
    });
  }

  /**
   * Rows as they come, of a command that ends late or never (listen, monitor, follow, or a print too
   * large to hold). Leaving the loop cancels it on the router. Reading slowly stops the whole
   * connection, other commands with it. No deadline unless one is given.
   */
  stream(command: string, options: CommandOptions = {}): AsyncIterableIterator<Row> {
    return new RowStream(
      (receiver) => this.start(command, { deadlineMs: Infinity, ...options }, receiver),
      {
        pause: () => this.#link.pause(),
        resume: () => this.#link.resume(),
      },
    );
  }

  /**
   * Starts a command for `receiver`, which hears its end exactly once. Returns a function that gives
   * it up: the receiver hears the given error, the router a `/cancel`.
   */
  start(
    command: string | PreparedCommand,
    options: CommandOptions,
    receiver: Receiver,
  ): (error?: Error) => void {
    const tag = (++this.#lastTag).toString(36);
    const deadlineMs = options.deadlineMs ?? this.#settings.commandTimeoutMs;
    const pending = new PendingCommand(
      tag,
      typeof command === "string" ? command : command.command,
      typeof command === "string" ? encodeCommand(command, options, tag) : command.encode(tag),
      receiver,
      performance.now() + deadlineMs,
    );
    const { signal } = options;
    if (this.#isClosed || signal?.aborted) {
      pending.state = "over";
      pending.settle(this.#isClosed ? this.#endError() : signal!.reason);
      return () => {};
    }
    if (signal) pending.onAbort(signal, () => this.#abandon(pending, signal.reason));
    this.#queue.add(pending);
    this.#timer.expect(pending.deadline);
    this.#sendNext();
    return (error) => this.#abandon(pending, error);
  }

  /** Resolves when the router holds nothing of ours any more, or the session is over. */
  async idle(): Promise<void> {
    while (!this.#isClosed && this.pendingCount > 0) {
      await new Promise<void>((resolve) => this.#waitForIdle.push(resolve));
    }
  }

  /** Ends the session now. What is pending is rejected with {@linkcode ConnectionLost}. */
  close(): void {
    this.#finish(undefined);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #sendNext(): void {
    for (const next of this.#queue) {
      if (this.#inFlight.size >= this.#settings.maxInFlight) return;
      this.#queue.delete(next);
      this.#inFlight.set(next.tag, next);
      next.state = "sent";
      this.#send(next.sentence);
    }
  }

  /** Sentences of the same turn leave in one write: each write is a system call and a packet. */
  #send(sentence: Uint8Array): void {
    if (this.#outbox.push(sentence) > 1) return;
    queueMicrotask(() => {
      const sentences = this.#outbox;
      this.#outbox = [];
      if (this.#isClosed) return;
      this.#link.write(sentences.length === 1 ? sentences[0]! : Buffer.concat(sentences));
    });
  }

  #receive(bytes: Uint8Array): void {
    this.#receivedBytes += bytes.length;
    try {
      this.#decoder.push(bytes);
    } catch (error) {
      this.#finish(error instanceof Error ? error : new ProtocolError(messageOf(error)));
    }
  }

  #take(bytes: Buffer, start: number, end: number, ascii: boolean): void {
    if (this.#isClosed) return;
    const { kind, tag, row, bare } = readReply(bytes, start, end, ascii, this.#text);
    if (kind === "!fatal") {
      this.#finish(new FatalError(bare[0] ?? row.message ?? "no reason given"));
      return;
    }
    // A row for a tag we do not know is late: it was on its way when its command was given up.
    const pending = tag === undefined ? undefined : this.#inFlight.get(tag);
    if (!pending) return;
    if (kind === "!re") {
      pending.rowBytes += end - start;
      if (pending.rowBytes > pending.maxRowBytes) {
        throw new ProtocolError(
          `Cannot read the answer to ${pending.command}: its rows must take at most ` +
            `${pending.maxRowBytes} bytes. Use stream()`,
        );
      }
      pending.row(row);
    } else if (kind === "!trap") {
      pending.trap(row);
    } else if (kind === "!done") {
      this.#inFlight.delete(pending.tag);
      pending.done(row.ret);
      this.#sendNext();
      if (this.pendingCount === 0) this.#wakeIdle();
    }
  }

  /** Lets the caller go with `error`; the router is told to stop, and the tag freed when it has. */
  #abandon(pending: PendingCommand, error: Error | undefined): void {
    if (pending.state === "queued") {
      pending.state = "over";
      this.#queue.delete(pending);
      if (this.pendingCount === 0) this.#wakeIdle();
    } else if (pending.state === "sent") {
      pending.state = "cancelling";
      pending.deadline = performance.now() + this.#settings.cancelTimeoutMs;
      this.#timer.expect(pending.deadline);
      // Past the queue: a cancel that waits for the commands it should end would wait for ever.
      const tag = (++this.#lastTag).toString(36);
      this.#send(encodeCommand("/cancel", { attributes: { tag: pending.tag } }, tag));
    }
    pending.settle(error);
  }

  /** Deals with every deadline that has passed; answers the next one. */
  #expire(): number {
    const now = performance.now();
    let next = Infinity;
    for (const pending of [...this.#inFlight.values(), ...this.#queue]) {
      if (this.#isClosed) return Infinity;
      if (pending.deadline <= now) this.#expireOne(pending);
      if (pending.state !== "over") next = Math.min(next, pending.deadline);
    }
    return next;
  }

  #expireOne(pending: PendingCommand): void {
    if (pending.state === "cancelling") {
      this.#finish(
        new ConnectionLost(
          `Cannot go on with ${this.#peer}: it did not end ${pending.command} within ` +
            `${this.#settings.cancelTimeoutMs} ms of /cancel`,
        ),
      );
      return;
    }
    const why = pending.state === "queued"
      ? `it still waited behind ${this.#inFlight.size} other commands`
      : "the router did not finish it";
    this.#abandon(
      pending,
      new DeadlineExceeded(`Cannot run ${pending.command} on ${this.#peer} in time: ${why}`),
    );
  }

  #endError(): Error {
    return this.#end ??
      new ConnectionLost(`Cannot use the session with ${this.#peer}: it is closed`);
  }

  /** The one way a session ends. `error`: undefined when we closed it ourselves. */
  #finish(error: Error | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end = error;
    this.#timer.stop();
    this.#link.close();
    const left = [...this.#inFlight.values(), ...this.#queue];
    this.#inFlight.clear();
    this.#queue.clear();
    for (const pending of left) {
      pending.state = "over";
      pending.settle(this.#endError());
    }
    this.#wakeIdle();
    this.#closed.resolve(error);
  }

  #wakeIdle(): void {
    for (const resolve of this.#waitForIdle.splice(0)) resolve();
  }
}
