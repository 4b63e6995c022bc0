import type { Clock } from "@/core/ports/clock.ts";
import { LinkFailed, type LinkWords, type RouterConnection } from "@/core/router_link/link.ts";
import type { PushDeps } from "./deps.ts";
import {
  MAX_TIMELINE,
  type PushDecision,
  type PushEvidence,
  type PushPlan,
  type PushRecord,
} from "./record.ts";

/** Connecting and logging in; twice this and a command's deadline is how late a lock-out is seen. */
export const OPEN_MS = 7_000;
/** Of one command that writes. */
export const WRITE_MS = 5_000;
/** A worker that was away longer asks whether the push is still its own before it touches anything. */
const SURE_MS = 20_000;

/** What is known of the timer that waits on the router. */
export interface Lease {
  readonly generation: number;
  /** When it starts the revert, on the monotonic clock. */
  readonly endsAt: number;
}

/** A push in the hands of one worker: its record, and all it may do. */
export class PushRun {
  readonly deps: PushDeps;
  readonly #epoch: number;
  readonly #open = new Set<RouterConnection>();
  #record: PushRecord;
  #sureUntil: number;
  lease: Lease | undefined;
  /** What the router made for the push, as it tells the ids. */
  readonly added: { menu: string; id: string }[] = [];
  /** The connection that holds safe mode. */
  hold: RouterConnection | undefined;

  constructor(deps: PushDeps, record: PushRecord, epoch: number) {
    this.deps = deps;
    this.#record = record;
    this.#epoch = epoch;
    this.#sureUntil = deps.clock.monotonic() + SURE_MS;
  }

  get record(): PushRecord {
    return this.#record;
  }

  get clock(): Clock {
    return this.deps.clock;
  }

  get plan(): PushPlan {
    if (!this.#record.plan) throw new Error("The push is not planned yet");
    return this.#record.plan;
  }

  get evidence(): PushEvidence {
    if (!this.#record.evidence) throw new Error("The router was not read yet");
    return this.#record.evidence;
  }

  /** Adds a line to the story; stored with the next save. */
  note(text: string): void {
    const entry = { at: this.clock.now(), state: this.#record.state, text };
    const timeline = [...this.#record.timeline, entry].slice(-MAX_TIMELINE);
    this.#record = { ...this.#record, timeline };
  }

  /**
   * Stores the record with `patch`: before the step that the state names.
   *
   * @throws {StaleWorker}
   */
  async save(patch: Partial<PushRecord>, text?: string): Promise<void> {
    const was = this.#record;
    this.#record = { ...was, ...patch };
    if (text !== undefined) this.note(text);
    const { deps } = this;
    const startedMs = this.clock.monotonic();
    await deps.store.save(this.#record, this.#epoch);
    this.#sureUntil = startedMs + SURE_MS;
    deps.onChanged(this.#record);
  }

  /**
   * Extends the lease and reads what was decided.
   *
   * @throws {StaleWorker}
   */
  async renew(): Promise<PushDecision | null> {
    const startedMs = this.clock.monotonic();
    const { decision } = await this.deps.store.renew(this.#record.id, this.#epoch);
    this.#sureUntil = startedMs + SURE_MS;
    this.#record = { ...this.#record, decision };
    return decision;
  }

  /** Nothing on the router happens before this. */
  async #beSure(): Promise<void> {
    if (this.clock.monotonic() >= this.#sureUntil) await this.renew();
  }

  /**
   * A new connection.
   *
   * @throws {LinkFailed} also when it takes too long
   */
  async open(): Promise<RouterConnection> {
    await this.#beSure();
    const { tenantId, deviceId } = this.#record;
    const opening = this.deps.link.open({ tenantId, deviceId });
    const connection = await within(this.clock, OPEN_MS, opening, (late) => void late.close());
    const guarded: RouterConnection = {
      run: async (command: string, words?: LinkWords) => {
        await this.#beSure();
        return await connection.run(command, { deadlineMs: WRITE_MS, ...words });
      },
      close: async () => {
        this.#open.delete(guarded);
        await connection.close();
      },
    };
    this.#open.add(guarded);
    return guarded;
  }

  /** A new connection, tried twice; `undefined`: the router cannot be reached. */
  async reach(tries = 2): Promise<RouterConnection | undefined> {
    for (let left = tries; left > 0; left--) {
      try {
        return await this.open();
      } catch (error) {
        if (!(error instanceof LinkFailed)) throw error;
        // It said no at once: the port may come back with the next breath.
        if (left > 1) await this.sleep(500);
      }
    }
    return undefined;
  }

  /**
   * Does something on a connection of its own; `undefined`: the router could not be reached, or not until
   * the end. What the router declines is thrown.
   */
  async visit<T>(
    fn: (connection: RouterConnection) => Promise<T>,
    tries = 2,
  ): Promise<T | undefined> {
    const connection = await this.reach(tries);
    if (!connection) return undefined;
    try {
      return await fn(connection);
    } catch (error) {
      if (error instanceof LinkFailed && error.reason !== "trap") return undefined;
      throw error;
    } finally {
      await connection.close();
    }
  }

  async sleep(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 10_000) {
      await this.clock.sleep(Math.min(left, 10_000));
      await this.#beSure();
    }
  }

  /** Milliseconds until the router takes the change back by itself. */
  get leaseLeftMs(): number {
    return this.lease ? this.lease.endsAt - this.clock.monotonic() : -Infinity;
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.close()));
  }
}

async function within<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  onLate: (value: T) => void,
): Promise<T> {
  const stop = new AbortController();
  let isLate = false;
  work.then((value) => isLate && onLate(value), () => {});
  const late = clock.sleep(ms, stop.signal).then(() => {
    if (stop.signal.aborted) return undefined as never;
    isLate = true;
    throw new LinkFailed("unreachable", "The router does not answer");
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
    late.catch(() => {});
  }
}
