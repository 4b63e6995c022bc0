import type { InterfaceReading } from "@/core/contract/sample.ts";
import { PreparedCommand, type Row } from "@/core/wire/routeros/mod.ts";
import { type Collector, type DeviceFacts, MAX_ROWS } from "../collector.ts";
import { count, counter, flag, text } from "../values.ts";

const PROPERTIES = [
  ...["name", "default-name", "type", "mtu", "actual-mtu", "mac-address", "comment", "running"],
  ...["disabled", "slave", "dynamic", "link-downs", "rx-byte", "tx-byte", "rx-packet", "tx-packet"],
  ...["rx-error", "tx-error", "rx-drop", "tx-drop", "tx-queue-drop"],
];

/** `stats`: some builds send errors only with it. */
const PRINT = new PreparedCommand("/interface/print", { flags: ["stats"], proplist: PROPERTIES });

/** Every interface with its counters, in one command. */
export const interfaces: Collector = {
  name: "interfaces",
  pace: "poll",
  async collect(ask, facts) {
    const { rows } = await ask(PRINT);
    const readings = parseInterfaces(rows, facts);
    return {
      sections: { interfaces: readings },
      facts: {
        ethernetPorts: readings.filter(({ type }) => type === "ether").map(({ name }) => name),
      },
    };
  },
};

export function parseInterfaces(
  rows: readonly Row[],
  { speeds }: Pick<DeviceFacts, "speeds">,
): InterfaceReading[] {
  return rows.slice(0, MAX_ROWS).flatMap((row) => {
    const name = text(row["name"], 200);
    if (name === null) return [];
    return [{
      name,
      defaultName: text(row["default-name"], 200),
      type: text(row["type"], 50) ?? "unknown",
      macAddress: text(row["mac-address"], 17),
      mtu: count(row["actual-mtu"]) ?? count(row["mtu"]),
      comment: text(row["comment"]),
      isRunning: flag(row["running"]),
      isDisabled: flag(row["disabled"]),
      isSlave: flag(row["slave"]),
      isDynamic: flag(row["dynamic"]),
      linkDowns: count(row["link-downs"]),
      speedBps: speeds.get(name) ?? null,
      rxBytes: counter(row["rx-byte"]) ?? "0",
      txBytes: counter(row["tx-byte"]) ?? "0",
      rxPackets: counter(row["rx-packet"]),
      txPackets: counter(row["tx-packet"]),
      rxErrors: counter(row["rx-error"]),
      txErrors: counter(row["tx-error"]),
      rxDrops: counter(row["rx-drop"]),
      txDrops: counter(row["tx-drop"]) ?? counter(row["tx-queue-drop"]),
    }];
  });
}
