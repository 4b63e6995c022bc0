import type { RunRow } from "@/core/contract/device_runs.ts";
import { bps, count } from "@/core/contract/format.ts";
import { ms } from "./tool_tables.ts";
import type { Tool } from "./tool_fields.ts";

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly isBad?: boolean;
}

const number = (value: RunRow[string] | undefined) => typeof value === "number" ? value : null;

/** What a table comes down to. */
export function figuresOf(tool: Tool, rows: readonly RunRow[]): Figure[] {
  const last = rows.at(-1);
  if (!last) return [];
  if (tool === "ping") return pingFigures(rows, last);
  if (tool === "traceroute") {
    return [
      { label: "Hops", value: count(rows.length) },
      { label: "To the last", value: ms(last["avgMs"]) },
    ];
  }
  if (tool === "torch") return torchFigures(rows);
  if (tool === "bandwidth-test") return bandwidthFigures(rows, last);
  return [];
}

/** The router counts for itself, so the figures hold for rows no longer held. */
function pingFigures(rows: readonly RunRow[], last: RunRow): Figure[] {
  const loss = number(last["lossPercent"]);
  const times = rows.map((row) => number(row["timeMs"])).filter((time) => time !== null);
  const steps = times.slice(1).map((time, i) => Math.abs(time - times[i]!));
  return [
    { label: "Sent", value: count(number(last["sent"])) },
    { label: "Received", value: count(number(last["received"])) },
    { label: "Lost", value: loss === null ? "–" : `${loss} %`, isBad: (loss ?? 0) > 0 },
    { label: "Best", value: ms(last["minMs"]) },
    { label: "Average", value: ms(last["avgMs"]) },
    { label: "Worst", value: ms(last["maxMs"]) },
    {
      label: "Jitter",
      value: ms(steps.length > 0 ? steps.reduce((a, b) => a + b) / steps.length : null),
    },
  ];
}

function torchFigures(rows: readonly RunRow[]): Figure[] {
  const total = rows.find((row) => row["isTotal"]);
  return [
    { label: "Flows", value: count(rows.filter((row) => !row["isTotal"]).length) },
    { label: "Rx, all", value: bps(number(total?.["rxBps"])) },
    { label: "Tx, all", value: bps(number(total?.["txBps"])) },
  ];
}

function bandwidthFigures(rows: readonly RunRow[], last: RunRow): Figure[] {
  const most = (key: string) =>
    rows.reduce<number | null>((most, row) => {
      const value = number(row[key]);
      return value === null ? most : Math.max(most ?? 0, value);
    }, null);
  const sides = [["Rx", "rx"], ["Tx", "tx"]] as const;
  return sides.filter(([, side]) => number(last[`${side}AverageBps`]) !== null)
    .flatMap(([label, side]) => [
      { label: `${label} average`, value: bps(number(last[`${side}AverageBps`])) },
      { label: `${label} best`, value: bps(most(`${side}Bps`)) },
    ]);
}
