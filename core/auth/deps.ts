import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Locks } from "@/core/ports/locks.ts";
import type { Decoys } from "./decoy.ts";
import type { SigningKeys } from "./signing_keys.ts";
import type { Turns } from "./turns.ts";

/** What signing in stands on. */
export interface AuthDeps {
  readonly db: Db;
  readonly kms: Kms;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly decoys: Decoys;
  readonly turns: Turns;
  /** Sign-ins that one client address may try in a minute. */
  readonly attemptsPerMinute: number;
}

/** Where a request comes from, for sessions and the audit trail. */
export interface Client {
  /** As the trusted proxies tell it. */
  readonly address: string;
  readonly userAgent: string | null;
  readonly requestId: string;
  /** The site it came to, as people address it: what a passkey is bound to. */
  readonly origin: string;
}
