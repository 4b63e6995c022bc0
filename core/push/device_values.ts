import type { LinkRow } from "@/core/router_link/link.ts";

const UNITS: Readonly<Record<string, number>> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  ns: 0.000001,
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `1w2d3h4m5s`, `00:14:03`, `1d02:03:04` in milliseconds; `undefined`: no duration. */
export function durationMs(text: string): number | undefined {
  const written = /^(?:(\d+)w)?(?:(\d+)d)?(\d+):(\d\d):(\d\d)$/.exec(text);
  if (written) {
    const [w, d, h, m, s] = written.slice(1).map((part) => Number(part ?? 0));
    return ((w! * 7 + d!) * 24 + h!) * UNITS["h"]! + m! * UNITS["m"]! + s! * UNITS["s"]!;
  }
  if (!/^(?:\d+(?:ms|us|ns|[wdhms]))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|us|ns|[wdhms])/g)) {
    sum += Number(count) * UNITS[unit!]!;
  }
  return sum;
}

/** A date and a time of the router's own clock: milliseconds as if it were UTC, for differences alone. */
export interface DeviceTime {
  readonly ms: number;
  /** Since 7.10 `2026-11-25`, before `nov/25/2026`: as the router wrote it, so it reads it. */
  readonly isIso: boolean;
}

export function deviceTime(clock: LinkRow): DeviceTime | undefined {
  return parseDeviceTime(`${clock["date"] ?? ""} ${clock["time"] ?? ""}`);
}

/** `2026-11-25 10:00:00`, `nov/25/2026 10:00:00`. */
export function parseDeviceTime(text: string): DeviceTime | undefined {
  const iso = /^(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d)/.exec(text);
  const old = /^([a-z]{3})\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)/i.exec(text);
  const month = old ? MONTHS.indexOf(old[1]!.toLowerCase()) + 1 : 0;
  const date = iso
    ? `${iso[1]}-${iso[2]}-${iso[3]}T${iso[4]}Z`
    : month > 0
    ? `${old![3]}-${String(month).padStart(2, "0")}-${old![2]}T${old![4]}Z`
    : undefined;
  const ms = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(ms) ? undefined : { ms, isIso: iso !== null };
}

export function printDeviceTime({ ms, isIso }: DeviceTime): { date: string; time: string } {
  const [date, rest] = new Date(ms).toISOString().split("T") as [string, string];
  const [year, month, day] = date.split("-") as [string, string, string];
  const written = isIso ? date : `${MONTHS[Number(month) - 1]}/${day}/${year}`;
  return { date: written, time: rest.slice(0, 8) };
}

/** Whether `7.18.2 (stable)` is at least 7.18. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [, a, b] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(a) > major || (Number(a) === major && Number(b) >= minor);
}

export const isTrue = (value: string | undefined): boolean => value === "true" || value === "yes";

/** Whether two values say the same: as texts, as booleans, as durations, as addresses of one host. */
export function isSame(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [plain(a), plain(b)];
  if (x === y) return true;
  const [p, q] = [durationMs(a), durationMs(b)];
  return p !== undefined && p === q;
}

function plain(value: string): string {
  if (value === "yes") return "true";
  if (value === "no") return "false";
  return value.toLowerCase().replace(/\/32$/, "");
}
