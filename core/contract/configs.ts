import { z } from "zod";
import { ExportFailure } from "./config_export.ts";

export const CONFIG_TRIGGERS = ["manual", "scheduled", "change", "operation"] as const;
export type ConfigTrigger = typeof CONFIG_TRIGGERS[number];

/** A stretch of time in which a router held one configuration. */
export const ConfigVersion = z.object({
  id: z.uuid(),
  takenAt: z.iso.datetime(),
  /** When the same was read last. */
  seenAt: z.iso.datetime(),
  trigger: z.enum(CONFIG_TRIGGERS),
  actor: z.string(),
  actorName: z.string().nullable(),
  routerosVersion: z.string().nullable(),
  textBytes: z.number(),
  /** Menus that the router could not export; not empty: it is no whole configuration. */
  failedMenus: z.array(z.string()),
  /** Items against the version before; `null`: there is none to compare with. */
  added: z.number().nullable(),
  removed: z.number().nullable(),
  changed: z.number().nullable(),
  label: z.string().nullable(),
  /** Pinned by hand: kept whatever its age. */
  pinnedAt: z.iso.datetime().nullable(),
  /** When the router was last brought back to it. */
  restoredAt: z.iso.datetime().nullable(),
});
export type ConfigVersion = z.infer<typeof ConfigVersion>;

/** What brought a version about, as far as anything tells; nothing in it: nobody knows. */
export const ConfigCause = z.object({
  /** Read last before it; `null`: it is the first. It came about after this and not after `before`. */
  after: z.iso.datetime().nullable(),
  before: z.iso.datetime(),
  /** Ours. */
  operations: z.array(z.object({
    kind: z.string(),
    id: z.string(),
    title: z.string(),
    actor: z.string(),
    actorName: z.string().nullable(),
    /** `null`: it goes on. */
    outcome: z.enum(["kept", "reverted", "failed", "unknown"]).nullable(),
  })),
  /** What the router's log said about changes. */
  changes: z.array(z.object({ at: z.iso.datetime(), by: z.string(), what: z.string() })),
  /** Who logged in on the router meanwhile. */
  logins: z.array(
    z.object({ at: z.iso.datetime(), user: z.string(), from: z.string(), via: z.string() }),
  ),
  /** Whether the reader may see the router's events: without, the last two are empty. */
  hasEvents: z.boolean(),
});
export type ConfigCause = z.infer<typeof ConfigCause>;

export const ListedVersion = ConfigVersion.extend({ cause: ConfigCause });
export type ListedVersion = z.infer<typeof ListedVersion>;

/** An item of a version, and which versions brought it and changed it last; secrets are hidden. */
export const BlamedItem = z.object({
  menu: z.string(),
  command: z.string(),
  /** Places in `versions`; `null`: it is older than the oldest that was looked at. */
  added: z.number().nullable(),
  changed: z.number().nullable(),
});
export type BlamedItem = z.infer<typeof BlamedItem>;

export const ConfigBlame = z.object({
  version: ConfigVersion,
  items: z.array(BlamedItem),
  /** Those that `items` point at, newest first. */
  versions: z.array(ListedVersion),
  /** How far back was looked; what is older came before. */
  lookedBackTo: z.iso.datetime(),
  /** Whether that is the first version there is. */
  isWhole: z.boolean(),
  /** There are more items than are shown. */
  isCut: z.boolean(),
});
export type ConfigBlame = z.infer<typeof ConfigBlame>;

/** How backups of one router go. */
export const BackupState = z.object({
  deviceId: z.uuid(),
  deviceName: z.string(),
  /** `null`: none is planned, as the router is not polled. */
  dueAt: z.iso.datetime().nullable(),
  triedAt: z.iso.datetime().nullable(),
  succeededAt: z.iso.datetime().nullable(),
  failures: z.number(),
  reason: ExportFailure.nullable(),
  detail: z.string().nullable(),
  /** The newest version. */
  versionId: z.uuid().nullable(),
  changedAt: z.iso.datetime().nullable(),
  versions: z.number(),
});
export type BackupState = z.infer<typeof BackupState>;

export const BACKUP_FILTERS = ["all", "failing", "missing", "current"] as const;
export const BackupFilter = z.enum(BACKUP_FILTERS);
export type BackupFilter = z.infer<typeof BackupFilter>;

export const BackupOverview = z.object({
  items: z.array(BackupState),
  nextCursor: z.string().nullable(),
  counts: z.object({
    all: z.number(),
    failing: z.number(),
    missing: z.number(),
    current: z.number(),
  }),
  /** Kept, of all versions of the tenant: before and after compression, each content once. */
  textBytes: z.number(),
  storedBytes: z.number(),
});
export type BackupOverview = z.infer<typeof BackupOverview>;

/** What became of a backup that somebody asked for. */
export const BackupOutcome = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.enum(["same", "kept"]),
    versionId: z.uuid(),
    isPartial: z.boolean(),
    /** Items that differ from the version before. */
    changes: z.number(),
  }),
  z.object({ outcome: z.literal("failed"), reason: ExportFailure, detail: z.string() }),
]);
export type BackupOutcome = z.infer<typeof BackupOutcome>;

export const AttributeChange = z.object({
  name: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
/** One item that two versions differ in; secrets are hidden. */
export const ConfigChange = z.object({
  menu: z.string(),
  kind: z.enum(["added", "removed", "changed", "moved"]),
  label: z.string(),
  /** As commands; `null`: not there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  attributes: z.array(AttributeChange),
  from: z.number().nullable(),
  to: z.number().nullable(),
});
export type ConfigChange = z.infer<typeof ConfigChange>;

/** A line of the text comparison. */
export const DiffLine = z.object({
  kind: z.enum(["same", "added", "removed", "skipped"]),
  text: z.string(),
});
export type DiffLine = z.infer<typeof DiffLine>;

export const ConfigComparison = z.object({
  from: ConfigVersion,
  to: ConfigVersion,
  changes: z.array(ConfigChange),
  lines: z.array(DiffLine),
});
export type ConfigComparison = z.infer<typeof ConfigComparison>;

export const ConfigText = z.object({
  version: ConfigVersion,
  text: z.string(),
  /** Whether secrets stand in it. */
  isRevealed: z.boolean(),
});
export type ConfigText = z.infer<typeof ConfigText>;

export const RevealReason = z.strictObject({
  /** Why secrets must be seen: it stands in the audit log. */
  reason: z.string().trim().min(3).max(500),
});

/** A line of some router's configuration that fits a search. */
export const ConfigMatch = z.object({
  deviceId: z.uuid(),
  deviceName: z.string(),
  versionId: z.uuid(),
  takenAt: z.iso.datetime(),
  /** When it was read last: past it nobody knows how long it stayed. */
  seenAt: z.iso.datetime(),
  menu: z.string(),
  command: z.string(),
});
export type ConfigMatch = z.infer<typeof ConfigMatch>;

export const ConfigSearch = z.object({
  items: z.array(ConfigMatch),
  /** Routers whose configuration was read. */
  searched: z.number(),
  /** There is more than is shown. */
  isCut: z.boolean(),
});
export type ConfigSearch = z.infer<typeof ConfigSearch>;
