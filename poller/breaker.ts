/** Failures in a row that open it. */
const THRESHOLD = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

export type BreakerState = "closed" | "open" | "half_open";

/**
 * Keeps us from hammering a router that does not answer: after 5 failures in a row it opens for 30 s,
 * doubling to 15 min; then one try is let through (half-open), whose success closes it.
 */
export class Breaker {
  #failures = 0;
  #openings = 0;
  #openUntil = 0;
  #isProbing = false;

  constructor(readonly now: () => number, readonly random: () => number = Math.random) {}

  get state(): BreakerState {
    if (this.#failures < THRESHOLD) return "closed";
    return this.#isProbing || this.now() >= this.#openUntil ? "half_open" : "open";
  }

  /** May a poll start now? In half-open, exactly one may. */
  admit(): boolean {
    if (this.state === "closed") return true;
    if (this.state === "open" || this.#isProbing) return false;
    this.#isProbing = true;
    return true;
  }

  succeed(): void {
    this.reset();
  }

  fail(): void {
    this.#failures += 1;
    this.#isProbing = false;
    if (this.#failures < THRESHOLD) return;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#openings, LONGEST_PAUSE_MS);
    this.#openings += 1;
    // Jitter downwards, so that the bound holds: routers of one dead uplink come back apart.
    this.#openUntil = this.now() + pause * (0.8 + 0.2 * this.random());
  }

  /** The device was edited, or something else says that it is worth a try now. */
  reset(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#openUntil = 0;
    this.#isProbing = false;
  }

  /** The router's port answers again: the next poll is the half-open try. */
  nudge(): void {
    this.#openUntil = 0;
  }
}
