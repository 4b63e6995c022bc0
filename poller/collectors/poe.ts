import type { PoeReading } from "@/core/contract/sample.ts";
import type { Row } from "@/core/wire/routeros/mod.ts";
import type { Collector } from "../collector.ts";
import { number, text } from "../values.ts";

/** The menu exists on boards that feed power only. */
export const poe: Collector = {
  name: "poe",
  pace: "minute",
  async collect(ask) {
    const { rows } = await ask("/interface/ethernet/poe/print", { proplist: ["name", "poe-out"] });
    const names = rows.flatMap((row) =>
      row["name"] && row["poe-out"] !== "off" ? [row["name"]] : []
    )
      .filter((name) => !name.includes(","));
    if (names.length === 0) return { sections: { poe: [] } };
    const monitored = await ask("/interface/ethernet/poe/monitor", {
      attributes: { numbers: names.join(",") },
      flags: ["once"],
    });
    return { sections: { poe: parsePoe(monitored.rows, names) } };
  },
};

export function parsePoe(rows: readonly Row[], names: readonly string[]): PoeReading[] {
  return rows.map((row, index) => ({
    interface: text(row["name"], 200) ?? names[index] ?? "",
    status: text(row["poe-out-status"], 50) ?? "unknown",
    voltageV: number(row["poe-out-voltage"]),
    currentMa: number(row["poe-out-current"]),
    powerW: number(row["poe-out-power"]),
  }));
}
