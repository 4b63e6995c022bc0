import type { Comparison, DeviceChart } from "@/core/contract/charts.ts";

/** One measured column, raw and in the rollups. Every name in here is ours, none comes from outside. */
export interface Measure {
  name: string;
  raw: string;
  /** In the rollups; `null`: only the extreme is kept, and stands for the value. */
  n: string;
  sum: string | null;
  /** `null`: no extreme is kept. */
  extreme: { column: string; raw: string; is: "min" | "max" } | null;
}

export interface ChartSource {
  /** `<table>_samples`, `<table>_5m`, `<table>_1h`. */
  table: "health" | "interface" | "radio" | "sensor";
  /** What tells the lines of one device apart. */
  key: "interface" | "sensor" | null;
  /** Of sensors. */
  kind: string | null;
  measures: readonly Measure[];
}

function measure(name: string, raw: string, rollup: string, n = `${rollup}_n`): Measure {
  const extreme = { column: `${rollup}_max`, raw, is: "max" as const };
  return { name, raw, n, sum: `${rollup}_sum`, extreme };
}

/** Single figures of a router: raw column, name in the rollups. */
const HEALTH = {
  cpu: ["cpu_percent", "cpu"],
  memory: ["memory_percent", "memory"],
  disk: ["disk_percent", "disk"],
  temperature: ["temperature_c", "temperature"],
  voltage: ["voltage_v", "voltage"],
  connections: ["connections", "connections"],
  ppp: ["ppp_active", "ppp"],
  leases: ["dhcp_leases", "leases"],
  poll: ["poll_ms", "poll"],
  clients: ["wireless_clients", "clients"],
} as const;

export function healthSource(name: keyof typeof HEALTH): ChartSource {
  const [raw, rollup] = HEALTH[name];
  return { table: "health", key: null, kind: null, measures: [measure(name, raw, rollup)] };
}

const ofInterface = (...measures: Measure[]): ChartSource => ({
  ...{ table: "interface", key: "interface", kind: null },
  measures,
});
const ofRadio = (...measures: Measure[]): ChartSource => ({
  ...{ table: "radio", key: "interface", kind: null },
  measures,
});
const ofSensor = (kind: string): ChartSource => ({
  ...{ table: "sensor", key: "sensor", kind },
  measures: [{
    ...{ name: "", raw: "value", n: "n", sum: "sum" },
    extreme: { column: "max", raw: "value", is: "max" },
  }],
});

const RX = measure("rx", "rx_bps", "rx");
const TX = measure("tx", "tx_bps", "tx");
const average = (name: string, raw: string, rollup: string): Measure => ({
  ...measure(name, raw, rollup),
  extreme: null,
});

const SOURCES: Readonly<Record<Exclude<DeviceChart, keyof typeof HEALTH>, ChartSource>> & {
  temperature: ChartSource;
  voltage: ChartSource;
} = {
  traffic: ofInterface(RX, TX),
  utilization: ofInterface(RX, TX),
  packets: ofInterface(measure("rx", "rx_pps", "rx_pps"), measure("tx", "tx_pps", "tx_pps")),
  // Rates come together or not at all, so those of bytes count for them.
  errors: ofInterface(
    measure("errors", "errors_per_second", "errors", "rx_n"),
    measure("drops", "drops_per_second", "drops", "rx_n"),
  ),
  radio_clients: ofRadio(measure("", "clients", "clients", "n")),
  signal: ofRadio(average("average", "signal_avg_dbm", "signal"), {
    ...{ name: "worst", raw: "signal_worst_dbm", n: "signal_n", sum: null },
    extreme: { column: "signal_min", raw: "signal_worst_dbm", is: "min" },
  }),
  noise: ofRadio(average("", "noise_dbm", "noise")),
  ccq: ofRadio(average("", "ccq_percent", "ccq")),
  temperature: ofSensor("temperature"),
  voltage: ofSensor("voltage"),
  current: ofSensor("current"),
  power: ofSensor("power"),
  fan: ofSensor("fan"),
  faults: ofSensor("state"),
  poe_power: ofSensor("poe_power"),
  poe_voltage: ofSensor("poe_voltage"),
  poe_current: ofSensor("poe_current"),
  optic_power: ofSensor("dbm"),
  optic_temperature: ofSensor("optic_temperature"),
};

export function sourceOf(chart: DeviceChart): ChartSource {
  return chart in SOURCES
    ? SOURCES[chart as keyof typeof SOURCES]
    : healthSource(chart as keyof typeof HEALTH);
}

/** In a comparison a router has one line. */
export function comparisonSource(chart: Comparison): ChartSource {
  if (chart === "rx") return ofInterface(RX);
  return chart === "tx" ? ofInterface(TX) : healthSource(chart);
}
