import { TrapError } from "./errors.ts";
import type { Trap } from "./errors.ts";
import type { Row } from "./row.ts";

/** Who waits for a command: one answer at its end, or row by row. */
export interface Receiver {
  /** What it can hold; without it, as much as comes. */
  readonly maxRowBytes?: number;
  row(row: Row): void;
  /** Called exactly once. `ret`: the value of `!done =ret=`. */
  end(error: Error | undefined, ret: string | undefined): void;
}

export type CommandState = "queued" | "sent" | "cancelling" | "over";

/** One command from the call to the router's `!done`; its receiver hears of one end. */
export class PendingCommand {
  state: CommandState = "queued";
  /** Bytes of rows so far. */
  rowBytes = 0;
  readonly maxRowBytes: number;
  readonly #traps: Trap[] = [];
  #receiver: Receiver | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    readonly tag: string,
    readonly command: string,
    readonly sentence: Uint8Array,
    receiver: Receiver,
    /** `performance.now()` at which it has to be over; while cancelling, the router's last chance. */
    public deadline: number,
  ) {
    this.#receiver = receiver;
    this.maxRowBytes = receiver.maxRowBytes ?? Infinity;
  }

  onAbort(signal: AbortSignal, abort: () => void): void {
    this.#signal = signal;
    this.#onAbort = abort;
    signal.addEventListener("abort", abort, { once: true });
  }

  row(row: Row): void {
    this.#receiver?.row(row);
  }

  trap({ message, category }: Row): void {
    this.#traps.push({
      message: message ?? "no reason given",
      category: category === undefined ? undefined : Number(category),
    });
  }

  /** The router's `!done`: traps before it make it a failure. */
  done(ret: string | undefined): void {
    this.state = "over";
    const [first, ...more] = this.#traps;
    this.settle(first ? new TrapError(this.command, [first, ...more]) : undefined, ret);
  }

  /** Tells the receiver, once; later ends are not heard. */
  settle(error: Error | undefined, ret?: string): void {
    const receiver = this.#receiver;
    if (!receiver) return;
    this.#receiver = undefined;
    if (this.#onAbort) this.#signal?.removeEventListener("abort", this.#onAbort);
    receiver.end(error, ret);
  }
}
