import type { InterfaceState } from "@/core/contract/device.ts";
import type { OpticReading, PoeReading, RadioReading, SensorKind } from "@/core/contract/sample.ts";
import type { Family } from "./text_format.ts";

/** What can be asked for apart: interfaces are nine tenths of a large answer. */
export const COLLECTIONS = ["devices", "interfaces", "wireless", "sensors"] as const;
export type Collection = typeof COLLECTIONS[number];

/** A family, and its value for one thing; `null`: not measured. */
export interface Valued<Thing> extends Family {
  of(thing: Thing): number | null;
}

function gauge<Thing>(name: string, help: string, of: (thing: Thing) => number | null) {
  return { name, type: "gauge", help, of } satisfies Valued<Thing>;
}

function counter<Thing>(name: string, help: string, of: (thing: Thing) => string | number | null) {
  const value = (thing: Thing) => {
    const count = of(thing);
    return count === null ? null : Number(count);
  };
  return { name, type: "counter", help, of: value } satisfies Valued<Thing>;
}

const ratio = (percent: number | null) => percent === null ? null : Math.round(percent * 1e4) / 1e6;

/** A router as the answer needs it. Figures are `null` unless it is online: stale ones would look fresh. */
export interface ExposedDevice {
  id: string;
  name: string;
  address: string;
  site: string | null;
  region: string;
  identity: string | null;
  model: string | null;
  boardName: string | null;
  version: string | null;
  serialNumber: string | null;
  firmware: string | null;
  status: string;
  reason: string;
  ageSeconds: number | null;
  healthScore: number | null;
  cpuPercent: number | null;
  memoryPercent: number | null;
  diskPercent: number | null;
  temperatureC: number | null;
  voltageV: number | null;
  rxBps: number | null;
  txBps: number | null;
  wirelessClients: number | null;
  uptimeSeconds: number | null;
  counts: Partial<
    Record<"connections" | "pppActive" | "dhcpLeases" | "arpEntries", number | null>
  >;
}

export const DEVICE_INFO = marker(
  "tod_device_info",
  "What the router is; always 1. Join it on id.",
);
export const DEVICE_STATUS = marker(
  "tod_device_status",
  "The status the router has now, and why; always 1.",
);

const UP: Record<string, number> = { online: 1, offline: 0 };
type Device = ExposedDevice;
export const DEVICE_FAMILIES: readonly Valued<Device>[] = [
  gauge(
    "tod_device_up",
    "1 while the router answers, 0 while it is offline; absent while nobody can tell.",
    ({ status }) => UP[status] ?? null,
  ),
  gauge(
    "tod_device_last_sample_age_seconds",
    "Time since the last reading.",
    (device) => device.ageSeconds,
  ),
  gauge("tod_device_health_score", "0 (dead) to 100.", (device) => device.healthScore),
  gauge("tod_device_cpu_usage_ratio", "CPU load, 0 to 1.", (device) => ratio(device.cpuPercent)),
  gauge(
    "tod_device_memory_usage_ratio",
    "Memory in use, 0 to 1.",
    (device) => ratio(device.memoryPercent),
  ),
  gauge(
    "tod_device_disk_usage_ratio",
    "Disk in use, 0 to 1.",
    (device) => ratio(device.diskPercent),
  ),
  gauge(
    "tod_device_temperature_celsius",
    "The temperature that stands for the router.",
    (device) => device.temperatureC,
  ),
  gauge(
    "tod_device_voltage_volts",
    "The voltage that stands for the router.",
    (device) => device.voltageV,
  ),
  gauge("tod_device_uptime_seconds", "Time since it started.", (device) => device.uptimeSeconds),
  gauge(
    "tod_device_receive_bits_per_second",
    "Received on all physical interfaces, between the last two readings.",
    (device) => device.rxBps,
  ),
  gauge(
    "tod_device_transmit_bits_per_second",
    "Sent on all physical interfaces, between the last two readings.",
    (device) => device.txBps,
  ),
  gauge(
    "tod_device_wireless_clients",
    "Clients of all its radios.",
    (device) => device.wirelessClients,
  ),
  gauge(
    "tod_device_connections",
    "Connections that are tracked.",
    ({ counts }) => counts.connections ?? null,
  ),
  gauge("tod_device_ppp_sessions", "PPP sessions.", ({ counts }) => counts.pppActive ?? null),
  gauge("tod_device_dhcp_leases", "DHCP leases.", ({ counts }) => counts.dhcpLeases ?? null),
  gauge("tod_device_arp_entries", "ARP entries.", ({ counts }) => counts.arpEntries ?? null),
];

type Port = InterfaceState;
export const INTERFACE_FAMILIES: readonly Valued<Port>[] = [
  gauge(
    "tod_interface_up",
    "1 while the link is up.",
    ({ isRunning, isDisabled }) => isRunning && !isDisabled ? 1 : 0,
  ),
  gauge("tod_interface_speed_bits_per_second", "Negotiated speed.", (port) => port.speedBps),
  counter("tod_interface_receive_bytes_total", "Bytes received.", (port) => port.rxBytes),
  counter("tod_interface_transmit_bytes_total", "Bytes sent.", (port) => port.txBytes),
  counter("tod_interface_receive_packets_total", "Packets received.", (port) => port.rxPackets),
  counter("tod_interface_transmit_packets_total", "Packets sent.", (port) => port.txPackets),
  counter("tod_interface_receive_errors_total", "Errors on receiving.", (port) => port.rxErrors),
  counter("tod_interface_transmit_errors_total", "Errors on sending.", (port) => port.txErrors),
  counter(
    "tod_interface_receive_drops_total",
    "Packets dropped on receiving.",
    (port) => port.rxDrops,
  ),
  counter(
    "tod_interface_transmit_drops_total",
    "Packets dropped on sending.",
    (port) => port.txDrops,
  ),
  counter("tod_interface_link_downs_total", "Times the link went down.", (port) => port.linkDowns),
  gauge(
    "tod_interface_receive_bits_per_second",
    "Received, between the last two readings.",
    (port) => port.rxBps,
  ),
  gauge(
    "tod_interface_transmit_bits_per_second",
    "Sent, between the last two readings.",
    (port) => port.txBps,
  ),
];

export interface ExposedRadio extends RadioReading {
  signals: readonly number[];
}
const mean = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
const least = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b));

type Radio = ExposedRadio;
export const RADIO_FAMILIES: readonly Valued<Radio>[] = [
  gauge("tod_radio_clients", "Clients of the radio.", (radio) => radio.clients),
  gauge("tod_radio_noise_dbm", "Noise floor.", (radio) => radio.noiseDbm),
  gauge("tod_radio_ccq_ratio", "Client connection quality, 0 to 1.", (r) => ratio(r.ccqPercent)),
  gauge(
    "tod_radio_signal_average_dbm",
    "Signal of its clients, on average.",
    ({ signals }) => mean(signals),
  ),
  gauge(
    "tod_radio_signal_worst_dbm",
    "Signal of its weakest client.",
    ({ signals }) => least(signals),
  ),
];

export const SENSOR_FAMILIES: Readonly<Partial<Record<SensorKind, Family>>> = {
  temperature: marker("tod_sensor_temperature_celsius", "Temperature."),
  voltage: marker("tod_sensor_voltage_volts", "Voltage."),
  current: marker("tod_sensor_current_amperes", "Current."),
  power: marker("tod_sensor_power_watts", "Power."),
  fan: marker("tod_sensor_fan_rpm", "Speed of a fan."),
  state: marker("tod_sensor_failed", "1 when a power supply or fan has failed."),
};
function marker(name: string, help: string): Family {
  return { name, type: "gauge", help };
}

type Poe = PoeReading;
export const POE_FAMILIES: readonly Valued<Poe>[] = [
  gauge("tod_poe_power_watts", "Power fed to what hangs on the port.", (port) => port.powerW),
  gauge("tod_poe_voltage_volts", "Voltage fed.", (port) => port.voltageV),
  gauge(
    "tod_poe_current_amperes",
    "Current fed.",
    ({ currentMa }) => currentMa === null ? null : currentMa / 1_000,
  ),
];

type Optic = OpticReading;
export const OPTIC_FAMILIES: readonly Valued<Optic>[] = [
  gauge("tod_optic_receive_power_dbm", "Light received.", (optic) => optic.rxPowerDbm),
  gauge("tod_optic_transmit_power_dbm", "Light sent.", (optic) => optic.txPowerDbm),
  gauge("tod_optic_temperature_celsius", "Temperature of the module.", (o) => o.temperatureC),
];
