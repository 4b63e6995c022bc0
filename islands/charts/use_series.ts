import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { spanOf, type TimeRange } from "@/core/contract/time_range.ts";
import { ask } from "../ask.ts";
import { follow } from "../live.ts";
import { appendSeries } from "./append_series.ts";

/** Buckets are read anew at most this often. */
const BUCKETS_EVERY_MS = 60_000;

/**
 * The series behind an address of the API, over a range. A range that moves grows with the live
 * stream: raw points by what is new, buckets by reading them again.
 */
export function useSeries(address: string, { range, deviceIds, isShown }: {
  range: TimeRange;
  /** Whose readings make it grow. */
  deviceIds: readonly string[];
  /** Nothing is read for what nobody sees. */
  isShown: boolean;
}): { set: SeriesSet | undefined; failure: string } {
  const set = useSignal<SeriesSet | undefined>(undefined);
  const failure = useSignal("");
  const key = range.kind === "last" ? range.name : `${range.from} ${range.to}`;

  useEffect(() => {
    if (!isShown) return;
    const abort = new AbortController();
    let readMs = -Infinity;
    let isReading = false;
    const read = async (span: { from: string; to: string }): Promise<SeriesSet | undefined> => {
      isReading = true;
      try {
        const query = new URLSearchParams(span);
        const url = `${address}${address.includes("?") ? "&" : "?"}${query}`;
        const answer = await ask(url, { signal: abort.signal });
        const body = await answer.json();
        if (!answer.ok) throw new Error((body as { title: string }).title);
        failure.value = "";
        return body as SeriesSet;
      } catch (error) {
        if (!abort.signal.aborted) failure.value = (error as Error).message;
        return undefined;
      } finally {
        isReading = false;
      }
    };
    const load = async () => {
      const loaded = await read(spanOf(range, Date.now()));
      readMs = Date.now();
      if (loaded && !abort.signal.aborted) set.value = loaded;
    };
    const grow = async () => {
      const before = set.value;
      const idleMs = Date.now() - readMs;
      if (range.kind === "fixed" || isReading || idleMs < 1_000) return;
      if (!before || before.tier !== "raw") {
        if (idleMs >= BUCKETS_EVERY_MS) await load();
        return;
      }
      const span = spanOf(range, Date.now());
      const last = before.times.at(-1);
      if (last === undefined) return await load();
      const tail = await read({ ...span, from: new Date(last * 1_000 + 1).toISOString() });
      if (!tail || abort.signal.aborted) return;
      const grown = appendSeries(before, tail, span);
      readMs = Date.now();
      if (grown) set.value = grown;
      else if (idleMs >= before.stepSeconds * 1_000) await load();
    };
    void load();
    const isOne = deviceIds.length === 1;
    const stop = range.kind === "fixed" ? () => {} : follow({
      ...(isOne ? { device: () => void grow() } : {
        batch: ({ devices }) => {
          if (devices.some(({ id }) => deviceIds.includes(id))) void grow();
        },
      }),
      reset: () => void load(),
    }, isOne ? deviceIds[0] : undefined);
    return () => {
      abort.abort();
      stop();
    };
  }, [address, key, isShown, deviceIds.join()]);

  return { set: set.value, failure: failure.value };
}
