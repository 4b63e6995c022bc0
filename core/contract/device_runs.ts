import { z } from "zod";
import { RUN_KIND_NAMES } from "./runs/mod.ts";

export const RunRow = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()]),
);
export type RunRow = z.infer<typeof RunRow>;

/**
 * How it came to its end. `done`: by itself; `stopped`: somebody pressed stop; `expired`: its time was
 * up; `abandoned`: nobody followed it any more; `failed`: the router or the way to it; `lost`: its
 * poller is gone.
 */
export const RunOutcome = z.enum(["done", "stopped", "expired", "abandoned", "failed", "lost"]);
export type RunOutcome = z.infer<typeof RunOutcome>;

const numbered = {
  /** Counts messages of a run from 1: what came twice is told by it, and what is missing. */
  seq: z.int(),
  /** Milliseconds since the epoch, the poller's clock. */
  at: z.number(),
};

export const RunMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("running"), ...numbered }),
  z.object({
    type: z.literal("rows"),
    ...numbered,
    rows: z.array(RunRow),
    /** Rows that came too fast since the message before. */
    dropped: z.int(),
  }),
  z.object({
    type: z.literal("section"),
    ...numbered,
    /** The whole table: it takes the place of the one before. */
    rows: z.array(RunRow),
    /** Rows beyond what a table may hold. */
    dropped: z.int(),
  }),
  /** Made by the follower: messages up to `seq` were lost on the way. */
  z.object({ type: z.literal("gap"), ...numbered }),
  z.object({
    type: z.literal("end"),
    ...numbered,
    outcome: RunOutcome,
    /** What happened and what to do, where there is something to say. */
    detail: z.string().nullable(),
  }),
]);
export type RunMessage = z.infer<typeof RunMessage>;

export const RunInfo = z.object({
  id: z.uuid(),
  kind: z.enum(RUN_KIND_NAMES),
  /** `null`: it runs from the region, on no router. */
  deviceId: z.uuid().nullable(),
  region: z.string(),
  /** `waiting`: it begins when somebody follows it. */
  state: z.enum(["waiting", "running", "ended"]),
  startedBy: z.string(),
  startedAt: z.iso.datetime(),
  /** It is stopped then at the latest. */
  deadlineAt: z.iso.datetime(),
});
export type RunInfo = z.infer<typeof RunInfo>;
