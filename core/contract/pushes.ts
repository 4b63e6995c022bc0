import { z } from "zod";
import { ConfigCommands } from "./config_commands.ts";

/**
 * How far a push has come. Each state is stored before the step it names: who finds `armed` knows that
 * a revert may wait on the router.
 */
export const PUSH_STATES = [
  /** Accepted; the router was not touched. */
  "draft",
  /** The running configuration is kept; about to arm. */
  "backed_up",
  /** The router reverts by itself unless told otherwise; about to apply. */
  "armed",
  /** Applied and proven on a new connection; waits to be confirmed. */
  "applied",
  /** The decision to keep it is made; about to disarm. */
  "confirming",
  "confirmed",
  "reverting",
  "reverted",
  /** Refused before the router was changed. */
  "failed",
  /** What the router holds is not known; looked at again when it answers. */
  "unknown",
] as const;
export const PushState = z.enum(PUSH_STATES);
export type PushState = z.infer<typeof PushState>;
export const ENDED_PUSHES: readonly PushState[] = ["confirmed", "reverted", "failed"];

/** What brings the old configuration back, strongest promise first. */
export const PUSH_TIERS = ["safe_mode", "script", "backup", "unprotected"] as const;
export const PushTier = z.enum(PUSH_TIERS);
export type PushTier = z.infer<typeof PushTier>;

/** What a change came from; `id` is of that thing. */
export const PUSH_SOURCES = [
  "editor",
  "change_set",
  "template",
  "restore",
  "drift",
  "bulk",
  "api",
] as const;
export const PushSource = z.strictObject({
  kind: z.enum(PUSH_SOURCES),
  id: z.string().max(80).nullable(),
});
export type PushSource = z.infer<typeof PushSource>;

/** What else must work on the router after the change, beside that we reach it. */
export const PushProbe = z.discriminatedUnion("kind", [
  /** From the router. */
  z.strictObject({ kind: z.literal("ping"), address: z.string().min(1).max(100) }),
  /** From the poller to the router. */
  z.strictObject({ kind: z.literal("port"), port: z.number().int().min(1).max(65_535) }),
  z.strictObject({ kind: z.literal("neighbor"), identity: z.string().min(1).max(200) }),
]);
export type PushProbe = z.infer<typeof PushProbe>;

export const PushRequest = z.strictObject({
  deviceId: z.uuid(),
  /** What people read in lists. */
  title: z.string().trim().min(1).max(200),
  source: PushSource,
  commands: ConfigCommands,
  /** `auto` keeps it once it is proven; `manual` waits for a person, and reverts without one. */
  confirm: z.enum(["auto", "manual"]),
  /** How long a person has to confirm. */
  windowSeconds: z.number().int().min(30).max(3_600),
  probes: z.array(PushProbe).max(10),
  /** The name of the router, typed: accepts a predicted lock-out or a push without protection. */
  typedName: z.string().max(200).nullable(),
});
export type PushRequest = z.infer<typeof PushRequest>;

/** One way in which a change may cut us off. */
export const LockoutRisk = z.strictObject({
  severity: z.enum(["certain", "possible"]),
  /** Which of the commands, from 0. */
  command: z.number().int(),
  /** What it does to the way we manage the router, in a sentence. */
  reason: z.string(),
});
export type LockoutRisk = z.infer<typeof LockoutRisk>;
