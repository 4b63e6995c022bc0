import type { Clock } from "@/core/ports/clock.ts";

/**
 * Groups what `source` gives: a batch is complete at `maxCount` items, or `maxWaitMs` after its first.
 * One item is read ahead at most, so the source's own bound on unanswered items holds.
 */
export async function* batches<Item>(
  source: AsyncIterable<Item>,
  { maxCount, maxWaitMs, clock }: { maxCount: number; maxWaitMs: number; clock: Clock },
): AsyncGenerator<Item[]> {
  const items = source[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<Item>> | undefined;
  try {
    for (;;) {
      const first = await (next ?? items.next());
      next = undefined;
      if (first.done) return;
      const batch = [first.value];
      const timer = new AbortController();
      const late = clock.sleep(maxWaitMs, timer.signal);
      let isDone = false;
      while (batch.length < maxCount && !isDone) {
        next ??= items.next();
        const result = await Promise.race([next, late]);
        if (result === undefined) break;
        next = undefined;
        if (result.done) isDone = true;
        else batch.push(result.value);
      }
      timer.abort();
      yield batch;
      if (isDone) return;
    }
  } finally {
    // A read that is under way ends with the source: its consumer's signal ends that.
    next?.catch(() => {});
    if (!next) await items.return?.();
  }
}
