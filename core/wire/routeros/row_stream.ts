import type { Receiver } from "./pending_command.ts";
import type { Row } from "./row.ts";

/** Rows that may wait for a slow reader before the connection is paused, and go on below. */
const PAUSE_AT_ROWS = 1024;
const RESUME_AT_ROWS = 256;

/** Rows of one command, handed out one by one. The command starts with the first `next()`. */
export class RowStream implements AsyncIterableIterator<Row> {
  readonly #begin: (receiver: Receiver) => (error?: Error) => void;
  readonly #valve: { pause(): void; resume(): void };
  #giveUp: ((error?: Error) => void) | undefined;
  #rows: Row[] = [];
  #head = 0;
  #waiting: PromiseWithResolvers<IteratorResult<Row>>[] = [];
  #isOver = false;
  #isPaused = false;
  #failure: Error | undefined;

  constructor(
    begin: (receiver: Receiver) => (error?: Error) => void,
    valve: { pause(): void; resume(): void },
  ) {
    this.#begin = begin;
    this.#valve = valve;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Row>> {
    if (!this.#giveUp && !this.#isOver) {
      this.#giveUp = this.#begin({
        row: (row) => this.#push(row),
        end: (error) => this.#end(error),
      });
    }
    const row = this.#shift();
    if (row) return Promise.resolve({ value: row, done: false });
    if (this.#failure) {
      const failure = this.#failure;
      this.#failure = undefined;
      return Promise.reject(failure);
    }
    if (this.#isOver) return Promise.resolve({ value: undefined, done: true });
    const waiting = Promise.withResolvers<IteratorResult<Row>>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** Ends it: rows not read are dropped and the router is told to stop. */
  return(): Promise<IteratorResult<Row>> {
    this.#rows = [];
    this.#head = 0;
    this.#failure = undefined;
    this.#unpause();
    this.#giveUp?.();
    this.#end(undefined);
    return Promise.resolve({ value: undefined, done: true });
  }

  #push(row: Row): void {
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting.resolve({ value: row, done: false });
      return;
    }
    this.#rows.push(row);
    if (this.#rows.length - this.#head >= PAUSE_AT_ROWS && !this.#isPaused) {
      this.#isPaused = true;
      this.#valve.pause();
    }
  }

  #shift(): Row | undefined {
    const row = this.#rows[this.#head];
    if (!row) return undefined;
    if (++this.#head === this.#rows.length) {
      this.#rows = [];
      this.#head = 0;
    }
    if (this.#rows.length - this.#head <= RESUME_AT_ROWS) this.#unpause();
    return row;
  }

  #unpause(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#valve.resume();
  }

  #end(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unpause();
    const [first, ...rest] = this.#waiting;
    this.#waiting = [];
    if (error && first) first.reject(error);
    else first?.resolve({ value: undefined, done: true });
    if (error && !first) this.#failure = error;
    for (const waiting of rest) waiting.resolve({ value: undefined, done: true });
  }
}
