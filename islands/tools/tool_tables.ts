import type { RunRow } from "@/core/contract/device_runs.ts";
import { csvLine } from "@/core/contract/csv_line.ts";
import { bps, count, UNKNOWN } from "@/core/contract/format.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import type { Tool } from "./tool_fields.ts";

type Value = RunRow[string];

export interface Column {
  /** As the API names it. */
  readonly key: string;
  readonly label: string;
  readonly isNumber?: boolean;
  /** Left out on narrow screens. */
  readonly isWide?: boolean;
  show?(value: Value): string;
}

/** 12.345 → "12.3 ms". */
export function ms(value: Value | undefined): string {
  if (typeof value !== "number") return UNKNOWN;
  return `${
    value >= 100 ? Math.round(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
  } ms`;
}
const rate = (value: Value) => bps(value as number | null);
const whole = (value: Value) => count(value as number | null);
const percent = (value: Value) => value === null ? UNKNOWN : `${value} %`;

const time = (key: string, label: string, isWide = false): Column => ({
  ...{ key, label, isNumber: true, show: ms, isWide },
});

/** Columns of each tool's table, in its CSV too. */
export const TOOL_COLUMNS: Readonly<Record<Tool, readonly Column[]>> = {
  ping: [
    { key: "seq", label: "#", isNumber: true, show: whole },
    { key: "host", label: "Answer from" },
    { key: "size", label: "Bytes", isNumber: true, isWide: true, show: whole },
    { key: "ttl", label: "TTL", isNumber: true, isWide: true, show: whole },
    time("timeMs", "Time"),
    { key: "status", label: "Status" },
  ],
  traceroute: [
    { key: "hop", label: "Hop", isNumber: true, show: whole },
    { key: "address", label: "Address" },
    { key: "lossPercent", label: "Loss", isNumber: true, show: percent },
    { key: "sent", label: "Sent", isNumber: true, isWide: true, show: whole },
    time("lastMs", "Last"),
    time("avgMs", "Average", true),
    time("bestMs", "Best", true),
    time("worstMs", "Worst", true),
    time("deviationMs", "Deviation", true),
    { key: "status", label: "Status" },
  ],
  torch: [
    { key: "protocol", label: "Protocol" },
    { key: "source", label: "Source" },
    { key: "sourcePort", label: "Port" },
    { key: "destination", label: "Destination" },
    { key: "destinationPort", label: "Port" },
    { key: "rxBps", label: "Rx", isNumber: true, show: rate },
    { key: "txBps", label: "Tx", isNumber: true, show: rate },
    { key: "rxPackets", label: "Rx packets/s", isNumber: true, isWide: true, show: whole },
    { key: "txPackets", label: "Tx packets/s", isNumber: true, isWide: true, show: whole },
  ],
  "bandwidth-test": [
    { key: "seconds", label: "Second", isNumber: true, show: whole },
    { key: "status", label: "Status" },
    { key: "rxBps", label: "Rx", isNumber: true, show: rate },
    { key: "rxAverageBps", label: "Rx average", isNumber: true, show: rate },
    { key: "txBps", label: "Tx", isNumber: true, show: rate },
    { key: "txAverageBps", label: "Tx average", isNumber: true, show: rate },
    { key: "lostPackets", label: "Lost", isNumber: true, isWide: true, show: whole },
    { key: "localCpuPercent", label: "CPU here", isNumber: true, isWide: true, show: percent },
    { key: "remoteCpuPercent", label: "CPU there", isNumber: true, isWide: true, show: percent },
  ],
  "dns-lookup": [
    { key: "name", label: "Name" },
    { key: "address", label: "Address" },
    { key: "server", label: "DNS server" },
    time("tookMs", "Took"),
  ],
  "wake-on-lan": [
    { key: "mac", label: "MAC address" },
    { key: "interface", label: "Interface" },
    { key: "isSent", label: "Packet", show: (value) => value ? "sent" : UNKNOWN },
  ],
};

/** Rows in the order they are looked at: news on top, the largest flow first, hops as they lie. */
export function shownRows(tool: Tool, rows: readonly RunRow[]): readonly RunRow[] {
  if (tool === "traceroute") return rows;
  if (tool !== "torch") return rows.toReversed();
  const load = (row: RunRow) => Number(row["rxBps"] ?? 0) + Number(row["txBps"] ?? 0);
  return rows.filter((row) => !row["isTotal"]).toSorted((a, b) => load(b) - load(a));
}

/** A cell as text; what would hide or reorder letters is a visible mark. */
export function cellText({ key, show }: Column, row: RunRow): string {
  const value = row[key] ?? null;
  if (show) return show(value);
  return value === null ? UNKNOWN : plainText(String(value)).replaceAll("\n", " ");
}

/** The whole table for a spreadsheet: values without their units, safe from formulas. */
export function toCsv(tool: Tool, rows: readonly RunRow[]): string {
  const columns = TOOL_COLUMNS[tool];
  const cells = (row: RunRow) =>
    columns.map(({ key }) => {
      const value = row[key] ?? null;
      if (typeof value === "string") return plainText(value);
      return typeof value === "boolean" ? String(value) : value;
    });
  return [columns.map(({ key }) => key), ...rows.map(cells)].map(csvLine).join("");
}

/** The whole table for a message to a colleague: columns aligned by tabs. */
export function toText(tool: Tool, rows: readonly RunRow[]): string {
  const columns = TOOL_COLUMNS[tool];
  const lines = rows.map((row) => columns.map((column) => cellText(column, row)).join("\t"));
  return [columns.map(({ label }) => label).join("\t"), ...lines].join("\n");
}
