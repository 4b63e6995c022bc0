import { Gauge, Histogram, type Registry } from "prom-client";
import { productVersion } from "./version.ts";

const LAG_EVERY_MS = 100;

/**
 * Metrics of the process itself. Our own, as prom-client's event-loop lag is wrong under Deno (a 300 ms
 * block shows as 2 ms) and its memory figures vanish without read permission on /proc.
 */
export function observeProcess(registry: Registry): Disposable {
  const registers = [registry];
  const lag = new Histogram({
    name: "tod_event_loop_lag_seconds",
    help: "How late a timer fires: what everything else in the process waits for",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  new Gauge({
    name: "tod_process_resident_memory_bytes",
    help: "Resident memory",
    registers,
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });
  new Gauge({
    name: "tod_process_uptime_seconds",
    help: "Seconds since the start",
    registers,
    collect() {
      this.set(performance.now() / 1_000);
    },
  });
  new Gauge({ name: "tod_build_info", help: "Version", labelNames: ["version"], registers })
    .set({ version: productVersion() }, 1);

  let expected = performance.now() + LAG_EVERY_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    lag.observe(Math.max(0, now - expected) / 1_000);
    expected = now + LAG_EVERY_MS;
  }, LAG_EVERY_MS);
  Deno.unrefTimer(Number(timer));
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
