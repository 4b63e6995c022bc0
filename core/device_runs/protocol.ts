import { z } from "zod";
import { RunInfo, RunMessage } from "@/core/contract/device_runs.ts";
import { RUN_KIND_NAMES } from "@/core/contract/runs/mod.ts";
import type { TenantId } from "@/core/scope.ts";

/** The API asks a poller of the region to take a run. Whether the asker may was decided before. */
export const StartRequest = z.object({
  run: z.uuid(),
  tenantId: z.uuid().transform((id) => id as TenantId),
  deviceId: z.uuid().nullable(),
  kind: z.enum(RUN_KIND_NAMES),
  params: z.unknown(),
  actor: z.string(),
});
export type StartRequest = z.infer<typeof StartRequest>;

export const StartAnswer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), info: RunInfo }),
  z.object({
    ok: z.literal(false),
    /** `busy`: a bound is reached; `refused`: it cannot be done as things are. */
    why: z.enum(["busy", "refused"]),
    detail: z.string(),
  }),
]);
export type StartAnswer = z.infer<typeof StartAnswer>;

/**
 * `attach`: what has happened so far, and from now on I follow; `beat`: I still do; `look`: only tell;
 * `cancel`: stop it, and answer when it has stopped.
 */
export const ControlRequest = z.object({
  type: z.enum(["attach", "beat", "look", "cancel"]),
});
export type ControlRequest = z.infer<typeof ControlRequest>;

export const ControlAnswer = z.object({
  info: RunInfo,
  /** For `attach`: the messages kept, oldest first. */
  backlog: z.array(RunMessage),
});
export type ControlAnswer = z.infer<typeof ControlAnswer>;

/** A follower says this often that it is there. */
export const BEAT_MS = 5_000;
/** Without a follower for this long a run is stopped. */
export const ABANDONED_MS = 15_000;
/** A run that is over still tells what it said, for those who come back just then. */
export const KEPT_MS = 60_000;
