import type { PushDecision, PushRecord } from "@/core/push/record.ts";
import { PUSH_LEASE_MS, type PushStore, StaleWorker } from "@/core/push/store.ts";
import { ENDED_PUSHES } from "@/core/contract/pushes.ts";

interface Kept {
  /** JSON, as a database would have it: nothing is shared with the one who wrote it. */
  text: string;
  decision: PushDecision | null;
  epoch: number;
  leasedUntil: number;
}

/** A store with the promises of the real one, in memory, by a clock that tests turn. */
export class MemoryPushStore implements PushStore {
  readonly #pushes = new Map<string, Kept>();

  constructor(private readonly now: () => number) {}

  create(record: PushRecord): void {
    const text = JSON.stringify(record);
    this.#pushes.set(record.id, { text, decision: null, epoch: 0, leasedUntil: 0 });
  }

  read(id: string): PushRecord {
    const kept = this.#pushes.get(id)!;
    return { ...JSON.parse(kept.text), decision: kept.decision };
  }

  decide(id: string, decision: PushDecision): void {
    this.#pushes.get(id)!.decision = decision;
  }

  take(id: string) {
    const kept = this.#pushes.get(id)!;
    const record = this.read(id);
    const isFree = kept.leasedUntil <= this.now() && !ENDED_PUSHES.includes(record.state) &&
      ![...this.#pushes].some(([other, its]) => other !== id && this.#isInTheWay(record, its));
    if (!isFree) return Promise.resolve(undefined);
    kept.epoch += 1;
    kept.leasedUntil = this.now() + PUSH_LEASE_MS;
    return Promise.resolve({ record, epoch: kept.epoch });
  }

  #isInTheWay(record: PushRecord, other: Kept): boolean {
    const { state, deviceId } = JSON.parse(other.text) as PushRecord;
    return deviceId === record.deviceId && other.epoch > 0 && !ENDED_PUSHES.includes(state);
  }

  save(record: PushRecord, epoch: number): Promise<void> {
    const kept = this.#pushes.get(record.id)!;
    if (kept.epoch !== epoch) return Promise.reject(new StaleWorker(record.id));
    kept.text = JSON.stringify(record);
    kept.leasedUntil = this.now() + PUSH_LEASE_MS;
    return Promise.resolve();
  }

  renew(id: string, epoch: number) {
    const kept = this.#pushes.get(id)!;
    if (kept.epoch !== epoch) return Promise.reject(new StaleWorker(id));
    kept.leasedUntil = this.now() + PUSH_LEASE_MS;
    return Promise.resolve({ decision: kept.decision });
  }

  release(id: string, epoch: number): Promise<void> {
    const kept = this.#pushes.get(id)!;
    if (kept.epoch === epoch) kept.leasedUntil = 0;
    return Promise.resolve();
  }
}
