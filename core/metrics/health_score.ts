import type { SensorReading } from "@/core/contract/sample.ts";

export interface HealthInput {
  status: "online" | "offline" | "unknown" | "pending";
  /** Said first when the device is offline. */
  statusDetail: string | null;
  cpuPercent: number | null;
  memoryPercent: number | null;
  diskPercent: number | null;
  temperatureC: number | null;
  badBlocksPercent: number | null;
  /** Errors of all interfaces together. */
  errorsPerSecond: number | null;
  /** Times that links went down since the reading before. */
  linkFlaps: number;
  sensors: readonly SensorReading[];
  /** Routing sessions that are down. */
  peersDown: number;
}

export interface Health {
  /** 0 to 100; `null`: never polled. */
  score: number | null;
  /** Why it is not 100, worst first. Sentences for people. */
  reasons: string[];
}

/**
 * One number for "which routers need me": 100 minus a weight for each thing that is wrong.
 *
 * | what                          | takes                                   |
 * | ----------------------------- | --------------------------------------- |
 * | offline                       | 100                                     |
 * | power supply or fan failed    | 40                                      |
 * | temperature above 65 °C       | 1 a degree, at most 30                  |
 * | CPU above 80 %                | 1.5 a percent, at most 30               |
 * | memory above 85 %             | 2 a percent, at most 25                 |
 * | disk above 90 %               | 2 a percent, at most 20                 |
 * | bad blocks on the flash       | 10                                      |
 * | interface errors              | 5 from one a second, 15 from a hundred  |
 * | a link went down              | 5 each, at most 15                      |
 * | routing sessions down         | 5 each, at most 20                      |
 */
export function healthScore(input: HealthInput): Health {
  const { status, cpuPercent, memoryPercent, diskPercent, temperatureC } = input;
  if (status === "pending") return { score: null, reasons: [] };
  if (status === "offline") {
    return {
      score: 0,
      reasons: [input.statusDetail ? `Offline: ${input.statusDetail}` : "Offline"],
    };
  }
  const found: { takes: number; reason: string }[] = [];
  const add = (takes: number, reason: string) => {
    if (takes > 0) found.push({ takes, reason });
  };
  const above = (value: number | null, from: number, each: number, most: number) =>
    value === null ? 0 : Math.min(Math.max(value - from, 0) * each, most);

  for (const { name, state } of input.sensors) if (state === "fail") add(40, `${name} failed`);
  add(above(temperatureC, 65, 1, 30), `Temperature ${Math.round(temperatureC ?? 0)} °C`);
  add(above(cpuPercent, 80, 1.5, 30), `CPU ${Math.round(cpuPercent ?? 0)} %`);
  add(above(memoryPercent, 85, 2, 25), `Memory ${Math.round(memoryPercent ?? 0)} %`);
  add(above(diskPercent, 90, 2, 20), `Disk ${Math.round(diskPercent ?? 0)} %`);
  if ((input.badBlocksPercent ?? 0) > 0) add(10, `Bad blocks ${input.badBlocksPercent} %`);
  const errors = input.errorsPerSecond ?? 0;
  add(errors >= 100 ? 15 : errors >= 1 ? 5 : 0, `${errors.toFixed(1)} interface errors a second`);
  add(Math.min(input.linkFlaps * 5, 15), `Links went down ${input.linkFlaps} times`);
  add(Math.min(input.peersDown * 5, 20), `${input.peersDown} routing sessions down`);

  found.sort((a, b) => b.takes - a.takes);
  const lost = found.reduce((sum, { takes }) => sum + takes, 0);
  return {
    score: Math.max(Math.round(100 - lost), 1), // 0 is for offline alone
    reasons: found.map(({ reason }) => reason),
  };
}
