/** How values are shown, on the server and in the browser alike. Unknown is a dash, never a zero. */
export const UNKNOWN = "–";

type Value = number | null | undefined;

function scaled(value: number, base: number, units: readonly string[]): string {
  let at = 0;
  let rest = value;
  while (Math.abs(rest) >= base && at < units.length - 1) {
    rest /= base;
    at += 1;
  }
  const digits = at === 0 || Math.abs(rest) >= 100 ? 0 : Math.abs(rest) >= 10 ? 1 : 2;
  return `${rest.toFixed(digits)} ${units[at]}`;
}

/** 1,536 → "1.50 KiB". */
export function bytes(value: Value): string {
  return value == null ? UNKNOWN : scaled(value, 1_024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]);
}

/** Bits per second: 1,500,000 → "1.50 Mbps". */
export function bps(value: Value): string {
  return value == null ? UNKNOWN : scaled(value, 1_000, ["bps", "kbps", "Mbps", "Gbps", "Tbps"]);
}

export function percent(value: Value): string {
  return value == null ? UNKNOWN : `${Math.round(value)} %`;
}

export function celsius(value: Value): string {
  return value == null ? UNKNOWN : `${Math.round(value)} °C`;
}

export function volt(value: Value): string {
  return value == null ? UNKNOWN : `${value.toFixed(1)} V`;
}

export function ampere(value: Value): string {
  if (value == null) return UNKNOWN;
  return Math.abs(value) < 1 ? `${Math.round(value * 1_000)} mA` : `${value.toFixed(2)} A`;
}

export function watt(value: Value): string {
  return value == null ? UNKNOWN : `${value.toFixed(1)} W`;
}

export function rpm(value: Value): string {
  return value == null ? UNKNOWN : `${count(value)} RPM`;
}

export function milliseconds(value: Value): string {
  if (value == null) return UNKNOWN;
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
}

export function dbm(value: Value): string {
  return value == null ? UNKNOWN : `${Math.round(value * 10) / 10} dBm`.replace("-", "−");
}

export function count(value: Value): string {
  return value == null ? UNKNOWN : Math.round(value).toLocaleString("en-US");
}

export function perSecond(value: Value): string {
  if (value == null) return UNKNOWN;
  return value === 0 ? "0/s" : value < 10 ? `${value.toFixed(2)}/s` : `${Math.round(value)}/s`;
}

/** The two largest units: 93,784 → "1 d 2 h". */
export function duration(seconds: Value): string {
  if (seconds == null) return UNKNOWN;
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3_600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}

/** How long ago, for something recent; `now` in milliseconds. */
export function ago(iso: string | null | undefined, now: number): string {
  if (iso == null) return "never";
  const seconds = (now - Date.parse(iso)) / 1_000;
  return seconds < 5 ? "now" : `${duration(seconds).split(" ").slice(0, 2).join(" ")} ago`;
}

/** UTC, to the second: "2026-01-31 12:00:00 UTC". */
export function utc(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")} UTC`;
}

/** A share of a chart: of a link little is used, and little is not nothing. */
function share(value: Value): string {
  if (value == null || value === 0 || Math.abs(value) >= 10) return percent(value);
  return `${Math.round(value * 10) / 10} %`;
}

/** A value by the unit of its series. */
export function byUnit(unit: string): (value: Value) => string {
  const formats: Record<string, (value: Value) => string> = {
    percent: share,
    bytes,
    bps,
    celsius,
    volt,
    ampere,
    watt,
    rpm,
    milliseconds,
    count,
    dbm,
    per_second: perSecond,
  };
  return formats[unit] ??
    ((value) => value == null ? UNKNOWN : String(Math.round(value * 100) / 100));
}
