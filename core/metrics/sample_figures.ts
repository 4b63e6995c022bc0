import type { DeviceSample, SensorReading } from "@/core/contract/sample.ts";
import type { InterfaceState } from "@/core/contract/device.ts";

/** The single figures that stand for a router in tables and charts. */
export interface SampleFigures {
  memoryPercent: number | null;
  diskPercent: number | null;
  temperatureC: number | null;
  voltageV: number | null;
  wirelessClients: number | null;
  rxBps: number | null;
  txBps: number | null;
  errorsPerSecond: number | null;
}

export function sampleFigures(
  { system, sensors, wireless }: DeviceSample,
  interfaces: readonly InterfaceState[] | undefined,
): SampleFigures {
  const ports = interfaces && physicalInterfaces(interfaces);
  return {
    memoryPercent: usedPercent(system.freeMemoryBytes, system.totalMemoryBytes),
    diskPercent: usedPercent(system.freeDiskBytes, system.totalDiskBytes),
    temperatureC: reading(sensors, "temperature", ["cpu-temperature", "temperature"]),
    voltageV: reading(sensors, "voltage", ["voltage", "psu-voltage", "psu1-voltage"]),
    wirelessClients: wireless
      ? Math.max(
        wireless.clients.length,
        wireless.radios.reduce((sum, { clients }) => sum + clients, 0),
      )
      : null,
    rxBps: sumOf(ports, "rxBps"),
    txBps: sumOf(ports, "txBps"),
    errorsPerSecond: sumOf(ports, "errorsPerSecond"),
  };
}

const PHYSICAL = new Set(["ether", "wlan", "wifi", "wifiwave2", "cap", "lte"]);

/**
 * The interfaces a packet passes at most once on its way in: bridges, VLANs, bonds and tunnels count
 * the bytes of their ports again. A router with none of these (a virtual one) counts all.
 */
export function physicalInterfaces<Each extends { type: string }>(
  interfaces: readonly Each[],
): readonly Each[] {
  const ports = interfaces.filter(({ type }) => PHYSICAL.has(type));
  return ports.length > 0 ? ports : interfaces;
}

function sumOf(
  interfaces: readonly InterfaceState[] | undefined,
  key: "rxBps" | "txBps" | "errorsPerSecond",
): number | null {
  let sum: number | null = null;
  for (const { [key]: rate } of interfaces ?? []) if (rate !== null) sum = (sum ?? 0) + rate;
  return sum;
}

function usedPercent(free: number | null, total: number | null): number | null {
  if (free === null || !total) return null;
  return Math.min(Math.max((1 - free / total) * 100, 0), 100);
}

/** The first sensor of `preferred`, else the first of the kind. */
function reading(
  sensors: readonly SensorReading[] | undefined,
  kind: SensorReading["kind"],
  preferred: readonly string[],
): number | null {
  const fit = sensors?.filter((sensor) => sensor.kind === kind && sensor.value !== null) ?? [];
  const best = preferred.map((name) => fit.find((sensor) => sensor.name === name))
    .find((sensor) => sensor !== undefined);
  return (best ?? fit[0])?.value ?? null;
}
