import { setImmediate } from "node:timers";

export type TimerId = ReturnType<typeof globalThis.setTimeout> | number;

/** A clock and what waits for it: the real one, or one that a test turns by hand. */
export interface Timers {
  /** Epoch milliseconds. */
  now(): number;
  setTimeout(fn: () => void, ms: number): TimerId;
  clearTimeout(id: TimerId | undefined): void;
}

/** Longest delay that `setTimeout` takes; longer ones would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const realTime: Timers = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => globalThis.setTimeout(fn, Math.min(Math.max(0, ms), LONGEST_MS)),
  clearTimeout: (id) => globalThis.clearTimeout(id as number | undefined),
};

/** Real timers behind a clock of somebody's own. */
export function realTimers(now: () => number): Timers {
  return { ...realTime, now };
}

interface Waiting {
  readonly id: TimerId;
  readonly at: number;
  readonly fn: () => void;
}

/**
 * Time that stands still until it is turned: timers fire in the order of their time, those of the
 * same time in the order they were set, and what each sets off runs before the next one fires.
 */
export class VirtualTime implements Timers {
  #now: number;
  #nextId = 1;
  /** Sorted by time, then by id. */
  readonly #waiting: Waiting[] = [];

  constructor(start: number) {
    this.#now = start;
    this.now = this.now.bind(this);
  }

  now(): number {
    return this.#now;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#waiting.length;
  }

  setTimeout(fn: () => void, ms: number): TimerId {
    const timer = { id: this.#nextId++, at: this.#now + Math.max(0, ms), fn };
    let i = this.#waiting.length;
    while (i > 0 && this.#waiting[i - 1]!.at > timer.at) i -= 1;
    this.#waiting.splice(i, 0, timer);
    return timer.id;
  }

  clearTimeout(id: TimerId | undefined): void {
    const i = this.#waiting.findIndex((timer) => timer.id === id);
    if (i >= 0) this.#waiting.splice(i, 1);
  }

  /** Resolves `ms` later; rejects with the signal's reason when that comes first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.clearTimeout(id);
        reject(signal!.reason);
      };
      const id = this.setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  /** Turns the clock on by `ms`; everything due fires on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    while (this.#waiting[0] && this.#waiting[0].at <= end) await this.#fire();
    this.#now = end;
  }

  /**
   * Turns the clock from timer to timer until `promise` settles.
   *
   * @throws {Error} when nothing waits any more and it still has not, or after `limitMs`
   */
  async run<T>(promise: Promise<T>, { limitMs = 7 * 86_400_000 } = {}): Promise<T> {
    let isSettled = false;
    const done = () => {
      isSettled = true;
    };
    promise.then(done, done);
    const end = this.#now + limitMs;
    let idle = 0;
    for (;;) {
      await settle();
      if (isSettled) return await promise;
      const next = this.#waiting[0];
      if (next) {
        if (next.at > end) throw new Error(`nothing settled within ${limitMs} virtual ms`);
        idle = 0;
        await this.#fire();
      } else if (++idle > 200) {
        throw new Error("nothing waits for the virtual clock, and nothing settled");
      }
    }
  }

  async #fire(): Promise<void> {
    const next = this.#waiting.shift()!;
    this.#now = Math.max(this.#now, next.at);
    next.fn();
    await settle();
  }
}

/** Lets every promise reaction that is due run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
