import { z } from "zod";
import { ExportFailure } from "./config_export.ts";

export const BINARY_TRIGGERS = ["manual", "scheduled", "operation"] as const;

/** A full backup of one router: a file that only it, with the same RouterOS, can load. */
export const BinaryBackup = z.object({
  id: z.uuid(),
  takenAt: z.iso.datetime(),
  trigger: z.enum(BINARY_TRIGGERS),
  actor: z.string(),
  actorName: z.string().nullable(),
  /** The text version that was read just before. */
  versionId: z.uuid(),
  routerosVersion: z.string(),
  board: z.string(),
  serial: z.string().nullable(),
  encryption: z.enum(["aes-sha256", "rc4"]),
  bytes: z.number(),
});
export type BinaryBackup = z.infer<typeof BinaryBackup>;

export const RESTORE_STATES = [
  "requested",
  /** What it holds now is kept, to come back to. */
  "saved",
  "uploaded",
  /** The router was told, or is about to be. */
  "loading",
  "waiting",
  /** Nobody knows yet: looked at again when it answers. */
  "unknown",
  "restored",
  /** It loaded something, but its configuration is another than the backup's. */
  "differs",
  "failed",
] as const;
export type RestoreState = typeof RESTORE_STATES[number];

export const BinaryRestore = z.object({
  id: z.uuid(),
  backupId: z.uuid().nullable(),
  state: z.enum(RESTORE_STATES),
  actor: z.string(),
  actorName: z.string().nullable(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** The text before it, and what was found after it. */
  beforeVersion: z.uuid().nullable(),
  afterVersion: z.uuid().nullable(),
  /** The text beside the backup. */
  wantedVersion: z.uuid().nullable(),
  detail: z.string().nullable(),
});
export type BinaryRestore = z.infer<typeof BinaryRestore>;

/** How full backups of a router go. */
export const BinaryState = z.object({
  items: z.array(BinaryBackup),
  restores: z.array(BinaryRestore),
  dueAt: z.iso.datetime().nullable(),
  triedAt: z.iso.datetime().nullable(),
  /** Why the last one failed; `null`: it did not. */
  detail: z.string().nullable(),
});
export type BinaryState = z.infer<typeof BinaryState>;

export const BinaryOrder = z.strictObject({
  /** Takes one although nothing has changed since the last. */
  force: z.boolean().default(false),
});

export const BinaryOutcome = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.enum(["kept", "same"]), backupId: z.uuid() }),
  z.object({ outcome: z.literal("failed"), reason: ExportFailure, detail: z.string() }),
]);
export type BinaryOutcome = z.infer<typeof BinaryOutcome>;

/** Before a restore: what stands against it, and what to know. */
export const RestoreCheck = z.object({
  routerName: z.string(),
  /** Not empty: it is refused. */
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
  /** It was taken from another unit of the same board. */
  isOtherUnit: z.boolean(),
});
export type RestoreCheck = z.infer<typeof RestoreCheck>;

export const RestoreOrder = z.strictObject({
  /** The router's name, typed. */
  typedName: z.string().max(200),
  /** The backup is of another unit, whose MAC addresses this one then has. */
  acceptOtherUnit: z.boolean().default(false),
});
export type RestoreOrder = z.infer<typeof RestoreOrder>;

/** Full backups of the fleet: how many, and where they do not come about. */
export const BinaryOverview = z.object({
  backups: z.number(),
  routers: z.number(),
  bytes: z.number(),
  /** Waiting for their turn now. */
  waiting: z.number(),
  /** The first of them, by name. */
  failing: z.array(z.object({
    deviceId: z.uuid(),
    deviceName: z.string(),
    triedAt: z.iso.datetime().nullable(),
    detail: z.string(),
  })),
});
export type BinaryOverview = z.infer<typeof BinaryOverview>;

export const BackupPassword = z.object({ password: z.string() });
