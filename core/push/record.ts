import type { PushRequest, PushState, PushTier } from "@/core/contract/pushes.ts";
import type { LinkRow } from "@/core/router_link/link.ts";
import type { InverseStep } from "./inverse.ts";
import type { TenantId } from "@/core/scope.ts";

/** What a person, or the policy, wants of a push that is applied. */
export interface PushDecision {
  readonly action: "confirm" | "revert";
  /** Who; `null`: the engine itself. */
  readonly actor: string | null;
  readonly at: number;
}

/** One line of what happened, for people. Never holds a value of the configuration. */
export interface TimelineEntry {
  readonly at: number;
  readonly state: PushState;
  readonly text: string;
}

/** A command with its items found: ids as the router had them before anything changed. */
export type ResolvedCommand =
  | {
    readonly action: "add";
    readonly menu: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly before: string | null;
  }
  | {
    readonly action: "set";
    readonly menu: string;
    /** `null`: the menu has one item alone. */
    readonly id: string | null;
    readonly attributes: Readonly<Record<string, string | null>>;
  }
  | { readonly action: "remove"; readonly menu: string; readonly id: string }
  | {
    readonly action: "move";
    readonly menu: string;
    readonly id: string;
    readonly before: string | null;
  };

/** What guards the router while its configuration is not settled. */
export type PushNet =
  /** A script on the router undoes it, unless a job there is told in time not to start it. */
  | "script"
  /** The same, and the script loads a binary backup (which reboots the router). */
  | "backup"
  /** Nothing but the connection that holds safe mode: jobs do not run on this router. */
  | "safe_mode"
  | "none";

/** Rows of one menu, in its order, without dynamic items. */
export interface MenuRows {
  readonly menu: string;
  /** One item without an id. */
  readonly isSingle: boolean;
  readonly rows: readonly LinkRow[];
}

export interface PushPlan {
  readonly commands: readonly ResolvedCommand[];
  readonly net: PushNet;
  /** What brings the touched menus back. */
  readonly inverse: readonly InverseStep[];
  /** Of the binary backup on the router, without `.backup`. */
  readonly backupFile: string | null;
  readonly backupPassword: string | null;
}

export interface PushEvidence {
  readonly version: string;
  /** When the router started, in the manager's time. */
  readonly bootedAt: number;
  readonly identity: string;
  /** The touched menus before the change, and as they were once it was applied and read back. */
  readonly before: readonly MenuRows[];
  readonly after: readonly MenuRows[] | null;
  /** The whole configuration before, as text; `null` where it could not be had. */
  readonly exportBefore: string | null;
  /** Ids of what the push added, as far as known. */
  readonly added: readonly { readonly menu: string; readonly id: string }[];
}

/**
 * A push as it is stored. Everything is JSON. `request`, `plan` and `evidence` hold configuration with
 * its secrets, and the password of the backup: they are stored encrypted.
 */
export interface PushRecord {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly deviceId: string;
  /** Ten hex digits: names what this push puts on the router. */
  readonly token: string;
  readonly request: PushRequest;
  readonly state: PushState;
  /** What is being brought about since a decision fell; tells in `unknown` what to do when it answers. */
  readonly aim: "keep" | "revert" | null;
  /** Set when planned. */
  readonly tier: PushTier | null;
  readonly plan: PushPlan | null;
  readonly evidence: PushEvidence | null;
  /** Written by people through the product, or by the engine; the engine reads it at each renewal. */
  readonly decision: PushDecision | null;
  /** Until when a person may confirm; set when applied. Milliseconds, as all times here. */
  readonly confirmBy: number | null;
  /** Why it ended as it did, or what is not known, in a sentence or two. */
  readonly reason: string | null;
  /** What somebody else changed meanwhile, a line each. */
  readonly foreign: readonly string[];
  /** Newest last; at most {@linkcode MAX_TIMELINE}. */
  readonly timeline: readonly TimelineEntry[];
}

export const MAX_TIMELINE = 200;
