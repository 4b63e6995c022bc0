import { hash } from "./random.ts";

/** A value that is a function of the clock: nothing runs for it between two questions. */
export type Live = (now: number) => string;
export type Value = string | Live;
/** Properties in wire order, `.id` first. A name that begins with `$` is never sent. */
export type Row = Record<string, Value>;

export const valueAt = (value: Value, now: number): string =>
  typeof value === "string" ? value : value(now);

const DAY_MS = 86_400_000;
const turn = (seed: number) => (seed % 1_000) / 1_000 * 2 * Math.PI;

/**
 * Units a flow of `perSecond` has carried after `activeMs`: rising always, faster by day than by
 * night (the integral of a sine around the mean), so rates drawn from it look like traffic.
 */
export function carried(perSecond: number, activeMs: number, seed: number): number {
  if (activeMs <= 0) return 0;
  const waves = [[DAY_MS, 0.5], [47_000, 0.3]] as const;
  let swing = 0;
  for (const [period, depth] of waves) {
    const speed = 2 * Math.PI / period;
    const phase = turn(seed);
    swing += depth / speed * (Math.cos(phase) - Math.cos(speed * activeMs + phase));
  }
  return Math.floor(perSecond * (activeMs + swing) / 1_000);
}

/** A gauge that wanders inside `[low, high]`: slow wave, quick wave, a little noise. */
export function wander(low: number, high: number, seed: number, now: number): number {
  const noise = hash(seed, Math.floor(now / 5_000)) % 1_000 / 1_000 - 0.5;
  const slow = Math.sin(now / 600_000 + turn(seed));
  const quick = Math.sin(now / 41_000 + turn(seed >>> 8));
  const share = 0.5 + slow * 0.25 + quick * 0.15 + noise * 0.2;
  return low + (high - low) * Math.min(1, Math.max(0, share));
}
