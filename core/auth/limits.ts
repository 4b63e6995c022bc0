import { createHash } from "node:crypto";
import { TooManyRequests } from "@/core/errors.ts";
import type { Locks } from "@/core/ports/locks.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Attempts in a window; each longer one is tighter per minute, which slows a patient guesser down. */
const PER_ACCOUNT = [
  { count: 5, windowMs: MINUTE_MS },
  { count: 30, windowMs: HOUR_MS },
  { count: 100, windowMs: 24 * HOUR_MS },
];

/**
 * Counts an attempt to sign in, per account and per client address. Accounts that do not exist count
 * like those that do, so the answer tells nothing.
 *
 * @param perMinute attempts a minute that one address may make
 * @throws {TooManyRequests}
 */
export async function countAttempt(
  locks: Locks,
  { account, address, perMinute }: { account: string; address: string; perMinute: number },
): Promise<void> {
  // A hash, so that no address of a person lies in the cache.
  const key = createHash("sha256").update(account.trim().toLowerCase()).digest("base64url");
  const limits = [
    { key: `auth:from:${address}`, count: perMinute, windowMs: MINUTE_MS },
    ...PER_ACCOUNT.map((limit) => ({ key: `auth:of:${key}:${limit.windowMs}`, ...limit })),
  ];
  const hits = await Promise.all(limits.map(({ key, windowMs }) => locks.hit(key, windowMs)));
  const over = hits.filter(({ count }, index) => count > limits[index]!.count);
  if (over.length === 0) return;
  const seconds = Math.ceil(Math.max(...over.map(({ resetMs }) => resetMs)) / 1_000);
  throw new TooManyRequests(
    `Cannot sign in now as there were too many attempts: try again in ${inWords(seconds)}`,
    seconds,
  );
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  return seconds < 7_200
    ? `${Math.ceil(seconds / 60)} minutes`
    : `${Math.ceil(seconds / 3_600)} hours`;
}
