import { deepEqual } from "node:assert/strict";
import { type HealthInput, healthScore } from "./health_score.ts";

const FINE: HealthInput = {
  status: "online",
  statusDetail: null,
  cpuPercent: 10,
  memoryPercent: 40,
  diskPercent: 20,
  temperatureC: 45,
  badBlocksPercent: 0,
  errorsPerSecond: 0,
  linkFlaps: 0,
  sensors: [],
  peersDown: 0,
};
const PSU = { name: "psu2-state", kind: "state", value: null, state: "fail" } as const;

for (
  const { input, score, reasons } of [
    { input: {}, score: 100, reasons: [] },
    { input: { status: "pending" }, score: null, reasons: [] },
    {
      input: { status: "offline", statusDetail: "refused", cpuPercent: 99 },
      score: 0,
      reasons: ["Offline: refused"],
    },
    { input: { cpuPercent: 90 }, score: 85, reasons: ["CPU 90 %"] },
    { input: { cpuPercent: 80, memoryPercent: 85, temperatureC: 65 }, score: 100, reasons: [] },
    { input: { memoryPercent: 100 }, score: 75, reasons: ["Memory 100 %"] },
    { input: { temperatureC: 200 }, score: 70, reasons: ["Temperature 200 °C"] },
    {
      input: { sensors: [PSU], cpuPercent: 82, linkFlaps: 2 },
      score: 47,
      reasons: ["psu2-state failed", "Links went down 2 times", "CPU 82 %"],
    },
    {
      input: { sensors: [PSU, PSU, PSU], cpuPercent: 100 },
      score: 1,
      reasons: ["psu2-state failed", "psu2-state failed", "psu2-state failed", "CPU 100 %"],
    },
    {
      input: { cpuPercent: null, memoryPercent: null, temperatureC: null, errorsPerSecond: null },
      score: 100,
      reasons: [],
    },
  ] as { input: Partial<HealthInput>; score: number | null; reasons: string[] }[]
) {
  Deno.test(`healthScore() is ${score} with ${JSON.stringify(input)}`, () => {
    deepEqual(healthScore({ ...FINE, ...input }), { score, reasons });
  });
}
