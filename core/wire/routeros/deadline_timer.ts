/**
 * One timer for many deadlines: a busy session starts thousands of commands a second and nearly all
 * end long before theirs, so nothing is armed or cleared for each of them.
 */
export class DeadlineTimer {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  readonly #onDue: () => number;

  /** `onDue` deals with what is due and answers the next deadline (`Infinity`: none). */
  constructor(onDue: () => number) {
    this.#onDue = onDue;
  }

  /** Makes sure it rings at `deadline` (`performance.now()` time) at the latest. */
  expect(deadline: number): void {
    if (deadline >= this.#due) return;
    this.#due = deadline;
    clearTimeout(this.#timer);
    // Timers count whole milliseconds, from the start of the current turn: one more is never early.
    const delay = Math.min(Math.max(deadline - performance.now() + 1, 0), 2 ** 31 - 1);
    this.#timer = setTimeout(() => {
      this.#due = Infinity;
      this.expect(this.#onDue());
    }, delay);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due = -Infinity;
  }
}
