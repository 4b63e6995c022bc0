/** The last so many seconds, moving on with time, or a stretch that stays. */
export type TimeRange =
  | { kind: "last"; name: RangeName; seconds: number }
  | { kind: "fixed"; from: string; to: string };

export const RANGES = [
  { name: "15m", label: "15 min", seconds: 900 },
  { name: "1h", label: "1 h", seconds: 3_600 },
  { name: "6h", label: "6 h", seconds: 21_600 },
  { name: "24h", label: "24 h", seconds: 86_400 },
  { name: "7d", label: "7 d", seconds: 604_800 },
  { name: "30d", label: "30 d", seconds: 2_592_000 },
  { name: "1y", label: "1 y", seconds: 31_536_000 },
] as const;
export type RangeName = typeof RANGES[number]["name"];

export function lastOf(name: RangeName): TimeRange {
  return { kind: "last", name, seconds: RANGES.find((range) => range.name === name)!.seconds };
}

const LONGEST_MS = 10 * 365 * 86_400_000;

/** A stretch between two moments that a person chose; `undefined` if it is none. */
export function fixedRange(fromMs: number, toMs: number): TimeRange | undefined {
  if (!(toMs > fromMs) || toMs - fromMs > LONGEST_MS) return undefined;
  return {
    kind: "fixed",
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
  };
}

/** Of a page's address: `range=24h`, or `from` and `to`. What it cannot read is the `usual` range. */
export function readTimeRange(params: URLSearchParams, usual: RangeName = "1h"): TimeRange {
  const [from, to] = [params.get("from"), params.get("to")];
  const fixed = from && to ? fixedRange(Date.parse(from), Date.parse(to)) : undefined;
  const name = RANGES.find(({ name }) => name === params.get("range"))?.name;
  return fixed ?? lastOf(name ?? usual);
}

/** The other way: sets what {@linkcode readTimeRange} reads. */
export function writeTimeRange(params: URLSearchParams, range: TimeRange): void {
  for (const name of ["range", "from", "to"]) params.delete(name);
  if (range.kind === "last") params.set("range", range.name);
  else {
    params.set("from", range.from);
    params.set("to", range.to);
  }
}

export function spanOf(range: TimeRange, nowMs: number): { from: string; to: string } {
  if (range.kind === "fixed") return { from: range.from, to: range.to };
  return {
    from: new Date(nowMs - range.seconds * 1_000).toISOString(),
    to: new Date(nowMs).toISOString(),
  };
}
