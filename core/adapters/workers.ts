export type Handler = (data: Uint8Array) => Promise<Uint8Array>;

/** Runs at most `concurrency` pieces of work at a time, in the order they came. */
export class Workers {
  #running = 0;
  #waiting: (() => void)[] = [];
  #idle: (() => void)[] = [];

  constructor(readonly concurrency: number) {}

  /**
   * Runs `work`, which must not reject, when its turn comes. Work whose turn comes after `timeoutMs` is
   * not begun: whoever asked has given up, and must not find the act done after all.
   */
  async run(timeoutMs: number, work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    if (this.#running >= this.concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      if (performance.now() - began < timeoutMs) await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next(); // takes over this place
      else if (--this.#running === 0) { for (const resolve of this.#idle.splice(0)) resolve(); }
    }
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
