/** Times to confirm that may be chosen. */
export const WINDOWS: readonly [seconds: number, words: string][] = [
  [60, "1 minute"],
  [120, "2 minutes"],
  [300, "5 minutes"],
  [600, "10 minutes"],
  [1_800, "30 minutes"],
  [3_600, "1 hour"],
];
