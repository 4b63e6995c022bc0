import {
  AckPolicy,
  DiscardPolicy,
  jetstream,
  type JetStreamClient,
  type JetStreamManager,
  jetstreamManager,
  type JsMsg,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { nanos, type NatsConnection } from "@nats-io/transport-node";
import { messageOf, Unavailable } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus, ConsumeOptions, Delivery, Heard, ListenOptions } from "@/core/ports/bus.ts";
import { systemClock } from "@/core/ports/clock.ts";
import { InFlight } from "./in_flight.ts";

export interface NatsBusOptions {
  maxBytes: number;
  maxAgeSeconds: number;
  ackWaitMs?: number;
  /** How long a publish is repeated while the server is away. */
  publishBoundMs?: number;
}

const STREAM = "TOD";
/** Durable subjects. Live ones (`tod.live…`) are core NATS and must not be in the stream. */
const STREAM_SUBJECTS = ["tod.sample.>", "tod.device_log.>"];
const FULL = /maximum (bytes|messages)|insufficient/i;
/** A stream of this retention has one consumer a subject; no later try changes that. */
const FOREIGN_GROUP = /not unique|multiple non-filtered consumers/i;

/** JetStream: one file stream with explicit bounds, a durable pull consumer a group. */
export class NatsBus implements Bus {
  readonly #stop = new AbortController();

  private constructor(
    readonly connection: NatsConnection,
    readonly client: JetStreamClient,
    readonly manager: JetStreamManager,
    readonly options: Required<NatsBusOptions>,
    readonly log: Logger,
  ) {}

  static async open(
    connection: NatsConnection,
    options: NatsBusOptions,
    log: Logger,
  ): Promise<NatsBus> {
    const manager = await jetstreamManager(connection);
    const complete = { ackWaitMs: 30_000, publishBoundMs: 20_000, ...options };
    const bus = new NatsBus(connection, jetstream(connection), manager, complete, log);
    await bus.#ensureStream();
    return bus;
  }

  /** A publish in flight when the server dies is lost: it is repeated with the same id. */
  async publish(subject: string, data: Uint8Array, options: { id?: string } = {}): Promise<void> {
    const msgID = options.id ?? crypto.randomUUID();
    const deadline = performance.now() + this.options.publishBoundMs;
    for (let attempt = 1;; attempt++) {
      try {
        await this.client.publish(subject, data, { msgID, timeout: 2_000 });
        return;
      } catch (error) {
        const text = messageOf(error);
        if (FULL.test(text)) throw new Unavailable(`The bus is full: ${text}`, { cause: error });
        const isOver = performance.now() >= deadline || this.#stop.signal.aborted ||
          this.connection.isClosed();
        if (isOver || /payload/i.test(text)) {
          throw new Unavailable(`NATS did not keep the message: ${text}`, { cause: error });
        }
        // No stream answers: the server may have come back with an empty disk.
        if (/responders|503/i.test(text)) await this.#ensureStream().catch(() => {});
        await systemClock.sleep(Math.min(50 * attempt, 500), this.#stop.signal);
      }
    }
  }

  async *consume(filter: string, options: ConsumeOptions): AsyncIterable<Delivery> {
    const { signal, group, maxInFlight } = options;
    const inFlight = new InFlight(maxInFlight, this.options.ackWaitMs);
    while (!signal.aborted) {
      try {
        await this.#ensureStream();
        await this.#ensureConsumer(filter, group, maxInFlight);
        yield* this.#deliveries(group, inFlight, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (FOREIGN_GROUP.test(messageOf(error))) {
          const why = `Cannot consume ${filter} in the group ${group} as another group has it`;
          throw new TypeError(why, { cause: error });
        }
        this.log.warn("the bus consumer was interrupted: trying again", { group, error });
        await systemClock.sleep(500, signal);
      }
    }
  }

  async *#deliveries(
    group: string,
    inFlight: InFlight,
    signal: AbortSignal,
  ): AsyncGenerator<Delivery> {
    const consumer = await this.client.consumers.get(STREAM, group);
    const messages = await consumer.consume({
      max_messages: inFlight.max,
      expires: 5_000,
      abort_on_missing_resource: true, // the loop above makes it again
    });
    const stop = () => messages.stop();
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const iterator = messages[Symbol.asyncIterator]();
    try {
      while (!signal.aborted) {
        const { value, done } = await iterator.next();
        if (done) return;
        inFlight.take(value);
        yield delivery(value, () => inFlight.release(value));
        await inFlight.free(signal);
      }
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
      // What was fetched ahead and seen by nobody goes to others at once, not after the ack wait.
      await iterator.next().then(async function giveBack({ value, done }): Promise<void> {
        if (done) return;
        value.nak();
        return await giveBack(await iterator.next());
      }).catch(() => {});
    }
  }

  broadcast(subject: string, data: Uint8Array): void {
    try {
      this.connection.publish(subject, data);
    } catch (error) {
      this.log.debug("a live message was lost", { subject, error });
    }
  }

  async *listen(filter: string, { capacity, signal }: ListenOptions): AsyncIterable<Heard> {
    const queue: { subject: string; data: Uint8Array }[] = [];
    let dropped = 0;
    let wake = () => {};
    const subscription = this.connection.subscribe(filter, {
      callback: (error, message) => {
        if (error) return;
        queue.push({ subject: message.subject, data: message.data });
        if (queue.length > capacity) {
          queue.shift();
          dropped += 1;
        }
        wake();
      },
    });
    const onAbort = () => wake();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const next = queue.shift();
        if (next) {
          const heard = { ...next, dropped };
          dropped = 0;
          yield heard;
        } else await new Promise<void>((resolve) => wake = resolve);
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      subscription.unsubscribe();
    }
  }

  async check(): Promise<{ kind: string; pending: number; pendingBytes: number }> {
    try {
      const { state } = await within(this.manager.streams.info(STREAM), 2_000);
      const version = this.connection.info?.version ?? "?";
      return { kind: `NATS ${version}`, pending: state.messages, pendingBytes: state.bytes };
    } catch (error) {
      throw new Unavailable(`NATS does not answer: ${messageOf(error)}`, { cause: error });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    return Promise.resolve();
  }

  async #ensureStream(): Promise<void> {
    const { maxBytes, maxAgeSeconds } = this.options;
    const limits = {
      // Also of a stream that an older version made.
      subjects: STREAM_SUBJECTS,
      max_bytes: maxBytes,
      max_age: nanos(maxAgeSeconds * 1_000),
      // A full stream refuses: what was accepted is never pushed out by what comes later.
      discard: DiscardPolicy.New,
      duplicate_window: nanos(120_000),
    };
    try {
      await this.manager.streams.add({
        name: STREAM,
        storage: StorageType.File,
        // An answered message is gone: the bound is for what still waits.
        retention: RetentionPolicy.Workqueue,
        ...limits,
      });
    } catch (error) {
      if (!/already in use/i.test(messageOf(error))) throw error;
      await this.manager.streams.update(STREAM, limits);
    }
  }

  async #ensureConsumer(filter: string, group: string, maxInFlight: number): Promise<void> {
    const limits = {
      filter_subject: filter, // one: several need server 2.10
      ack_wait: nanos(this.options.ackWaitMs),
      // For several instances of the group; what each holds is bounded on its own side.
      max_ack_pending: maxInFlight * 4,
    };
    try {
      const consumer = { durable_name: group, ack_policy: AckPolicy.Explicit, ...limits };
      await this.manager.consumers.add(STREAM, consumer);
    } catch (error) {
      // From 2.10 on another configuration of an existing consumer is refused, not taken over.
      if (!/already exists/i.test(messageOf(error))) throw error;
      await this.manager.consumers.update(STREAM, group, limits);
    }
  }
}

function delivery(message: JsMsg, answered: () => void): Delivery {
  const answer = (say: () => void) => () => {
    say();
    answered();
  };
  return {
    subject: message.subject,
    data: message.data,
    attempt: message.info.deliveryCount,
    ack: answer(() => message.ack()),
    retry: (delayMs) => answer(() => message.nak(delayMs))(),
    // Without the reason: servers before 2.10.4 ignore a term that has one, and deliver for ever.
    drop: answer(() => message.term()),
  };
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
