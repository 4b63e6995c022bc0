/** A reading may be late by this many of its steps before it is missing. */
export const GAP_STEPS = 2.5;

/**
 * How far apart the readings of a series usually are, in seconds: the bucket's width, or more where
 * the router is asked less often than it is polled.
 */
export function usualStep(times: readonly number[], stepSeconds: number): number {
  const steps = times.slice(1).map((time, index) => time - times[index]!).sort((a, b) => a - b);
  return Math.max(stepSeconds, steps[Math.floor((steps.length - 1) / 2)] ?? 0);
}

/**
 * One series for drawing: `null` breaks the line, `undefined` lets it pass. Series on one axis need not
 * have a value at each of its times; only a silence longer than usual is a gap.
 */
export function withGaps(
  times: readonly number[],
  values: readonly (number | null)[],
  stepSeconds: number,
): (number | null | undefined)[] {
  const measured = times.filter((_, index) => values[index] != null);
  const longest = usualStep(measured, stepSeconds) * GAP_STEPS;
  let next = 0;
  return values.map((value, index) => {
    if (value !== null) {
      next += 1;
      return value;
    }
    const [before, after] = [measured[next - 1], measured[next]];
    const isGap = before === undefined || after === undefined || after - before > longest;
    return isGap && times[index] !== undefined ? null : undefined;
  });
}
