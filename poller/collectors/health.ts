import type { SensorKind, SensorReading } from "@/core/contract/sample.ts";
import { PreparedCommand, type Row } from "@/core/wire/routeros/mod.ts";
import type { Collector } from "../collector.ts";
import { number, text } from "../values.ts";

const PRINT = new PreparedCommand("/system/health/print");

/** RouterOS 6 answers one row, RouterOS 7 a row a sensor; a CHR and small boards have none. */
export const health: Collector = {
  name: "health",
  pace: "poll",
  async collect(ask) {
    const { rows } = await ask(PRINT);
    return { sections: { sensors: parseHealth(rows) } };
  },
};

export function parseHealth(rows: readonly Row[]): SensorReading[] {
  const isPerSensor = rows.some((row) => row["name"] !== undefined && row["value"] !== undefined);
  const pairs = isPerSensor
    ? rows.map((row) => [row["name"] ?? "", row["value"] ?? "", row["type"] ?? ""] as const)
    : Object.entries(rows[0] ?? {}).map(([name, value]) => [name, value, ""] as const);
  return pairs.slice(0, 64).flatMap(([name, value, unit]) => sensor(name, value, unit) ?? []);
}

const KIND_OF_UNIT: Record<string, SensorKind> = {
  C: "temperature",
  V: "voltage",
  A: "current",
  W: "power",
  RPM: "fan",
};

function sensor(name: string, value: string, unit: string): SensorReading | undefined {
  if (name === "" || name.startsWith(".")) return undefined;
  const label = text(name, 100)!;
  if (/state$|status$/.test(name) || /^(ok|fail|failed|error)$/i.test(value)) {
    const state = /^(ok|running|enabled)$/i.test(value)
      ? "ok"
      : /fail|error|fault|not.?present/i.test(value)
      ? "fail"
      : "unknown";
    return { name: label, kind: "state", value: null, state };
  }
  const kind = KIND_OF_UNIT[unit] ?? kindOfName(name);
  const amount = number(value);
  // Settings and modes of the v6 row ("use-fan", "active-fan=none") are no sensors.
  return kind === undefined || amount === null
    ? undefined
    : { name: label, kind, value: amount, state: null };
}

function kindOfName(name: string): SensorKind | undefined {
  if (/temperature/.test(name)) return "temperature";
  if (/voltage/.test(name)) return "voltage";
  if (/current$/.test(name)) return "current";
  if (/power-consumption|consumption/.test(name)) return "power";
  if (/fan\d*-speed/.test(name)) return "fan";
  return undefined;
}
