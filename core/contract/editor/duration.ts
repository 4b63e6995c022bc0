const UNITS: Readonly<Record<string, number>> = {
  ...{ w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 },
};
const PARTS = /^(?:\d+(?:\.\d+)?(?:ms|[wdhms]))+$/;
const CLOCK = /^(?:(\d+)w)?(?:(\d+)d)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

/** `1d2h`, `00:10:00`, `90` (seconds) in milliseconds; `undefined`: it is none. */
export function durationMs(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const clock = CLOCK.exec(text);
  if (clock) {
    const [, weeks = 0, days = 0, hours, minutes, seconds = 0, fraction = "0"] = clock;
    return Number(weeks) * UNITS["w"]! + Number(days) * UNITS["d"]! +
      Number(hours) * UNITS["h"]! + Number(minutes) * UNITS["m"]! + Number(seconds) * 1_000 +
      Number(fraction.padEnd(3, "0"));
  }
  if (!PARTS.test(text)) return undefined;
  return Array.from(text.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g))
    .reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit!]!, 0);
}
