import type { Lease, Locks } from "@/core/ports/locks.ts";

/** Locks among the roles of one process. */
export class MemoryLocks implements Locks {
  #leases = new Map<string, { token: symbol; until: number }>();
  #values = new Map<string, { value: string; until: number }>();
  #windows = new Map<string, { count: number; until: number }>();
  #writes = 0;

  constructor(readonly now: () => number = () => Date.now()) {}

  acquire(key: string, ttlMs: number): Promise<Lease | undefined> {
    this.#sweep();
    const held = this.#leases.get(key);
    if (held && held.until > this.now()) return Promise.resolve(undefined);
    const token = Symbol(key);
    this.#leases.set(key, { token, until: this.now() + ttlMs });
    const isOurs = () => this.#leases.get(key)?.token === token;
    return Promise.resolve({
      key,
      renew: (ms) => {
        if (!isOurs() || this.#leases.get(key)!.until <= this.now()) return Promise.resolve(false);
        this.#leases.set(key, { token, until: this.now() + ms });
        return Promise.resolve(true);
      },
      [Symbol.asyncDispose]: () => {
        if (isOurs()) this.#leases.delete(key);
        return Promise.resolve();
      },
    });
  }

  put(key: string, value: string, ttlMs: number): Promise<void> {
    this.#sweep();
    this.#values.set(key, { value, until: this.now() + ttlMs });
    return Promise.resolve();
  }

  take(key: string): Promise<string | undefined> {
    const found = this.#values.get(key);
    this.#values.delete(key);
    return Promise.resolve(found && found.until > this.now() ? found.value : undefined);
  }

  hit(key: string, windowMs: number): Promise<{ count: number; resetMs: number }> {
    this.#sweep();
    const now = this.now();
    const open = this.#windows.get(key);
    const current = open && open.until > now ? open : { count: 0, until: now + windowMs };
    current.count += 1;
    this.#windows.set(key, current);
    return Promise.resolve({ count: current.count, resetMs: current.until - now });
  }

  check(): Promise<string> {
    return Promise.resolve("in-process");
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#leases.clear();
    this.#values.clear();
    this.#windows.clear();
    return Promise.resolve();
  }

  /** Lapsed entries go once in a while: the maps must not grow with every key ever used. */
  #sweep(): void {
    this.#writes += 1;
    if (this.#writes % 1_000 !== 0) return;
    const now = this.now();
    for (const map of [this.#leases, this.#values, this.#windows]) {
      for (const [key, { until }] of map) if (until <= now) map.delete(key);
    }
  }
}
