import { DeviceUnreachable } from "@/core/errors.ts";
import type { TenantId } from "@/core/scope.ts";

/** Why something on a router did not come about, as far as the router or the way to it tells. */
export const LINK_FAILURES = [
  /** The router declined: `message` is in its words. */
  "trap",
  /** The connection ended; what was asked may or may not have been done. */
  "lost",
  /** No answer in time; the same. */
  "timeout",
  /** No connection came about. */
  "unreachable",
  "login_refused",
  "certificate_changed",
  "no_credential",
  /** The device is gone, paused or not of this region. */
  "no_device",
  /** The answer is larger than a message may be. */
  "too_large",
  /** The poller has enough to do, or none serves the region. */
  "busy",
  "failed",
] as const;
export type LinkFailure = typeof LINK_FAILURES[number];

/** @see LINK_FAILURES */
export class LinkFailed extends DeviceUnreachable {
  constructor(readonly reason: LinkFailure, message: string, options?: ErrorOptions) {
    super(message, options);
  }

  /** Whether the command may have been carried out all the same. */
  get isUnsure(): boolean {
    return this.reason === "lost" || this.reason === "timeout" || this.reason === "busy" ||
      this.reason === "failed";
  }
}

export type LinkRow = Record<string, string>;

/** Texts are byte strings (each character one byte) both ways, so that any code page survives. */
export interface LinkWords {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly queries?: readonly string[];
  readonly proplist?: readonly string[];
  /** Default 30 s. */
  readonly deadlineMs?: number;
}

export interface LinkAnswer {
  readonly rows: readonly LinkRow[];
  /** What stands behind `!done`: the id of an added item, a count. */
  readonly ret?: string;
}

/** A login on a router, held by a poller. Unused for {@linkcode LINK_IDLE_MS} it is closed. */
export interface RouterConnection {
  /** @throws {LinkFailed} */
  run(command: string, words?: LinkWords): Promise<LinkAnswer>;
  /** Hangs up: what holds safe mode lets the router undo. Never throws. */
  close(): Promise<void>;
}

export const LINK_IDLE_MS = 60_000;

/** The way to routers, through pollers. */
export interface RouterLink {
  /**
   * Connects anew and logs in.
   *
   * @throws {LinkFailed}
   */
  open(router: { tenantId: TenantId; deviceId: string }): Promise<RouterConnection>;
}

const bytes = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true });

/** A text as the byte string that goes to a router. */
export function byteString(text: string): string {
  return String.fromCharCode(...bytes.encode(text));
}

/** A byte string as people read it: UTF-8 where it is, else as it stands. */
export function readable(value: string): string {
  try {
    return strict.decode(Uint8Array.from(value, (char) => char.charCodeAt(0)));
  } catch {
    return value;
  }
}
