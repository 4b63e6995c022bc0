import { z } from "zod";
import { ConfigCommand, MAX_COMMANDS } from "./config_commands.ts";
import { PushProbe, PushState, PushTier } from "./pushes.ts";

export const CHANGE_SET_STATUSES = ["draft", "reviewed", "pushed", "discarded"] as const;
export const ChangeSetStatus = z.enum(CHANGE_SET_STATUSES);
export type ChangeSetStatus = z.infer<typeof ChangeSetStatus>;

/** One command that waits to be pushed, and what it was made against. */
export const PendingChange = z.object({
  id: z.uuid(),
  deviceId: z.uuid(),
  /** Its secrets are hidden. */
  command: ConfigCommand,
  /** The item as it was then, its secrets hidden; `null`: there was none. */
  base: z.record(z.string(), z.string()).nullable(),
  /** How people know the item. */
  label: z.string(),
  /** How they know the item that it shall stand before. */
  place: z.string().nullable(),
  actor: z.string(),
  actorName: z.string().nullable(),
  madeAt: z.iso.datetime(),
});
export type PendingChange = z.infer<typeof PendingChange>;

/** A router of a change set, and what became of the push there. */
export const ChangeSetDevice = z.object({
  id: z.uuid(),
  name: z.string(),
  version: z.string().nullable(),
  changes: z.number(),
  push: z.object({
    /** `null`: the push was refused, or never began. */
    id: z.uuid().nullable(),
    /** How far it is; `null`: it did not begin. */
    state: PushState.nullable(),
    at: z.iso.datetime(),
    /** Why it was refused, in words. */
    problem: z.string().nullable(),
  }).nullable(),
});
export type ChangeSetDevice = z.infer<typeof ChangeSetDevice>;

export const ChangeSetComment = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actor: z.string(),
  actorName: z.string().nullable(),
  text: z.string(),
});
export type ChangeSetComment = z.infer<typeof ChangeSetComment>;

export const ChangeSetHead = z.object({
  id: z.uuid(),
  name: z.string(),
  status: ChangeSetStatus,
  /** Goes up with every edit: what somebody reviews or pushes is named by it. */
  revision: z.number(),
  createdBy: z.string(),
  createdByName: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** Somebody asked for a review of it as it is. */
  reviewAskedAt: z.iso.datetime().nullable(),
  reviewedBy: z.string().nullable(),
  reviewedByName: z.string().nullable(),
  reviewedAt: z.iso.datetime().nullable(),
  changes: z.number(),
  devices: z.number(),
});
export type ChangeSetHead = z.infer<typeof ChangeSetHead>;

export const ChangeSet = ChangeSetHead.extend({
  /** Names of those who wrote it. */
  writers: z.array(z.string()),
  /** A push needs somebody else's review first. */
  needsReview: z.boolean(),
  /** Whether whoever asks is among its writers, and so may not approve it. */
  isOwn: z.boolean(),
  routers: z.array(ChangeSetDevice),
  pending: z.array(PendingChange),
  comments: z.array(ChangeSetComment),
});
export type ChangeSet = z.infer<typeof ChangeSet>;

export const ChangeSetName = z.string().trim().min(1).max(200);
export const NewChangeSet = z.strictObject({ name: ChangeSetName });
export type NewChangeSet = z.infer<typeof NewChangeSet>;
export const ChangeSetPatch = z.strictObject({ name: ChangeSetName });
export type ChangeSetPatch = z.infer<typeof ChangeSetPatch>;

/** As people saw it when they made a change: told apart from what the router holds by then. */
const Seen = z.record(z.string().max(80), z.string().max(64_000));

/** Commands for one router, added to what is pending there. */
export const NewChanges = z.strictObject({
  deviceId: z.uuid(),
  changes: z.array(z.strictObject({
    command: ConfigCommand,
    /** Of the attributes it changes. */
    seen: Seen.optional(),
  })).min(1).max(500),
  /** Kept although the product thinks that they cannot be: the router decides. */
  isUnchecked: z.boolean().optional(),
});
export type NewChanges = z.infer<typeof NewChanges>;

/** Another command in place of a pending one; hidden secrets stay what they were. */
export const ChangeEdit = z.strictObject({
  command: ConfigCommand,
  isUnchecked: z.boolean().optional(),
});
export type ChangeEdit = z.infer<typeof ChangeEdit>;

export const NewComment = z.strictObject({ text: z.string().trim().min(1).max(4_000) });
export type NewComment = z.infer<typeof NewComment>;

export const ReviewVerdict = z.strictObject({
  verdict: z.enum(["approve", "reject"]),
  /** What was looked at. */
  revision: z.number().int(),
  text: z.string().trim().max(4_000).optional(),
});
export type ReviewVerdict = z.infer<typeof ReviewVerdict>;

/** How a pending change and its router contradict each other. */
export const ChangeConflict = z.object({
  changeId: z.uuid(),
  deviceId: z.uuid(),
  kind: z.enum(["changed", "gone", "exists", "place_gone", "unreadable"]),
  /** In a sentence. */
  message: z.string(),
  attributes: z.array(z.object({
    name: z.string(),
    /** When the change was made, now, and as the change wants it; `null`: not set. */
    then: z.string().nullable(),
    now: z.string().nullable(),
    wanted: z.string().nullable(),
  })),
});
export type ChangeConflict = z.infer<typeof ChangeConflict>;

export const ChangeConflicts = z.object({
  checkedAt: z.iso.datetime(),
  items: z.array(ChangeConflict),
});
export type ChangeConflicts = z.infer<typeof ChangeConflicts>;

export const PushChangeSet = z.strictObject({
  revision: z.number().int(),
  /** Which of its routers; absent: all that are not done. */
  devices: z.array(z.uuid()).min(1).max(MAX_COMMANDS).optional(),
  confirm: z.enum(["auto", "manual"]).default("manual"),
  windowSeconds: z.number().int().min(30).max(3_600).default(120),
  probes: z.array(PushProbe).max(10).default([]),
  /** By router: its name, typed, where a lock-out is predicted. */
  typedNames: z.record(z.uuid(), z.string().max(200)).default({}),
  /** Pushes although routers hold something else than the changes were made against. */
  acceptConflicts: z.boolean().default(false),
});
export type PushChangeSet = z.input<typeof PushChangeSet>;

/** What a push would meet at one router. */
export const RouterPreview = z.object({
  deviceId: z.uuid(),
  /** To be typed where `needsName`. */
  deviceName: z.string(),
  /** What takes it back; `null`: it could not be told. */
  tier: PushTier.nullable(),
  tierReason: z.string(),
  needsName: z.boolean(),
  risks: z.array(z.object({
    changeId: z.uuid().nullable(),
    severity: z.enum(["certain", "possible"]),
    reason: z.string(),
  })),
  /** Changes that the router cannot carry out. */
  problems: z.array(z.object({ changeId: z.uuid().nullable(), message: z.string() })),
  /** Why the router could not be looked at. */
  failure: z.string().nullable(),
});
export type RouterPreview = z.infer<typeof RouterPreview>;

export const PushedRouter = z.object({
  deviceId: z.uuid(),
  name: z.string(),
  pushId: z.uuid().nullable(),
  problem: z.string().nullable(),
});
export type PushedRouter = z.infer<typeof PushedRouter>;

export const CHANGE_SET_FILTERS = ["open", "waiting", "pushed", "discarded", "all"] as const;
export const ChangeSetFilter = z.enum(CHANGE_SET_FILTERS);
export type ChangeSetFilter = z.infer<typeof ChangeSetFilter>;

export const ChangeSetList = z.object({
  items: z.array(ChangeSetHead),
  nextCursor: z.string().nullable(),
  counts: z.record(ChangeSetFilter, z.number()),
});
export type ChangeSetList = z.infer<typeof ChangeSetList>;
