import { z } from "zod";
import type { Unit } from "./metrics.ts";

/** What a chart has one line for: the router, an interface, a radio, or a thing that measures. */
export type ChartOf = "device" | "interface" | "radio" | "sensor";

export interface ChartInfo {
  title: string;
  unit: Unit;
  of: ChartOf;
}

/** Every chart that a router can have, in the order pages show them. */
const CHART_INFO = {
  cpu: { title: "CPU", unit: "percent", of: "device" },
  memory: { title: "Memory", unit: "percent", of: "device" },
  disk: { title: "Disk", unit: "percent", of: "device" },
  connections: { title: "Tracked connections", unit: "count", of: "device" },
  ppp: { title: "PPP sessions", unit: "count", of: "device" },
  leases: { title: "DHCP leases", unit: "count", of: "device" },
  poll: { title: "Time a poll takes", unit: "milliseconds", of: "device" },
  traffic: { title: "Traffic", unit: "bps", of: "interface" },
  utilization: { title: "Use of the link", unit: "percent", of: "interface" },
  packets: { title: "Packets", unit: "per_second", of: "interface" },
  errors: { title: "Errors and drops", unit: "per_second", of: "interface" },
  clients: { title: "Wireless clients", unit: "count", of: "device" },
  radio_clients: { title: "Clients of each radio", unit: "count", of: "radio" },
  signal: { title: "Signal of the clients", unit: "dbm", of: "radio" },
  noise: { title: "Noise", unit: "dbm", of: "radio" },
  ccq: { title: "CCQ", unit: "percent", of: "radio" },
  temperature: { title: "Temperature", unit: "celsius", of: "sensor" },
  voltage: { title: "Voltage", unit: "volt", of: "sensor" },
  current: { title: "Current", unit: "ampere", of: "sensor" },
  power: { title: "Power", unit: "watt", of: "sensor" },
  fan: { title: "Fans", unit: "rpm", of: "sensor" },
  faults: { title: "Faults (1: failed)", unit: "other", of: "sensor" },
  poe_power: { title: "PoE power", unit: "watt", of: "sensor" },
  poe_voltage: { title: "PoE voltage", unit: "volt", of: "sensor" },
  poe_current: { title: "PoE current", unit: "ampere", of: "sensor" },
  optic_power: { title: "Light of the optics", unit: "dbm", of: "sensor" },
  optic_temperature: { title: "Temperature of the optics", unit: "celsius", of: "sensor" },
} as const satisfies Record<string, ChartInfo>;

export type DeviceChart = keyof typeof CHART_INFO;
export const CHARTS: Readonly<Record<DeviceChart, ChartInfo>> = CHART_INFO;
export const DEVICE_CHARTS = Object.keys(CHART_INFO) as [DeviceChart, ...DeviceChart[]];
export const DeviceChart = z.enum(DEVICE_CHARTS);

/** Charts that set routers side by side: one line a router. */
const COMPARISON_INFO = {
  cpu: { title: "CPU", unit: "percent" },
  memory: { title: "Memory", unit: "percent" },
  disk: { title: "Disk", unit: "percent" },
  rx: { title: "Traffic received", unit: "bps" },
  tx: { title: "Traffic sent", unit: "bps" },
  temperature: { title: "Temperature", unit: "celsius" },
  voltage: { title: "Voltage", unit: "volt" },
  clients: { title: "Wireless clients", unit: "count" },
  connections: { title: "Tracked connections", unit: "count" },
  ppp: { title: "PPP sessions", unit: "count" },
  leases: { title: "DHCP leases", unit: "count" },
  poll: { title: "Time a poll takes", unit: "milliseconds" },
} as const satisfies Record<string, { title: string; unit: Unit }>;

export type Comparison = keyof typeof COMPARISON_INFO;
export const COMPARISONS: Readonly<Record<Comparison, { title: string; unit: Unit }>> =
  COMPARISON_INFO;
export const COMPARISON_NAMES = Object.keys(COMPARISON_INFO) as [Comparison, ...Comparison[]];
export const Comparison = z.enum(COMPARISON_NAMES);

/** Most routers in one comparison: more lines cannot be told apart. */
export const MAX_COMPARED = 12;
/** Most lines of one chart; the answer says how many more there are. */
export const MAX_LINES = 24;
