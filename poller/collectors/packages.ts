import type { PackageReading } from "@/core/contract/sample.ts";
import type { Row } from "@/core/wire/routeros/mod.ts";
import type { Collector } from "../collector.ts";
import { flag, text } from "../values.ts";

export const packages: Collector = {
  name: "packages",
  pace: "slow",
  async collect(ask) {
    const { rows } = await ask("/system/package/print", {
      proplist: ["name", "version", "disabled", "available"],
    });
    const readings = parsePackages(rows);
    return {
      sections: { packages: readings },
      facts: { packages: new Set(readings.map(({ name }) => name)) },
    };
  },
};

export function parsePackages(rows: readonly Row[]): PackageReading[] {
  // Since 7.18 the list also names what could be installed.
  return rows.filter((row) => !flag(row["available"])).slice(0, 100).flatMap((row) => {
    const name = text(row["name"], 100);
    if (name === null) return [];
    return [{ name, version: text(row["version"], 50) ?? "", isDisabled: flag(row["disabled"]) }];
  });
}
