const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The night's backups are spread over this long. */
const SPREAD_MS = 4 * HOUR_MS;
const RETRIES_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS];

/** When a device is backed up next: nightly at a time of its own, after a failure sooner. */
export function nextDue(
  nowMs: number,
  deviceId: string,
  { backupHour, failures }: { backupHour: number; failures: number },
): number {
  const offset = backupHour * HOUR_MS + spreadOf(deviceId) * SPREAD_MS;
  const today = nowMs - nowMs % DAY_MS + offset;
  const nightly = today > nowMs ? today : today + DAY_MS;
  if (failures === 0) return nightly;
  const retry = nowMs + RETRIES_MS[Math.min(failures, RETRIES_MS.length) - 1]!;
  return Math.min(nightly, retry);
}

/** 0 to 1, the same for a device each night. */
export function spreadOf(deviceId: string): number {
  return Number.parseInt(deviceId.replaceAll("-", "").slice(-8), 16) / 2 ** 32;
}
