import type { Account } from "./accounts.ts";
import type { Row } from "./live.ts";
import type { TagPlace } from "./template.ts";
import type { Cable } from "./topology.ts";

export interface RouterUser {
  readonly name: string;
  readonly password: string;
  /** `read` may print; `write` and `full` may change things too; or a group made later. */
  readonly group: string;
}

/** What the router is; what it does follows from it, the seed and the clock. */
export interface RouterSpec {
  readonly index: number;
  readonly seed: number;
  readonly version: string;
  readonly board: string;
  /** Text becomes UTF-8; bytes stay as they are (a code page). */
  readonly identity: string | Uint8Array;
  readonly site: string;
  readonly users: readonly RouterUser[];
  readonly cables: readonly Cable[];
  readonly maxSessions: number;
  /** Where `.tag` stands in its replies; routers of a fleet differ. */
  readonly tagPlace: TagPlace;
  /** How long a boot takes. */
  readonly bootMs: number;
}

/** An open connection, as the router's power and links see it. */
export interface Peer {
  /** Nobody is there any more, and the other end is not told. */
  die(): void;
  /** As `die`, but the router still believes in it until TCP gives up. */
  cut(): void;
  close(how?: "end" | "reset"): void;
}

export interface ActiveSession {
  readonly id: number;
  readonly user: Account;
  readonly address: string;
  readonly via: "api" | "api-ssl" | "ssh";
  readonly since: number;
}

/** How many of each this router has seen since it was made. */
export interface RouterCounts {
  connections: number;
  logins: number;
  failedLogins: number;
  commands: number;
  /** Commands that a `/cancel` ended. */
  cancelled: number;
}

export type RouterEvent =
  | "connection"
  | "login"
  | "refused"
  | "command"
  | "closed"
  | "power"
  | "undone";

export type RouterChange =
  | { path: string; kind: "changed"; row: Row }
  | { path: string; kind: "removed"; id: string };
