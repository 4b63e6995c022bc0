import type { OpticReading } from "@/core/contract/sample.ts";
import type { Row } from "@/core/wire/routeros/mod.ts";
import type { Collector } from "../collector.ts";
import { bitsPerSecond, dbm, flag, number, text } from "../values.ts";

/** Link speed and optics come from one monitor of all ports; without `once` it would never end. */
export const ethernet: Collector = {
  name: "ethernet",
  pace: "slow",
  appliesTo: ({ ethernetPorts }) => ethernetPorts.length > 0,
  async collect(ask, { ethernetPorts }) {
    // A name with a comma would be read as two.
    const numbers = ethernetPorts.filter((name) => !name.includes(",")).join(",");
    const { rows } = await ask("/interface/ethernet/monitor", {
      attributes: { numbers },
      flags: ["once"],
    });
    return {
      sections: { optics: parseOptics(rows) },
      facts: { speeds: parseSpeeds(rows) },
    };
  },
};

export function parseSpeeds(rows: readonly Row[]): Map<string, number> {
  return new Map(rows.flatMap((row) => {
    const rate = row["status"] === "link-ok" ? bitsPerSecond(row["rate"]) : null;
    return row["name"] !== undefined && rate !== null ? [[row["name"], rate] as const] : [];
  }));
}

export function parseOptics(rows: readonly Row[]): OpticReading[] {
  return rows.filter((row) => row["sfp-module-present"] !== undefined).map((row) => {
    const has = (name: string) => row[`sfp-${name}`];
    return {
      interface: text(row["name"], 200) ?? "",
      isPresent: flag(has("module-present")),
      type: text(has("type") ?? has("connector-type")),
      vendor: text(has("vendor-name")),
      partNumber: text(has("vendor-part-number")),
      serial: text(has("vendor-serial")),
      wavelengthNm: number(has("wavelength")),
      temperatureC: number(has("temperature")),
      supplyVoltageV: number(has("supply-voltage")),
      biasCurrentMa: number(has("tx-bias-current")),
      txPowerDbm: dbm(has("tx-power")),
      rxPowerDbm: dbm(has("rx-power")),
      rxLoss: has("rx-loss") === undefined ? null : flag(has("rx-loss")),
      txFault: has("tx-fault") === undefined ? null : flag(has("tx-fault")),
    };
  });
}
