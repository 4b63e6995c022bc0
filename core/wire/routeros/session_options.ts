import type { WireBounds } from "./sentence_decoder.ts";
import type { LinkOptions } from "./tls_options.ts";

/** Everything {@linkcode RouterosSession.open} needs. `signal` ends the opening, not the session. */
export interface SessionOptions extends LinkOptions {
  readonly username: string;
  readonly password: string;
  /** From the open connection to the accepted login. */
  readonly loginTimeoutMs: number;
  /** For commands that name no deadline of their own. Default 30,000. */
  readonly commandTimeoutMs?: number;
  /** Answer the MD5 challenge of RouterOS before 6.43. Default true. */
  readonly allowLegacyLogin?: boolean;
  /** Code page of values that are not UTF-8. Default windows-1252. */
  readonly fallbackEncoding?: string;
  /** Commands (streams too) the router works on at once; more wait in order. Default 2. */
  readonly maxInFlight?: number;
  /** How long a router may take to end a command we cancelled before we hang up. Default 5,000. */
  readonly cancelTimeoutMs?: number;
  readonly bounds?: Partial<WireBounds>;
  /** Row bytes `run` collects before it gives up on the session. Default 256 MiB. */
  readonly maxReplyBytes?: number;
}

export const SESSION_DEFAULTS = {
  commandTimeoutMs: 30_000,
  allowLegacyLogin: true,
  fallbackEncoding: "windows-1252",
  maxInFlight: 2,
  cancelTimeoutMs: 5_000,
  maxReplyBytes: 256 * 2 ** 20,
} as const;
