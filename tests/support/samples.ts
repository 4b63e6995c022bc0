import type { DeviceSample, InterfaceReading, StatusReport } from "@/core/contract/sample.ts";

/** A plausible sample for tests and benchmarks; `at` in ms since the epoch. */
export function makeSample(
  deviceId: string,
  at: number,
  rest: Partial<Omit<DeviceSample, "system">> & { system?: Partial<DeviceSample["system"]> } = {},
): DeviceSample {
  return {
    kind: "sample",
    version: 1,
    deviceId,
    sampledAt: new Date(at).toISOString(),
    poller: "test",
    durationMs: 12.5,
    tlsFingerprint: null,
    collectors: [],
    ...rest,
    system: {
      identity: "router",
      version: "7.18.2",
      channel: "stable",
      boardName: "hAP ax3",
      model: "C53UiG+5HPaxD2HPaxD",
      serialNumber: "HF80000001",
      architecture: "arm64",
      platform: "MikroTik",
      cpuCount: 4,
      cpuFrequencyMhz: 864,
      cpuPercent: 7,
      freeMemoryBytes: 600_000_000,
      totalMemoryBytes: 1_000_000_000,
      freeDiskBytes: 90_000_000,
      totalDiskBytes: 128_000_000,
      badBlocksPercent: 0,
      uptimeSeconds: 1_000_000,
      firmwareCurrent: "7.18.2",
      firmwareUpgrade: "7.18.2",
      ...rest.system,
    },
  };
}

export function makeInterface(
  name: string,
  rxBytes: bigint | number,
  txBytes: bigint | number = 0,
  rest: Partial<InterfaceReading> = {},
): InterfaceReading {
  return {
    name,
    defaultName: name,
    type: "ether",
    macAddress: "48:A9:8A:00:00:01",
    mtu: 1500,
    comment: null,
    isRunning: true,
    isDisabled: false,
    isSlave: false,
    isDynamic: false,
    linkDowns: 0,
    speedBps: 1_000_000_000,
    rxBytes: rxBytes.toString(),
    txBytes: txBytes.toString(),
    rxPackets: "0",
    txPackets: "0",
    rxErrors: "0",
    txErrors: "0",
    rxDrops: "0",
    txDrops: "0",
    ...rest,
  };
}

export function makeStatus(
  deviceId: string,
  at: number,
  status: StatusReport["status"],
  rest: Partial<StatusReport> = {},
): StatusReport {
  return {
    kind: "status",
    version: 1,
    deviceId,
    at: new Date(at).toISOString(),
    poller: "test",
    status,
    reason: status === "online" ? "polled" : "connect_timeout",
    detail: status === "online" ? "" : "no answer in 8 s",
    misses: 3,
    ...rest,
  };
}
