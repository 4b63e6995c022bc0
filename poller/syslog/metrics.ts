import { Counter, Gauge, type Registry } from "prom-client";

/** What the syslog listener counts. No names or addresses: anybody can send from many. */
export function createSyslogMetrics(registry: Registry) {
  const registers = [registry];
  return {
    received: new Counter({
      name: "tod_syslog_received_total",
      help: "Lines that arrived, by transport: udp, tcp",
      labelNames: ["transport"] as const,
      registers,
    }),
    accepted: new Counter({
      name: "tod_syslog_accepted_total",
      help: "Lines of known routers that were taken",
      registers,
    }),
    dropped: new Counter({
      name: "tod_syslog_dropped_total",
      help: "Lines that were not taken: source_rate, device_rate, total_rate, unknown_source, " +
        "ambiguous_source, unknown_tag, buffer_full, bus_pressure",
      labelNames: ["reason"] as const,
      registers,
    }),
    connections: new Gauge({
      name: "tod_syslog_connections",
      help: "Open TCP connections of syslog senders",
      registers,
    }),
    closed: new Counter({
      name: "tod_syslog_connections_closed_total",
      help: "TCP connections that the listener ended: too_many, per_address, too_slow, bad_framing",
      labelNames: ["reason"] as const,
      registers,
    }),
    buffered: new Gauge({
      name: "tod_syslog_buffered_bytes",
      help: "Lines that wait to be put on the bus",
      registers,
    }),
  };
}
export type SyslogMetrics = ReturnType<typeof createSyslogMetrics>;
