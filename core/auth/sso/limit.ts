import type { Locks } from "@/core/ports/locks.ts";
import { SsoFailed } from "./sso_failed.ts";

const MINUTE_MS = 60_000;
/** No password is guessed here, and a whole office comes from one address in the morning. */
const TIMES = 6;

/** Counts a step of single sign-on by where it comes from. @throws {SsoFailed} `limited` */
export async function countStep(
  locks: Locks,
  { address, perMinute }: { address: string; perMinute: number },
): Promise<void> {
  const { count } = await locks.hit(`sso:from:${address}`, MINUTE_MS);
  if (count > perMinute * TIMES) throw new SsoFailed("limited");
}
