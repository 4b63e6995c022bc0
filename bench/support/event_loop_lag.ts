/** How late the event loop ran, in milliseconds. */
export interface Lag {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Measures how late timers ring while something else uses the event loop. */
export class EventLoopLag {
  readonly #samples: number[] = [];
  readonly #intervalMs: number;
  #timer: ReturnType<typeof setTimeout>;
  #due: number;

  /** Begins to measure. A timer each `intervalMs`; a stall longer than that counts once, in full. */
  constructor(intervalMs = 10) {
    this.#intervalMs = intervalMs;
    this.#due = performance.now() + intervalMs;
    this.#timer = setTimeout(() => this.#ring(), intervalMs);
  }

  stop(): Lag {
    clearTimeout(this.#timer);
    const late = performance.now() - this.#due;
    if (late > 0) this.#samples.push(late);
    return {
      p50: quantile(this.#samples, 0.5),
      p99: quantile(this.#samples, 0.99),
      max: quantile(this.#samples, 1),
    };
  }

  #ring(): void {
    const now = performance.now();
    this.#samples.push(Math.max(0, now - this.#due));
    this.#due = now + this.#intervalMs;
    this.#timer = setTimeout(() => this.#ring(), this.#intervalMs);
  }
}

/** The value that the share `q` (0 to 1) of `values` does not exceed; 0 without values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}
