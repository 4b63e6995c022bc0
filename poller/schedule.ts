import type { Clock } from "@/core/ports/clock.ts";

export interface Scheduled {
  readonly id: string;
}

interface Entry<Item extends Scheduled> {
  item: Item;
  due: number;
}

/**
 * One timer for any number of items: a binary heap by due time. An item is handed out once and comes
 * back only when it is set again, so it can never be handed out twice at a time.
 */
export class Schedule<Item extends Scheduled> {
  #heap: Entry<Item>[] = [];
  #entries = new Map<string, Entry<Item>>();
  #wake = new AbortController();

  constructor(readonly clock: Clock) {}

  get size(): number {
    return this.#entries.size;
  }

  set(item: Item, due: number): void {
    // The old entry stays in the heap and is skipped when it surfaces: cheaper than finding it.
    const entry = { item, due };
    this.#entries.set(item.id, entry);
    this.#push(entry);
    if (this.#heap[0] === entry) this.#wake.abort();
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }

  /** Items as they fall due, until `signal` aborts. */
  async *due(signal: AbortSignal): AsyncIterable<Entry<Item>> {
    const onAbort = () => this.#wake.abort();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const next = this.#peek();
        const wait = next ? next.due - this.clock.now() : 3_600_000;
        if (next && wait <= 0) {
          this.#pop();
          this.#entries.delete(next.item.id);
          yield next;
          continue;
        }
        if (this.#wake.signal.aborted) {
          this.#wake = new AbortController();
          continue;
        }
        await this.clock.sleep(Math.min(wait, 3_600_000), this.#wake.signal);
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #peek(): Entry<Item> | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (!top || this.#entries.get(top.item.id) === top) return top;
      this.#pop();
    }
  }

  #push(entry: Entry<Item>): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.due <= entry.due) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.due < heap[child]!.due) child += 1;
      if (heap[child]!.due >= last.due) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
