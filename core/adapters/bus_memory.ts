import { Unavailable } from "@/core/errors.ts";
import type { Bus, ConsumeOptions, Delivery, Heard, ListenOptions } from "@/core/ports/bus.ts";
import { matches, overlaps } from "./subject_match.ts";

interface Stored {
  subject: string;
  data: Uint8Array;
  attempt: number;
  expiresAt: number;
  /** Acknowledged or dropped; it may still stand in the queue when its ack wait was over before. */
  isDone: boolean;
}

/** Messages of one group that wait for a consumer, and what its consumers hold. */
interface Group {
  name: string;
  filter: string;
  ready: Stored[];
  /** Index of the first message in `ready` that is not taken: cheaper than shift() on a long queue. */
  head: number;
  wake: Set<() => void>;
}

export interface MemoryBusOptions {
  maxBytes: number;
  maxAgeSeconds: number;
  /** A delivery without an answer for this long comes again. */
  ackWaitMs?: number;
  now?: () => number;
}

const DEDUP_MS = 120_000;
/** What a message costs beside its bytes: without it, empty messages would have no bound. */
const OVERHEAD_BYTES = 100;

/**
 * The bus of one process. Same contract as JetStream: kept until answered, redelivered after the ack
 * wait, bounded by bytes and age. Before the first consumer comes, messages wait for it.
 */
export class MemoryBus implements Bus {
  #groups: Group[] = [];
  #retries = new Set<ReturnType<typeof setTimeout>>();
  /** Published before any group consumed: the first group to come gets them. */
  #orphans: Stored[] = [];
  #listeners = new Set<{ filter: string; push(subject: string, data: Uint8Array): void }>();
  #ids = new Map<string, number>();
  #pending = 0;
  #pendingBytes = 0;
  #closed = false;
  readonly #options: Required<MemoryBusOptions>;

  constructor(options: MemoryBusOptions) {
    this.#options = { ackWaitMs: 30_000, now: () => Date.now(), ...options };
  }

  publish(subject: string, data: Uint8Array, options: { id?: string } = {}): Promise<void> {
    const now = this.#options.now();
    if (this.#closed) return Promise.reject(new Unavailable("The bus is closed"));
    if (options.id !== undefined && this.#seen(options.id, now)) return Promise.resolve();
    const size = sizeOf({ subject, data });
    if (this.#pendingBytes + size > this.#options.maxBytes) this.#expire(now);
    if (this.#pendingBytes + size > this.#options.maxBytes) {
      return Promise.reject(
        new Unavailable(
          `The bus is full: ${this.#pendingBytes} of ${this.#options.maxBytes} bytes wait for a consumer`,
        ),
      );
    }
    if (options.id !== undefined) this.#ids.set(options.id, now + DEDUP_MS);
    this.#pending += 1;
    this.#pendingBytes += size;
    const expiresAt = now + this.#options.maxAgeSeconds * 1_000;
    const stored = { subject, data, attempt: 0, expiresAt, isDone: false };
    const group = this.#groups.find((group) => matches(group.filter, subject));
    if (group) this.#enqueue(group, stored);
    else this.#orphans.push(stored);
    return Promise.resolve();
  }

  async *consume(filter: string, options: ConsumeOptions): AsyncIterable<Delivery> {
    const { signal, maxInFlight } = options;
    const group = this.#group(filter, options.group);
    const held = new Map<Stored, ReturnType<typeof setTimeout>>();
    let wake = () => {};
    const onWake = () => wake();
    group.wake.add(onWake);
    signal.addEventListener("abort", onWake);
    const settle = (message: Stored): boolean => {
      const timer = held.get(message);
      if (timer === undefined) return false; // answered before, or redelivered meanwhile
      clearTimeout(timer);
      held.delete(message);
      onWake();
      return true;
    };
    const again = (message: Stored) => {
      if (settle(message)) this.#enqueue(group, message);
    };
    const finish = (message: Stored) => {
      settle(message);
      this.#finish(message);
    };
    try {
      while (!signal.aborted) {
        const message = held.size < maxInFlight ? this.#take(group) : undefined;
        if (!message) {
          await new Promise<void>((resolve) => wake = resolve);
          continue;
        }
        message.attempt += 1;
        const redeliver = setTimeout(() => again(message), this.#options.ackWaitMs);
        Deno.unrefTimer(Number(redeliver));
        held.set(message, redeliver);
        yield {
          subject: message.subject,
          data: message.data,
          attempt: message.attempt,
          ack: () => finish(message),
          drop: () => finish(message),
          retry: (delayMs) => {
            if (settle(message)) this.#enqueueLater(group, message, delayMs);
          },
        };
      }
    } finally {
      signal.removeEventListener("abort", onWake);
      group.wake.delete(onWake);
      // What was taken and not answered goes to the next consumer at once.
      for (const message of [...held.keys()]) again(message);
    }
  }

  broadcast(subject: string, data: Uint8Array): void {
    for (const listener of this.#listeners) {
      if (matches(listener.filter, subject)) listener.push(subject, data);
    }
  }

  async *listen(filter: string, { capacity, signal }: ListenOptions): AsyncIterable<Heard> {
    const queue: { subject: string; data: Uint8Array }[] = [];
    let dropped = 0;
    let wake = () => {};
    const listener = {
      filter,
      push: (subject: string, data: Uint8Array) => {
        queue.push({ subject, data });
        if (queue.length > capacity) {
          queue.shift();
          dropped += 1;
        }
        wake();
      },
    };
    const onAbort = () => wake();
    this.#listeners.add(listener);
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
      this.#listeners.delete(listener);
    }
  }

  check(): Promise<{ kind: string; pending: number; pendingBytes: number }> {
    if (this.#closed) return Promise.reject(new Unavailable("The bus is closed"));
    const [pending, pendingBytes] = [this.#pending, this.#pendingBytes];
    return Promise.resolve({ kind: "in-process", pending, pendingBytes });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const timer of this.#retries) clearTimeout(timer);
    return Promise.resolve();
  }

  #group(filter: string, name: string): Group {
    for (const group of this.#groups) {
      if (group.name === name && group.filter === filter) return group;
      if (overlaps(group.filter, filter)) {
        throw new TypeError(
          `Cannot consume ${filter} in the group ${name} as ${group.filter} is the group ${group.name}'s`,
        );
      }
    }
    const waiting = Map.groupBy(this.#orphans, ({ subject }) => matches(filter, subject));
    this.#orphans = waiting.get(false) ?? [];
    const group = {
      name,
      filter,
      ready: waiting.get(true) ?? [],
      head: 0,
      wake: new Set<() => void>(),
    };
    this.#groups.push(group);
    return group;
  }

  #enqueue(group: Group, message: Stored): void {
    group.ready.push(message);
    for (const wake of group.wake) wake();
  }

  #enqueueLater(group: Group, message: Stored, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.#enqueue(group, message);
    }, delayMs);
    this.#retries.add(timer);
    Deno.unrefTimer(Number(timer));
  }

  #take(group: Group): Stored | undefined {
    for (;;) {
      const message = group.ready[group.head];
      if (!message) {
        group.ready = [];
        group.head = 0;
        return undefined;
      }
      group.head += 1;
      if (group.head > 1_024 && group.head * 2 > group.ready.length) {
        group.ready = group.ready.slice(group.head);
        group.head = 0;
      }
      if (message.isDone) continue;
      if (message.expiresAt > this.#options.now()) return message;
      this.#finish(message);
    }
  }

  #finish(message: Stored): void {
    if (message.isDone) return;
    message.isDone = true;
    this.#pending -= 1;
    this.#pendingBytes -= sizeOf(message);
  }

  #expire(now: number): void {
    const fresh = (message: Stored) => {
      if (message.expiresAt <= now) this.#finish(message);
      return !message.isDone;
    };
    this.#orphans = this.#orphans.filter(fresh);
    for (const group of this.#groups) {
      group.ready = group.ready.slice(group.head).filter(fresh);
      group.head = 0;
    }
  }

  #seen(id: string, now: number): boolean {
    for (const [known, until] of this.#ids) { // insertion order is expiry order
      if (until > now) break;
      this.#ids.delete(known);
    }
    return this.#ids.has(id);
  }
}

function sizeOf({ subject, data }: Pick<Stored, "subject" | "data">): number {
  return subject.length + data.length + OVERHEAD_BYTES;
}
