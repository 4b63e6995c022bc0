import type { InterfaceReading } from "@/core/contract/sample.ts";

/** Counters of one interface at one moment. */
export type Counters = Pick<
  InterfaceReading,
  | "rxBytes"
  | "txBytes"
  | "rxPackets"
  | "txPackets"
  | "rxErrors"
  | "txErrors"
  | "rxDrops"
  | "txDrops"
  | "linkDowns"
>;

export interface InterfaceRates {
  rxBps: number | null;
  txBps: number | null;
  rxPps: number | null;
  txPps: number | null;
  /** Both directions. */
  errorsPerSecond: number | null;
  dropsPerSecond: number | null;
}

export const NO_RATES: InterfaceRates = {
  rxBps: null,
  txBps: null,
  rxPps: null,
  txPps: null,
  errorsPerSecond: null,
  dropsPerSecond: null,
};

/** Longer between two readings and an average says nothing about any moment in between. */
const MAX_ELAPSED_MS = 3_600_000;
/** No interface of a router carries more; past it a counter jumped. */
const MAX_BPS = 800e9;
/** Offloaded counters are read in lumps: a reading may stand a little above the link's speed. */
const SPEED_SLACK = 1.25;
const MIN_FRAME_BITS = 512; // 64 bytes: the most packets a link can carry

const WRAP_32 = 1n << 32n;
const WRAP_64 = 1n << 64n;

/**
 * How far a counter went from `before` to `after`, or `null` when it was reset in between. A fall is a
 * wrap only when it starts in the last quarter of the counter's range and ends in the first: old
 * drivers count to 2^32, the rest to 2^64.
 */
export function counterDifference(before: string, after: string): bigint | null {
  const [from, to] = [BigInt(before), BigInt(after)];
  if (to >= from) return to - from;
  for (const wrap of [WRAP_32, WRAP_64]) {
    if (from < wrap && from >= wrap - wrap / 4n && to < wrap / 4n) return to + wrap - from;
  }
  return null;
}

/**
 * Rates between two readings of one interface, `elapsedMs` apart. `null` where there is no honest
 * answer: time did not move forward, the counter was reset, or the link cannot be that fast.
 */
export function interfaceRates(
  before: Counters,
  after: Counters,
  elapsedMs: number,
  speedBps: number | null,
): InterfaceRates {
  if (!(elapsedMs > 0) || elapsedMs > MAX_ELAPSED_MS) return NO_RATES;
  const limit = speedBps ? speedBps * SPEED_SLACK : MAX_BPS;
  const perSecond = (from: string | null, to: string | null, scale: bigint): number | null => {
    if (from === null || to === null) return null;
    const difference = counterDifference(from, to);
    if (difference === null) return null;
    // Thousandths, so that a single error a minute is not rounded to none.
    return Number((difference * scale * 1_000_000n) / BigInt(Math.round(elapsedMs))) / 1_000;
  };
  const atMost = (rate: number | null, most: number) => rate === null || rate > most ? null : rate;
  const bits = (from: string, to: string) => {
    const rate = atMost(perSecond(from, to, 8n), limit);
    return rate === null ? null : Math.round(rate);
  };
  const packets = (from: string | null, to: string | null) => {
    const rate = atMost(perSecond(from, to, 1n), limit / MIN_FRAME_BITS);
    return rate === null ? null : Math.round(rate);
  };
  const both = (a: number | null, b: number | null) =>
    a === null && b === null ? null : atMost((a ?? 0) + (b ?? 0), limit / MIN_FRAME_BITS);
  return {
    rxBps: bits(before.rxBytes, after.rxBytes),
    txBps: bits(before.txBytes, after.txBytes),
    rxPps: packets(before.rxPackets, after.rxPackets),
    txPps: packets(before.txPackets, after.txPackets),
    errorsPerSecond: both(
      perSecond(before.rxErrors, after.rxErrors, 1n),
      perSecond(before.txErrors, after.txErrors, 1n),
    ),
    dropsPerSecond: both(
      perSecond(before.rxDrops, after.rxDrops, 1n),
      perSecond(before.txDrops, after.txDrops, 1n),
    ),
  };
}

/** Clocks of router and poller drift apart, and uptime is a whole second. */
const UPTIME_SLACK_SECONDS = 30;

/** Whether a router restarted between two readings: it has been up for less than the time between. */
export function hasRebooted(
  before: { atMs: number; uptimeSeconds: number },
  after: { atMs: number; uptimeSeconds: number },
): boolean {
  if (after.atMs <= before.atMs) return false;
  if (after.uptimeSeconds < before.uptimeSeconds) return true;
  const expected = before.uptimeSeconds + (after.atMs - before.atMs) / 1_000;
  return after.uptimeSeconds < expected - UPTIME_SLACK_SECONDS &&
    after.uptimeSeconds * 1_000 < after.atMs - before.atMs;
}
