/** A lock with an end: it lapses at its TTL unless renewed, so a dead holder frees it by dying. */
export interface Lease extends AsyncDisposable {
  readonly key: string;
  /** `false`: it lapsed or somebody else holds it now; stop what it protects. */
  renew(ttlMs: number): Promise<boolean>;
}

/**
 * Locks for efficiency between instances. Where two holders would do harm, a fencing epoch in
 * PostgreSQL decides, not this.
 */
export interface Locks extends AsyncDisposable {
  /** Takes `key`, or answers `undefined` at once. */
  acquire(key: string, ttlMs: number): Promise<Lease | undefined>;
  /** Stores a one-time value; {@linkcode take} answers it once, then it is gone. */
  put(key: string, value: string, ttlMs: number): Promise<void>;
  take(key: string): Promise<string | undefined>;
  /** Counts a hit in a fixed window; answers the count so far and the time to the window's end. */
  hit(key: string, windowMs: number): Promise<{ count: number; resetMs: number }>;
  /** Throws `Unavailable` within 2 s. */
  check(): Promise<string>;
}
