import { z } from "zod";
import { ConfigChange } from "./configs.ts";
import { ConfigCommand, ConfigCommands } from "./config_commands.ts";
import {
  LockoutRisk,
  PUSH_STATES,
  PushProbe,
  PushSource,
  PushState,
  type PushState as State,
  PushTier,
} from "./pushes.ts";

/** A push as lists show it. */
export const PushSummary = z.object({
  id: z.uuid(),
  deviceId: z.uuid(),
  deviceName: z.string(),
  title: z.string(),
  source: PushSource,
  /** How many. */
  commands: z.number().int(),
  state: PushState,
  tier: PushTier.nullable(),
  confirm: z.enum(["auto", "manual"]),
  /** Until when it must be confirmed; set once it is applied. */
  confirmBy: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
  startedBy: z.string(),
  startedByName: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type PushSummary = z.infer<typeof PushSummary>;

export const PushStep = z.object({ at: z.iso.datetime(), state: PushState, text: z.string() });
export type PushStep = z.infer<typeof PushStep>;

/** One command, and what it does to the item it is about; secrets are hidden. */
export const PushedChange = ConfigChange.extend({ command: z.number().int() });
export type PushedChange = z.infer<typeof PushedChange>;

/** A whole push; secrets are hidden. */
export const Push = PushSummary.extend({
  windowSeconds: z.number().int(),
  probes: z.array(PushProbe),
  decision: z.object({
    action: z.enum(["confirm", "revert"]),
    by: z.string(),
    byName: z.string().nullable(),
    at: z.iso.datetime(),
  }).nullable(),
  /** What takes it back while it is not settled; `null`: not chosen yet. */
  guard: z.enum(["script", "backup", "safe_mode", "none"]).nullable(),
  timeline: z.array(PushStep),
  risks: z.array(LockoutRisk),
  /** Item by item, as far as the router's items are known. */
  changes: z.array(PushedChange),
  /** What may be pushed again; `null` where secrets stand in it. */
  commandList: z.array(ConfigCommand).nullable(),
  /** The commands as a script. */
  script: z.string(),
  /** What others changed on the router meanwhile. */
  foreign: z.array(z.string()),
});
export type Push = z.infer<typeof Push>;

export const PushPage = z.object({
  items: z.array(PushSummary),
  nextCursor: z.string().nullable(),
});
export type PushPage = z.infer<typeof PushPage>;

export const PUSH_FILTERS = ["all", "open", "waiting", ...PUSH_STATES] as const;
/** `open`: not ended; `waiting`: applied, and wants a person to confirm. */
export const PushFilter = z.enum(PUSH_FILTERS);
export type PushFilter = z.infer<typeof PushFilter>;

export const PreviewRequest = z.strictObject({ commands: ConfigCommands });
export type PreviewRequest = z.infer<typeof PreviewRequest>;

/** What an organisation asks of those who push. */
export const PushPolicy = z.strictObject({
  /** Who may have a change kept once it is proven, without a person. */
  autoConfirm: z.enum(["everybody", "approvers", "nobody"]).default("everybody"),
  /** How long people get to confirm, unless they say otherwise. */
  windowSeconds: z.number().int().min(30).max(3_600).default(300),
});
export type PushPolicy = z.infer<typeof PushPolicy>;

/** What would happen, as far as it can be told before. */
export const PushPreview = z.object({
  deviceId: z.uuid(),
  /** The name to be typed where one must be. */
  deviceName: z.string(),
  version: z.string(),
  tier: PushTier,
  /** Why this one, in a sentence. */
  tierReason: z.string(),
  changes: z.array(PushedChange),
  /** Commands that the router cannot carry out: a push with these is refused. */
  problems: z.array(z.object({ command: z.number().int(), message: z.string() })),
  risks: z.array(LockoutRisk),
  script: z.string(),
  /** Whether `typedName` must be given. */
  needsName: z.boolean(),
  /** What the organisation lets this caller do. */
  policy: z.object({ mayAutoConfirm: z.boolean(), windowSeconds: z.number().int() }),
  readAt: z.iso.datetime(),
});
export type PushPreview = z.infer<typeof PushPreview>;

/** Sent on `subjects.pushChanged`: enough to know whether to read it again. */
export const PushNews = z.object({ id: z.uuid(), deviceId: z.uuid(), state: PushState });
export type PushNews = z.infer<typeof PushNews>;

/** States in words. */
export const PUSH_WORDS: Readonly<Record<State, string>> = {
  draft: "Waiting to start",
  backed_up: "Preparing",
  armed: "Applying",
  applied: "Applied, not confirmed",
  confirming: "Confirming",
  confirmed: "Confirmed",
  reverting: "Reverting",
  reverted: "Reverted",
  failed: "Not applied",
  unknown: "Unknown",
};

/** What brings the old configuration back, in words. */
export const TIER_WORDS = {
  safe_mode: "Safe mode",
  script: "Revert script",
  backup: "Binary backup",
  unprotected: "Unprotected",
} as const;
