import type { Clock } from "@/core/ports/clock.ts";

interface Kept<Value> {
  value: Promise<Value>;
  untilMs: number;
}

const CAPACITY = 500;

/**
 * Answers that many people ask for at once. One computation runs for all who ask meanwhile, and its
 * answer serves for `factor` times as long as it took: what is cheap is always fresh, and what is dear
 * takes a bounded share of the machine however many look.
 */
export class Recent<Value> {
  readonly #kept = new Map<string, Kept<Value>>();

  constructor(
    readonly clock: Clock,
    readonly factor: number,
    readonly maxMs: number,
  ) {}

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const found = this.#kept.get(key);
    if (found && found.untilMs > this.clock.monotonic()) return found.value;
    const beganMs = this.clock.monotonic();
    const kept: Kept<Value> = { value: make(), untilMs: Infinity };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    kept.value.then(() => {
      const nowMs = this.clock.monotonic();
      kept.untilMs = nowMs + Math.min((nowMs - beganMs) * this.factor, this.maxMs);
    }, () => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
    if (this.#kept.size > CAPACITY) this.#kept.delete(this.#kept.keys().next().value!);
    return kept.value;
  }
}
