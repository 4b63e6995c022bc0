/**
 * Bounds the deliveries that wait for an answer. One whose ack wait is over no longer counts: it is
 * delivered again, so its place is free.
 */
export class InFlight {
  /** In the order they were taken, hence of their ends (ms, monotonic). */
  #held = new Map<object, number>();
  #wake = () => {};

  constructor(readonly max: number, readonly ackWaitMs: number) {}

  take(delivery: object): void {
    this.#held.set(delivery, performance.now() + this.ackWaitMs);
  }

  release(delivery: object): void {
    if (this.#held.delete(delivery)) this.#wake();
  }

  /** Resolves when one more may be taken, or when `signal` aborts. */
  async free(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = performance.now();
      for (const [delivery, until] of this.#held) {
        if (until > now) break;
        this.#held.delete(delivery);
      }
      if (this.#held.size < this.max) return;
      const [until = now] = this.#held.values();
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          this.#wake = () => {};
          resolve();
        };
        const timer = setTimeout(done, until - now);
        signal.addEventListener("abort", done, { once: true });
        this.#wake = done;
      });
    }
  }
}
