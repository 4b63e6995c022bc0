/** How much may pass: a rate, and how much more at once after a silence. */
export interface Rate {
  perSecond: number;
  burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * A bucket for each key, at most `maxKeys` of them: past it the one that was used least recently goes,
 * so that forged addresses do not fill the memory.
 */
export class TokenBuckets {
  #buckets = new Map<string, Bucket>();

  constructor(readonly rate: Rate, readonly maxKeys: number, readonly monotonic: () => number) {}

  get size(): number {
    return this.#buckets.size;
  }

  /** Whether one more passes. */
  take(key: string): boolean {
    const now = this.monotonic();
    const bucket = this.#buckets.get(key) ?? { tokens: this.rate.burst, at: now };
    this.#buckets.delete(key); // to the end: insertion order is the order of use
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.maxKeys) {
      this.#buckets.delete(this.#buckets.keys().next().value!);
    }
    const { perSecond, burst } = this.rate;
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / 1_000 * perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
