import type { Clock } from "@/core/ports/clock.ts";
import { systemClock } from "@/core/ports/clock.ts";

/** Time that runs `factor` times as fast as it does, for the product and for simulated routers alike. */
export function fastTime(factor: number): {
  clock: Clock;
  /** As a simulated router takes it. */
  timers: {
    now(): number;
    setTimeout(fn: () => void, ms: number): number;
    clearTimeout(id: number | undefined): void;
  };
} {
  const began = Date.now();
  const monotonic = performance.now();
  const now = () => began + (performance.now() - monotonic) * factor;
  return {
    clock: {
      now,
      monotonic: () => monotonic + (performance.now() - monotonic) * factor,
      sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
    },
    timers: {
      now,
      setTimeout: (fn, ms) => setTimeout(fn, ms / factor) as unknown as number,
      clearTimeout: (id) => clearTimeout(id),
    },
  };
}
