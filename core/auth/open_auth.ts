import type { Platform } from "@/core/platform.ts";
import { Decoys } from "./decoy.ts";
import type { AuthDeps } from "./deps.ts";
import { SigningKeys } from "./signing_keys.ts";
import { Turns } from "./turns.ts";

/** What signing in stands on, for one process. */
export function openAuth(
  { db, kms, locks, clock, config }: Pick<
    Platform,
    "db" | "kms" | "locks" | "clock" | "config"
  >,
): AuthDeps {
  return {
    ...{ db, kms, locks, clock },
    keys: new SigningKeys({ db, kms, clock }),
    decoys: new Decoys({ db, kms, clock }),
    turns: new Turns(),
    attemptsPerMinute: config.auth.attemptsPerMinute,
  };
}
