import { z } from "zod";
import { ConfigChange } from "./configs.ts";
import { PushRequest } from "./pushes.ts";

/** Which version shall be restored. */
export const RestoreSource = z.strictObject({
  versionId: z.uuid(),
  /** The router that the version is of; `null`: of this one. */
  sourceId: z.uuid().nullable(),
});
export type RestoreSource = z.infer<typeof RestoreSource>;

/** What a restore would change, against the configuration that was read just now. */
export const RestorePlan = z.object({
  deviceId: z.uuid(),
  deviceName: z.string(),
  version: z.object({ id: z.uuid(), takenAt: z.iso.datetime() }),
  /** The router that the version is of, where it is another one. */
  source: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** The version that holds what the router runs: a restore stands on it. */
  runningId: z.uuid(),
  /** Sentences about what to mind. */
  warnings: z.array(z.string()),
  /** By their place here a restore chooses. Secrets are hidden. */
  changes: z.array(ConfigChange),
  /** What a restore leaves as it is. */
  cannot: z.array(z.object({ menu: z.string(), label: z.string(), why: z.string() })),
});
export type RestorePlan = z.infer<typeof RestorePlan>;

export const MAX_CHOSEN = 20_000;
/** A restore of all of it, or of some changes of the plan. */
export const RestoreChoice = RestoreSource.extend({
  runningId: z.uuid(),
  /** Places in `RestorePlan.changes`; `null`: all. */
  chosen: z.array(z.number().int().min(0).max(1_000_000)).min(1).max(MAX_CHOSEN).nullable(),
});
export type RestoreChoice = z.infer<typeof RestoreChoice>;

export const RestoreRequest = RestoreChoice.extend(
  PushRequest.pick({ confirm: true, windowSeconds: true, probes: true, typedName: true }).shape,
).extend({ title: PushRequest.shape.title.optional() });
export type RestoreRequest = z.infer<typeof RestoreRequest>;
