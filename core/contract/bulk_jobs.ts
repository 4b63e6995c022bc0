import { z } from "zod";
import { MAX_BULK } from "./bulk.ts";
import { GivenValues } from "./templates.ts";

export const JOB_KINDS = ["command", "template", "change_set"] as const;
export type JobKind = typeof JOB_KINDS[number];

export const JOB_STATES = ["scheduled", "running", "paused", "ended", "aborted"] as const;
export const JobState = z.enum(JOB_STATES);
export type JobState = z.infer<typeof JobState>;

/** Why a job waits for somebody. */
export const PAUSE_REASONS = ["by_hand", "failures", "canary", "rights"] as const;
export type PauseReason = typeof PAUSE_REASONS[number];

export const ITEM_STATES = [
  /** Its turn has not come, or the router is offline. */
  "pending",
  "running",
  "done",
  /** Tried and not done; the router is as it was, or says why not. */
  "failed",
  /** It may have been carried out, or in part: never tried again by itself. */
  "unknown",
  /** Not tried: the router did not come back in time. */
  "expired",
  /** Not tried: the job was aborted, or the router cannot be asked. */
  "skipped",
] as const;
export const ItemState = z.enum(ITEM_STATES);
export type ItemState = z.infer<typeof ItemState>;

/** How far a job has gone when a wave is over: so many routers, or so many of a hundred. */
export const WaveSize = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("count"), count: z.int().min(1).max(MAX_BULK) }),
  z.strictObject({ by: z.literal("percent"), percent: z.int().min(1).max(100) }),
]);
export type WaveSize = z.infer<typeof WaveSize>;

export const DEFAULT_WAVES: readonly WaveSize[] = [
  { by: "count", count: 1 },
  { by: "percent", percent: 10 },
  { by: "percent", percent: 50 },
  { by: "percent", percent: 100 },
];

export const JobPlan = z.strictObject({
  /** Cumulative; what is left over is in the last one. */
  waves: z.array(WaveSize).min(1).max(10).default([...DEFAULT_WAVES]),
  concurrency: z.int().min(1).max(100).default(10),
  /** Halts when more of the routers begun so far have failed; 0: at the first. */
  haltPercent: z.int().min(0).max(100).default(10),
  /** Between two waves. */
  pauseSeconds: z.int().min(0).max(86_400).default(0),
  /** After the first wave somebody must say that it goes on. */
  needsApproval: z.boolean().default(false),
  /** How long it waits for routers that are offline. */
  expiresInHours: z.int().min(1).max(720).default(24),
});
export type JobPlan = z.infer<typeof JobPlan>;

const text = (most: number) =>
  z.string().max(most).refine(
    (value) => !value.includes("\0") && value.isWellFormed(),
    "holds a NUL",
  );

/** Which routers; as for a change of many (`core/contract/bulk.ts`). */
const targets = {
  ids: z.array(z.uuid()).min(1).max(MAX_BULK).optional(),
  q: z.string().max(500).optional(),
  /** With `q`: how many were seen to fit. */
  expected: z.int().min(1).max(MAX_BULK).optional(),
};
const common = {
  title: text(200).trim().min(1),
  ...targets,
  plan: JobPlan.prefault({}),
  /** `null`: now. */
  startAt: z.iso.datetime().nullable().default(null),
};
type Targets = { ids?: unknown; q?: unknown; expected?: unknown };
const isOneOf = ({ ids, q }: Targets) => (ids === undefined) !== (q === undefined);
const isExpected = ({ q, expected }: Targets) => (q === undefined) === (expected === undefined);
const ONE_OF = { path: ["ids"], message: "or q: give one of them" };
const EXPECTED = { path: ["expected"], message: "goes together with q" };

export const MAX_COMMAND = 20_000;
export const NewCommandJob = z.strictObject({
  ...common,
  /** RouterOS script, run by SSH. Nothing takes it back. */
  script: text(MAX_COMMAND).refine((script) => script.trim() !== "", "is empty"),
  timeoutSeconds: z.int().min(5).max(600).default(60),
}).refine(isOneOf, ONE_OF).refine(isExpected, EXPECTED);
export type NewCommandJob = z.input<typeof NewCommandJob>;

export const PushSubject = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("template"),
    id: z.uuid(),
    given: GivenValues.default({}),
  }),
  /** One that changes one router: the same for others. */
  z.strictObject({ kind: z.literal("change_set"), id: z.uuid() }),
]);
export type PushSubject = z.input<typeof PushSubject>;

export const NewPushJob = z.strictObject({
  ...common,
  what: PushSubject,
}).refine(isOneOf, ONE_OF).refine(isExpected, EXPECTED);
export type NewPushJob = z.input<typeof NewPushJob>;

/** What a job would be, before it is made. */
export const JobCheck = z.object({
  routers: z.int(),
  online: z.int(),
  /** Of each wave. */
  waves: z.array(z.int()),
  /** Why it cannot be made as it is, each with some of the routers concerned. */
  problems: z.array(
    z.object({ message: z.string(), routers: z.array(z.string()), count: z.int() }),
  ),
});
export type JobCheck = z.infer<typeof JobCheck>;

export const JobCounts = z.object({
  pending: z.int(),
  running: z.int(),
  done: z.int(),
  failed: z.int(),
  unknown: z.int(),
  expired: z.int(),
  skipped: z.int(),
});
export type JobCounts = z.infer<typeof JobCounts>;

export const JobSummary = z.object({
  id: z.uuid(),
  title: z.string(),
  kind: z.enum(JOB_KINDS),
  state: JobState,
  pausedWhy: z.enum(PAUSE_REASONS).nullable(),
  actor: z.string(),
  actorName: z.string().nullable(),
  createdAt: z.iso.datetime(),
  startAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  routers: z.int(),
  counts: JobCounts,
});
export type JobSummary = z.infer<typeof JobSummary>;

export const JobWave = z.object({ routers: z.int(), counts: JobCounts });
export type JobWave = z.infer<typeof JobWave>;

export const Job = JobSummary.extend({
  plan: JobPlan,
  query: z.string().nullable(),
  /** From 1; 0: not begun. */
  wave: z.int(),
  waves: z.array(JobWave),
  /** When the next wave begins; `null`: none waits. */
  nextWaveAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime(),
  /** Pending ones whose router is offline. */
  offline: z.int(),
  /** Secrets are hidden. */
  script: z.string().nullable(),
  timeoutSeconds: z.int(),
  template: z.object({ id: z.uuid().nullable(), name: z.string(), version: z.int() }).nullable(),
  changeSetId: z.uuid().nullable(),
});
export type Job = z.infer<typeof Job>;

export const JobItem = z.object({
  position: z.int(),
  deviceId: z.uuid(),
  deviceName: z.string(),
  wave: z.int(),
  state: ItemState,
  /** Of a pending one: the router is not online now. */
  isOffline: z.boolean(),
  tries: z.int(),
  reason: z.string().nullable(),
  outputId: z.uuid().nullable(),
  pushId: z.uuid().nullable(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type JobItem = z.infer<typeof JobItem>;

/** Routers that printed the same, but for times, counters of a day and their own names. */
export const OutputGroup = z.object({
  /** Of one output in it. */
  outputId: z.uuid(),
  output: z.string(),
  isCut: z.boolean(),
  routers: z.int(),
  states: z.array(ItemState),
  /** Some of them. */
  names: z.array(z.object({ deviceId: z.uuid(), deviceName: z.string() })),
});
export type OutputGroup = z.infer<typeof OutputGroup>;

export const JobAct = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("pause") }),
  /** Also: approve the canary, or go on after failures. */
  z.strictObject({ act: z.literal("resume") }),
  z.strictObject({ act: z.literal("abort") }),
  z.strictObject({
    act: z.literal("retry"),
    /** `unknown` ones may have been carried out already: only on purpose. */
    states: z.array(z.enum(["failed", "unknown", "expired", "skipped"])).min(1).max(4),
  }),
]);
export type JobAct = z.infer<typeof JobAct>;

/** What followers of a job are told; the rest they read. */
export const JobNews = z.object({
  id: z.uuid(),
  state: JobState,
  wave: z.int(),
  counts: JobCounts,
});
export type JobNews = z.infer<typeof JobNews>;

export const STATE_WORDS: Record<ItemState, string> = {
  pending: "Waiting",
  running: "Running",
  done: "Done",
  failed: "Failed",
  unknown: "Unknown",
  expired: "Expired",
  skipped: "Skipped",
};
export const JOB_WORDS: Record<JobState, string> = {
  scheduled: "Scheduled",
  running: "Running",
  paused: "Paused",
  ended: "Ended",
  aborted: "Aborted",
};
export const PAUSE_WORDS: Record<PauseReason, string> = {
  by_hand: "Somebody paused it.",
  failures: "Too many routers failed: look at them, then resume or abort.",
  canary: "The first wave is done: look at it, then approve the rest.",
  rights: "Whoever made it may not do this any more: somebody who may must resume it.",
};

/** How many routers each wave has, of `total`; never less than one in all, and all in the last. */
export function waveSizes(waves: readonly WaveSize[], total: number): number[] {
  const sizes: number[] = [];
  let begun = 0;
  for (const [at, wave] of waves.entries()) {
    const wanted = wave.by === "count" ? wave.count : Math.ceil(total * wave.percent / 100);
    const upTo = at === waves.length - 1 ? total : Math.min(wanted, total);
    if (upTo > begun) sizes.push(upTo - begun);
    begun = Math.max(begun, upTo);
  }
  return sizes;
}

export const COMMANDS_WARNING =
  "Commands are run as they are: nothing takes them back, and no revert waits on the router.";
