import { Buffer } from "node:buffer";

/**
 * Text inside the simulator is a *byte string*: one char is one byte, as on the wire. So a value in
 * a code page survives being read, queried and written back, and its length is its byte count.
 */

/** UTF-8 bytes of `text`, as a byte string; raw bytes are taken as they are. */
export function toBytes(text: string | Uint8Array): string {
  return (typeof text === "string" ? Buffer.from(text, "utf8") : Buffer.from(text))
    .toString("latin1");
}

/** A byte string read back as UTF-8, for logs and the manifest. */
export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const UNITS = [["w", 604_800], ["d", 86_400], ["h", 3_600], ["m", 60], ["s", 1]] as const;

/** RouterOS duration, for example `1w2d3h4m5s`; zero is `0s`. */
export function duration(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  let text = "";
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += count + unit;
    rest %= size;
  }
  return text || "0s";
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** Date and time as this version prints them: ISO since 7.10, `jul/19/2022` before. UTC. */
export function dateTime(ms: number, iso: boolean): { date: string; time: string } {
  const [day, time] = new Date(ms).toISOString().split(/[T.]/) as [string, string];
  if (iso) return { date: day, time };
  const [year, month, dayOfMonth] = day.split("-") as [string, string, string];
  return { date: `${MONTHS[Number(month) - 1]}/${dayOfMonth}/${year}`, time };
}

/** Epoch milliseconds of a date and a time in either form; `undefined` when they are none. */
export function parseDateTime(date: string, time: string): number | undefined {
  const old = /^([a-z]{3})\/(\d{2})\/(\d{4})$/i.exec(date);
  const month = old ? MONTHS.indexOf(old[1]!.toLowerCase()) + 1 : 0;
  const day = old ? `${old[3]}-${String(month).padStart(2, "0")}-${old[2]}` : date;
  const at = Date.parse(`${day}T${time}Z`);
  return Number.isNaN(at) ? undefined : at;
}
