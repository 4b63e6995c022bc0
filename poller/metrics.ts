import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** The poller's Prometheus metrics. No device names: their number is bounded by reasons and states. */
export function createPollerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    duration: new Histogram({
      name: "tod_poll_duration_seconds",
      help: "Time of one poll, from the first command to the published sample",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    outcomes: new Counter({
      name: "tod_polls_total",
      help: "Polls by outcome: ok, or the reason of the failure",
      labelNames: ["outcome"] as const,
      registers,
    }),
    skipped: new Counter({
      name: "tod_polls_skipped_total",
      help: "Polls not started: still_running, breaker_open, lease_elsewhere",
      labelNames: ["why"] as const,
      registers,
    }),
    lag: new Histogram({
      name: "tod_poll_schedule_lag_seconds",
      help: "How late polls start",
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 1, 5, 30],
      registers,
    }),
    devices: new Gauge({ name: "tod_poller_devices", help: "Devices scheduled here", registers }),
    sessions: new Gauge({
      name: "tod_poller_sessions",
      help: "Open sessions to routers",
      registers,
    }),
    logins: new Counter({ name: "tod_poller_logins_total", help: "Logins to routers", registers }),
    handshakes: new Gauge({
      name: "tod_poller_handshakes",
      help: "Connections being opened now",
      registers,
    }),
    breakers: new Gauge({
      name: "tod_poller_breakers_open",
      help: "Devices whose breaker is not closed",
      registers,
    }),
    buffered: new Gauge({
      name: "tod_poller_buffered_reports",
      help: "Reports that wait because the bus does not take them",
      registers,
    }),
    lost: new Counter({
      name: "tod_poller_reports_lost_total",
      help: "Reports dropped because the buffer was full",
      registers,
    }),
    /** Live runs: counted when asked for. */
    countRuns(size: () => number) {
      new Gauge({
        name: "tod_poller_runs",
        help: "Tools and other live runs in progress",
        registers,
        collect() {
          this.set(size());
        },
      });
    },
  };
}
export type PollerMetrics = ReturnType<typeof createPollerMetrics>;
