import { utc } from "./format.ts";

/** The time zone of who looks; `undefined` until their browser has told it: times are UTC then. */
let zone: string | undefined;
let clock: Intl.DateTimeFormat | undefined;

/**
 * In which zone {@linkcode local} and its like show times from now on. A page is rendered in one go: the
 * server calls it as each begins, the browser once, with what the page was rendered in, so that both
 * write the same.
 */
export function showTimesIn(name: string | undefined): void {
  if (name === zone && (clock || name === undefined)) return;
  clock = name === undefined ? undefined : formatOf(name);
  zone = clock && name;
}

/** Bounded: the name comes from a cookie. */
const formats = new Map<string, Intl.DateTimeFormat | undefined>();
const MAX_FORMATS = 700;

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  if (formats.has(name)) return formats.get(name);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat("sv-SE", {
      ...{ year: "numeric", month: "2-digit", day: "2-digit" } as const,
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: name } as const,
    });
  } catch {
    format = undefined; // no zone of this name
  }
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(name, format);
  return format;
}

const isUtc = () => clock === undefined || zone === "UTC";
const written = (iso: string) =>
  isUtc() ? iso.slice(0, 19).replace("T", " ") : clock!.format(new Date(iso));

/** To the second, for people: "2026-01-31 13:00:00", or "2026-01-31 12:00:00 UTC". */
export function local(iso: string): string {
  return isUtc() ? utc(iso) : written(iso);
}

/** "13:00:00" */
export function localClock(iso: string): string {
  return written(iso).slice(11);
}

/** "2026-01-31" */
export function localDay(iso: string): string {
  return written(iso).slice(0, 10);
}

/** What times on the page are, as a sentence: "Times are UTC." */
export function timesAre(): string {
  return isUtc() ? "Times are UTC." : `Times are those of ${zone!.replaceAll("_", " ")}.`;
}

/** The zone that times are shown in, if any but UTC was asked for. */
export function shownZone(): string | undefined {
  return zone;
}

const page = (globalThis as { document?: { documentElement: { dataset: { zone?: string } } } })
  .document;
if (page) showTimesIn(page.documentElement.dataset.zone);
