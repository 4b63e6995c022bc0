import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import { keepLogHouse } from "./log_partitions.ts";

const EVERY_MS = 3_600_000;
const LOCK_MS = 120_000;
const RETRY_MS = 30_000;

/** Partitions ahead, and the end of old lines, each hour until `signal` aborts. */
export async function runLogJobs(
  { config, log, clock, db, locks }: Pick<Platform, "config" | "log" | "clock" | "db" | "locks">,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await using lease = await locks.acquire("log-jobs", LOCK_MS);
      if (lease) {
        const done = await keepLogHouse({ db, config, nowMs: clock.now() });
        if (done.made + done.dropped > 0) log.info("log partitions made and dropped", { ...done });
      }
      await clock.sleep(EVERY_MS, signal);
    } catch (error) {
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "the log jobs failed: they run again soon", { error });
      await clock.sleep(RETRY_MS, signal);
    }
  }
}
