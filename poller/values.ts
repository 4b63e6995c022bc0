/**
 * Values as RouterOS sends them, read without trust: a router is a stranger's machine. Every reader
 * answers `null` for what it cannot read, never NaN, and caps what it keeps.
 */

const MAX_TEXT = 512;

/** Text within bounds; `null` when absent or empty. */
export function text(value: string | undefined, max = MAX_TEXT): string | null {
  if (value === undefined || value === "") return null;
  return value.length > max ? value.slice(0, max) : value;
}

/** The first number in it: "12", "-67dBm@6Mbps", "33C", "3.251V". */
export function number(value: string | undefined): number | null {
  const [found] = /-?\d{1,15}(?:\.\d{1,9})?/.exec(value ?? "") ?? [];
  return found === undefined ? null : Number(found);
}

/** A count: whole, not negative, within what JSON keeps. */
export function count(value: string | undefined): number | null {
  if (value === undefined || !/^\d{1,15}$/.test(value)) return null;
  return Number(value);
}

/** A counter up to 2^64 as decimal text. */
export function counter(value: string | undefined): string | null {
  return value !== undefined && /^\d{1,20}$/.test(value) ? value.replace(/^0+(?=\d)/, "") : null;
}

/** Absent flags are false: RouterOS 6 sends true-only flags. */
export function flag(value: string | undefined): boolean {
  return value === "true" || value === "yes";
}

const UNIT_SECONDS: Record<string, number> = {
  w: 604_800,
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  ns: 1e-9,
};

/** "1w4d23h26m9s", "9ms445us", "1d02:03:04", "00:14:03" → seconds; "never", "none" → `null`. */
export function seconds(value: string | undefined): number | null {
  if (!value) return null;
  const clock = /^(?:(\d{1,5})w)?(?:(\d{1,5})d)?(\d{1,3}):(\d\d):(\d\d)$/.exec(value);
  if (clock) {
    const [weeks, days, hours, minutes, rest] = clock.slice(1).map((part) => Number(part ?? 0));
    return weeks! * 604_800 + days! * 86_400 + hours! * 3_600 + minutes! * 60 + rest!;
  }
  if (!/^(?:\d{1,9}(?:ms|us|ns|[wdhms]))+$/.test(value)) return null;
  let total = 0;
  // "ms" before "m": the longer unit must win.
  for (const [, amount, unit] of value.matchAll(/(\d+)(ms|us|ns|[wdhms])/g)) {
    total += Number(amount) * UNIT_SECONDS[unit!]!;
  }
  return total;
}

/** As {@linkcode seconds}, whole. */
export function wholeSeconds(value: string | undefined): number | null {
  const found = seconds(value);
  return found === null ? null : Math.floor(found);
}

const RATE_UNIT: Record<string, number> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/** "1Gbps", "144.4Mbps-20MHz/2S/SGI", "866700000" → bits per second. */
export function bitsPerSecond(value: string | undefined): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([kMG]?)(?:bps|b)?(?![\d.])/.exec(value ?? "");
  if (!match) return null;
  return Math.round(Number(match[1]) * RATE_UNIT[match[2]!]!);
}

/** "-67dBm@6Mbps", "-67", "-67@6Mbps,-70@…" → dBm; what is no plausible signal is `null`. */
export function dbm(value: string | undefined): number | null {
  const [found] = /-?\d{1,3}(?:\.\d+)?/.exec(value ?? "") ?? [];
  const level = found === undefined ? null : Number(found);
  return level !== null && level >= -150 && level <= 50 ? level : null;
}

/** "7.18.2 (stable)" → version and channel. */
export function version(value: string | undefined): { version: string; channel: string | null } {
  const match = /^(\d[\w.]{0,30})(?:\s*\(([\w-]{1,20})\))?/.exec(value ?? "");
  return { version: match?.[1] ?? "", channel: match?.[2] ?? null };
}

/** Major and minor: [7, 18] of "7.18.2"; [0, 0] when unreadable. */
export function versionPair(value: string): [number, number] {
  const match = /^(\d{1,3})\.(\d{1,4})/.exec(value);
  return match ? [Number(match[1]), Number(match[2])] : [0, 0];
}

/** Is `value` at least `major.minor`? */
export function isAtLeast(value: string, major: number, minor: number): boolean {
  const [a, b] = versionPair(value);
  return a > major || (a === major && b >= minor);
}

export function percent(value: number | null): number | null {
  return value === null ? null : Math.min(Math.max(value, 0), 100);
}
