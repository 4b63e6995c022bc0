import { Unavailable } from "@/core/errors.ts";

/** A message as it travelled; `data` is never changed by a reader. */
export interface Message {
  readonly subject: string;
  readonly data: Uint8Array;
}

/** A durable message that waits for one of its three answers. Unanswered, it comes again. */
export interface Delivery extends Message {
  /** 1 on the first try. */
  readonly attempt: number;
  /** Done: never deliver again. */
  ack(): void;
  /** Not now (the database is down): deliver again after `delayMs`. */
  retry(delayMs: number): void;
  /** Never: the message itself is bad. */
  drop(reason: string): void;
}

export interface ConsumeOptions {
  /** Consumers of one group share the messages: each goes to one of them. */
  group: string;
  /** Deliveries without an answer at one time; past it the bus holds back. */
  maxInFlight: number;
  signal: AbortSignal;
}

export interface ListenOptions {
  /** Messages kept for a slow reader; past it the oldest go and {@linkcode Heard.dropped} counts them. */
  capacity: number;
  signal: AbortSignal;
}

export interface Heard extends Message {
  /** Messages lost just before this one because the reader was slow. */
  readonly dropped: number;
}

/**
 * Messages between roles. Subjects are dot-separated; `*` stands for one token, a last `>` for the rest.
 *
 * Two contracts: `publish`/`consume` are durable and at least once (bounded by bytes and age: a full
 * queue rejects with `Unavailable`, it never drops in silence); `broadcast`/`listen` are for live
 * views: at most once, bounded per reader, never slowing the sender.
 */
export interface Bus extends AsyncDisposable {
  /**
   * Resolves when the message is kept. `id` makes a repeated publish within two minutes a no-op.
   *
   * @throws {Unavailable} if the queue is at its bound or the bus does not answer
   */
  publish(subject: string, data: Uint8Array, options?: { id?: string }): Promise<void>;
  /**
   * Ends when `signal` aborts. What was delivered and not answered is delivered again, to others too,
   * after the ack wait at the latest; an answer given after the end still counts. A subject belongs to
   * one group: a second group whose filter overlaps is refused.
   */
  consume(filter: string, options: ConsumeOptions): AsyncIterable<Delivery>;
  broadcast(subject: string, data: Uint8Array): void;
  listen(filter: string, options: ListenOptions): AsyncIterable<Heard>;
  /** Depth of the durable queue, for `/metrics` and `/health/ready`; throws `Unavailable`. */
  check(): Promise<{ kind: string; pending: number; pendingBytes: number }>;
}

/** No role serves this subject (any more). */
export class NobodyServes extends Unavailable {}

/** Request and reply between roles, one answer by one member of the group. */
export interface Rpc {
  /**
   * @throws {NobodyServes} at once, if nobody serves `subject`
   * @throws {Unavailable} if no answer came within `timeoutMs`, or the bus is away
   */
  request(subject: string, data: Uint8Array, options: { timeoutMs: number }): Promise<Uint8Array>;
  /**
   * Answers requests, at most `concurrency` at a time, until `signal` aborts. A handler that throws
   * answers with an error that `request` rejects with (its message, as `Unavailable`).
   */
  serve(
    subject: string,
    options: { group: string; concurrency: number; signal: AbortSignal },
    handler: (data: Uint8Array) => Promise<Uint8Array>,
  ): Promise<void>;
}
