import { z } from "zod";

/** The API asks a poller of the region to run a script on a router. Whether it may was decided before. */
export const ScriptRequest = z.object({
  tenantId: z.uuid(),
  deviceId: z.uuid(),
  script: z.string().max(20_000),
  timeoutMs: z.int().min(1_000).max(600_000),
});
export type ScriptRequest = z.infer<typeof ScriptRequest>;

export const ScriptAnswer = z.discriminatedUnion("ended", [
  /** The script ran to its end. */
  z.object({
    ended: z.literal("whole"),
    /** What it printed, compressed, base64. */
    gzip: z.string(),
    isCut: z.boolean(),
    hostKey: z.string(),
  }),
  /** The router stopped within it: the last it printed says why. */
  z.object({
    ended: z.literal("broken_off"),
    gzip: z.string(),
    isCut: z.boolean(),
    hostKey: z.string(),
  }),
  /** It was begun, and whether it ended is not known. */
  z.object({ ended: z.literal("unknown"), detail: z.string() }),
  /** The router was not reached, or refused the login: nothing ran. */
  z.object({ ended: z.literal("not_begun"), isUnreachable: z.boolean(), detail: z.string() }),
]);
export type ScriptAnswer = z.infer<typeof ScriptAnswer>;
