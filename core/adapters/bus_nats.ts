import {
  AckPolicy,
  type ConsumerMessages,
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

export interface NatsBusOptions {
  maxBytes: number;
  maxAgeSeconds: number;
  ackWaitMs?: number;
}

const STREAM = "TOD";
/** Durable subjects. Live ones (`tod.live…`) are core NATS and must not be in the stream. */
const STREAM_SUBJECTS = ["tod.sample.>"];
const PUBLISH_TRIES = 20;

/** JetStream: one file stream with explicit bounds, a durable pull consumer a group. */
export class NatsBus implements Bus {
  readonly #stop = new AbortController();

  private constructor(
    readonly connection: NatsConnection,
    readonly client: JetStreamClient,
    readonly manager: JetStreamManager,
    readonly ackWaitMs: number,
    readonly log: Logger,
  ) {}

  static async open(
    connection: NatsConnection,
    { maxBytes, maxAgeSeconds, ackWaitMs = 30_000 }: NatsBusOptions,
    log: Logger,
  ): Promise<NatsBus> {
    const manager = await jetstreamManager(connection);
    const limits = {
      max_bytes: maxBytes,
      max_age: nanos(maxAgeSeconds * 1_000),
      // A full stream refuses: what was accepted is never pushed out by what comes later.
      discard: DiscardPolicy.New,
      duplicate_window: nanos(120_000),
    };
    try {
      await manager.streams.add({
        name: STREAM,
        subjects: STREAM_SUBJECTS,
        storage: StorageType.File,
        // An answered message is gone: the bound is for what still waits.
        retention: RetentionPolicy.Workqueue,
        ...limits,
      });
    } catch (error) {
      if (!/already in use|name already/i.test(messageOf(error))) throw error;
      await manager.streams.update(STREAM, limits);
    }
    return new NatsBus(connection, jetstream(connection), manager, ackWaitMs, log);
  }

  /** A publish in flight when the server dies is lost: it is repeated with the same id. */
  async publish(subject: string, data: Uint8Array, options: { id?: string } = {}): Promise<void> {
    const msgID = options.id ?? crypto.randomUUID();
    for (let attempt = 1;; attempt++) {
      try {
        await this.client.publish(subject, data, { msgID, timeout: 2_000 });
        return;
      } catch (error) {
        const text = messageOf(error);
        if (/maximum (bytes|messages)|insufficient/i.test(text)) {
          throw new Unavailable(`The bus is full: ${text}`, { cause: error });
        }
        if (attempt >= PUBLISH_TRIES || this.#stop.signal.aborted || this.connection.isClosed()) {
          throw new Unavailable(`NATS did not keep the message: ${text}`, { cause: error });
        }
        await pause(Math.min(50 * attempt, 500), this.#stop.signal);
      }
    }
  }

  async *consume(filter: string, options: ConsumeOptions): AsyncIterable<Delivery> {
    const { signal, group, maxInFlight } = options;
    await this.#retried(() => this.#addConsumer(filter, group, maxInFlight), signal);
    while (!signal.aborted) {
      let messages: ConsumerMessages | undefined;
      const stop = () => void messages?.close().catch(() => {});
      signal.addEventListener("abort", stop);
      try {
        const consumer = await this.client.consumers.get(STREAM, group);
        messages = await consumer.consume({ max_messages: maxInFlight, expires: 5_000 });
        if (signal.aborted) stop();
        for await (const message of messages) yield delivery(message);
      } catch (error) {
        if (signal.aborted) return;
        this.log.warn("the bus consumer was interrupted: trying again", { group, error });
        await pause(500, signal);
        await this.#retried(() => this.#addConsumer(filter, group, maxInFlight), signal);
      } finally {
        signal.removeEventListener("abort", stop);
        await messages?.close().catch(() => {});
      }
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

  async #addConsumer(filter: string, group: string, maxInFlight: number): Promise<void> {
    await this.manager.consumers.add(STREAM, {
      durable_name: group,
      filter_subject: filter, // one: several need server 2.10
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(this.ackWaitMs),
      max_ack_pending: maxInFlight * 4,
    });
  }

  async #retried(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        return await work();
      } catch (error) {
        this.log.warn("the bus does not answer: trying again", { error });
        await pause(500, signal);
      }
    }
  }
}

function delivery(message: JsMsg): Delivery {
  return {
    subject: message.subject,
    data: message.data,
    attempt: message.info.deliveryCount,
    ack: () => message.ack(),
    retry: (delayMs) => message.nak(delayMs),
    drop: (reason) => message.term(reason),
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

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
