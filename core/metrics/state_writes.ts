import type { StateRow } from "./device_track.ts";

/** A state is the last known one, not a series: pages follow live, so it may lag behind by this. */
const REWRITE_AFTER_MS = 20_000;
/** What did not change is written again after this, so that its age stays honest. */
const CONFIRM_AFTER_MS = 300_000;
const CAPACITY = 200_000;

interface Written {
  atMs: number;
  text: string | undefined;
}

/**
 * Remembers what this process wrote of each device's state, so that most polls of a fast interval
 * need not write it again: the JSON of all interfaces is by far the largest row of a sample.
 */
export class StateWrites {
  #written = new Map<string, Written>();

  /** The row's JSON if it is to be written now. */
  wanted(deviceId: string, { section, sampledAt, data }: StateRow): string | undefined {
    const atMs = Date.parse(sampledAt);
    const last = this.#written.get(`${deviceId} ${section}`);
    if (last && atMs - last.atMs < REWRITE_AFTER_MS && atMs >= last.atMs) return undefined;
    const text = JSON.stringify(data);
    const isSame = last?.text !== undefined && last.text === text;
    return isSame && atMs - last.atMs < CONFIRM_AFTER_MS ? undefined : text;
  }

  /** Call after the commit. */
  keep(deviceId: string, { section, sampledAt }: StateRow, text: string): void {
    if (this.#written.size >= CAPACITY) this.#written.clear();
    // Interfaces always differ: their text is not worth its memory.
    const kept = section === "interfaces" || text.length > 4_096 ? undefined : text;
    this.#written.set(`${deviceId} ${section}`, { atMs: Date.parse(sampledAt), text: kept });
  }
}
