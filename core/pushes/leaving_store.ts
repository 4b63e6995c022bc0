import type { PushState } from "@/core/contract/pushes.ts";
import type { PushDecision, PushRecord } from "@/core/push/record.ts";
import { type PushStore, StaleWorker } from "@/core/push/store.ts";

/** States in which nothing is in flight: somebody else may go on at any time. */
const RESTS: readonly PushState[] = ["draft", "applied", "unknown"];

/**
 * A store for a process that ends some day: once `leaving` aborts, a push that rests is let go at its
 * next renewal, and once `over` does, any. Whoever drives it stops as if another worker had it.
 */
export class LeavingStore implements PushStore {
  readonly #store: PushStore;
  readonly #leaving: AbortSignal;
  readonly #over: AbortSignal;
  #held: { id: string; epoch: number; state: PushState } | undefined;

  constructor(store: PushStore, { leaving, over }: { leaving: AbortSignal; over: AbortSignal }) {
    this.#store = store;
    this.#leaving = leaving;
    this.#over = over;
  }

  async take(id: string): Promise<{ record: PushRecord; epoch: number } | undefined> {
    if (this.#leaving.aborted) return undefined;
    const taken = await this.#store.take(id);
    if (taken) this.#held = { id, epoch: taken.epoch, state: taken.record.state };
    return taken;
  }

  async save(record: PushRecord, epoch: number): Promise<void> {
    if (this.#over.aborted) throw new StaleWorker(record.id);
    await this.#store.save(record, epoch);
    if (this.#held) this.#held.state = record.state;
  }

  async renew(id: string, epoch: number): Promise<{ decision: PushDecision | null }> {
    const rests = this.#held !== undefined && RESTS.includes(this.#held.state);
    if (this.#over.aborted || (this.#leaving.aborted && rests)) throw new StaleWorker(id);
    return await this.#store.renew(id, epoch);
  }

  async release(id: string, epoch: number): Promise<void> {
    this.#held = undefined;
    await this.#store.release(id, epoch);
  }

  /** Gives back what is still held, for the next process to take at once. */
  async leave(): Promise<void> {
    if (!this.#held) return;
    const { id, epoch } = this.#held;
    await this.release(id, epoch);
  }
}
