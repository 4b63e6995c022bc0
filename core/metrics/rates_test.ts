import { deepEqual, equal } from "node:assert/strict";
import {
  counterDifference,
  type Counters,
  hasRebooted,
  interfaceRates,
  NO_RATES,
} from "./rates.ts";

const counters = (rx: string, rest: Partial<Counters> = {}): Counters => ({
  rxBytes: rx,
  txBytes: "0",
  rxPackets: null,
  txPackets: null,
  rxErrors: null,
  txErrors: null,
  rxDrops: null,
  txDrops: null,
  linkDowns: null,
  ...rest,
});

for (
  const { from, to, want, why } of [
    { from: "10", to: "15", want: 5n, why: "a step" },
    { from: "7", to: "7", want: 0n, why: "silence" },
    { from: "4294967290", to: "10", want: 16n, why: "a 32-bit wrap" },
    { from: "18446744073709551610", to: "10", want: 16n, why: "a 64-bit wrap" },
    { from: "9007199254740993", to: "9007199254740994", want: 1n, why: "numbers past 2^53" },
    { from: "5000000", to: "10", want: null, why: "a reset of a small counter" },
    { from: "4294967290", to: "2000000000", want: null, why: "a fall into the middle: a reset" },
    { from: "90000000000", to: "10", want: null, why: "a reset past 2^32" },
    { from: "18446744073709551615", to: "18446744073709551614", want: null, why: "a fall by one" },
  ]
) {
  Deno.test(`counterDifference() reads ${why}`, () => equal(counterDifference(from, to), want));
}

for (
  const { from, to, ms, speed, want, why } of [
    { from: "0", to: "125000", ms: 1_000, speed: null, want: 1_000_000, why: "bytes as bits" },
    { from: "0", to: "125000", ms: 60_000, speed: null, want: 16_667, why: "over the interval" },
    { from: "0", to: "125000", ms: 0, speed: null, want: null, why: "no time" },
    { from: "0", to: "125000", ms: -5_000, speed: null, want: null, why: "time that ran back" },
    { from: "0", to: "125000", ms: 7_200_000, speed: null, want: null, why: "two hours of gap" },
    {
      from: "0",
      to: "150000000",
      ms: 1_000,
      speed: 1e9,
      want: 1.2e9,
      why: "a lump above the link",
    },
    { from: "0", to: "175000000", ms: 1_000, speed: 1e9, want: null, why: "more than the link" },
    { from: "0", to: "200000000000", ms: 1_000, speed: null, want: null, why: "an absurd jump" },
    { from: "9", to: "3", ms: 1_000, speed: null, want: null, why: "a reset" },
  ]
) {
  Deno.test(`interfaceRates() gives ${want} for ${why}`, () => {
    equal(interfaceRates(counters(from), counters(to), ms, speed).rxBps, want);
  });
}

Deno.test("interfaceRates() keeps one error a minute visible, and null apart from zero", () => {
  const before = counters("0", { rxErrors: "5", txErrors: null, rxPackets: "10" });
  const after = counters("0", { rxErrors: "6", txErrors: null, rxPackets: "70" });
  deepEqual(interfaceRates(before, after, 60_000, null), {
    ...NO_RATES,
    rxBps: 0,
    txBps: 0,
    rxPps: 1,
    errorsPerSecond: 0.016,
  });
});

for (
  const { before, after, want, why } of [
    { before: [0, 100], after: [60, 160], want: false, why: "up all the time" },
    { before: [0, 100], after: [60, 20], want: true, why: "uptime fell" },
    { before: [0, 10], after: [600, 300], want: true, why: "up again for longer than before" },
    { before: [0, 100], after: [60, 150], want: false, why: "a clock that drifts" },
    { before: [0, 100], after: [600, 640], want: false, why: "a slow clock, no restart" },
    { before: [60, 160], after: [0, 100], want: false, why: "a late sample" },
  ] as const
) {
  Deno.test(`hasRebooted() is ${want} for ${why}`, () => {
    const at = ([seconds, uptimeSeconds]: readonly [number, number]) => ({
      atMs: seconds * 1_000,
      uptimeSeconds,
    });
    equal(hasRebooted(at(before), at(after)), want);
  });
}
