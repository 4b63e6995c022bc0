import type { PushDecision, PushRecord } from "./record.ts";

/** Another worker has taken this push: whoever sees this stops at once and touches nothing. */
export class StaleWorker extends Error {
  constructor(pushId: string) {
    super(`The push ${pushId} was taken by another worker`);
    this.name = "StaleWorker";
  }
}

/** A lease must outlive this after its last renewal: only then is nothing of the old worker in flight. */
export const PUSH_LEASE_MS = 90_000;

/** Where pushes are kept. One worker has a push at a time, told apart by its epoch. */
export interface PushStore {
  /**
   * Takes a push that has not ended, for {@linkcode PUSH_LEASE_MS}. `undefined`: it has ended, another
   * worker has it, or another push of the same router has not ended and was taken before.
   */
  take(id: string): Promise<{ record: PushRecord; epoch: number } | undefined>;
  /**
   * Stores all of the record but `decision`, and extends the lease.
   *
   * @throws {StaleWorker} and stores nothing
   */
  save(record: PushRecord, epoch: number): Promise<void>;
  /**
   * Extends the lease, and tells what was decided since.
   *
   * @throws {StaleWorker}
   */
  renew(id: string, epoch: number): Promise<{ decision: PushDecision | null }>;
  /** Gives the push back, so that it can be taken at once. Nothing happens where it was taken already. */
  release(id: string, epoch: number): Promise<void>;
}
