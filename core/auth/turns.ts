import { giveWay } from "@/core/give_way.ts";

/**
 * Runs costly arithmetic one piece at a time, with the event loop's other work between two pieces: a
 * hundred people signing in at once must not hold up everybody else.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(async () => {
      await giveWay();
      return await work();
    });
    this.#last = mine.catch(() => {});
    return mine;
  }
}
