import { z } from "zod";

export const EVENT_SEVERITIES = ["info", "warning", "critical"] as const;
export type EventSeverity = typeof EVENT_SEVERITIES[number];

/** What events are grouped by in filters, in this order. */
export const EVENT_GROUPS = {
  device: "Routers",
  login: "Logins to routers",
  config: "Configuration",
  alert: "Alerts",
  operation: "Operations",
  region: "Regions",
} as const;
export type EventGroup = keyof typeof EVENT_GROUPS;

/**
 * Every kind that this version writes, its group and the words people read. A part that has something to
 * tell adds its kinds here, and nothing else: database, filters and pages take them as they come.
 */
const KINDS = {
  "device.added": ["device", "Router added"],
  "device.changed": ["device", "Router edited"],
  "device.retired": ["device", "Router retired"],
  "device.restored": ["device", "Router restored"],
  "device.removed": ["device", "Router deleted"],
  "device.online": ["device", "Came online"],
  "device.offline": ["device", "Went offline"],
  "device.unknown": ["device", "State unknown"],
  "device.rebooted": ["device", "Rebooted"],
  "device.version_changed": ["device", "RouterOS changed"],
  "device.certificate_pinned": ["device", "Certificate pinned"],
  "device.certificate_changed": ["device", "Certificate changed"],
  "device.login": ["login", "Logged in"],
  "device.login_failed": ["login", "Login failed"],
  "device.config_changed": ["config", "Configuration changed"],
  "config.changed": ["config", "What changed in the configuration"],
  "config.drifted": ["config", "Drifted from its baseline"],
  "config.undrifted": ["config", "As its baseline again"],
  "compliance.broken": ["config", "Rule no longer held"],
  "config.push_waits": ["config", "Change waits to be confirmed"],
  "config.pushed": ["config", "Change confirmed"],
  "config.reverted": ["config", "Change taken back"],
  "config.push_failed": ["config", "Change not applied"],
  "config.push_unknown": ["config", "Outcome of a change unknown"],
  "config.backup_failed": ["config", "Backup failed"],
  "device.ssh_key_pinned": ["device", "SSH host key pinned"],
  "job.ended": ["operation", "Job on many routers ended"],
  "job.paused": ["operation", "Job on many routers paused itself"],
  "region.dark": ["region", "Region dark"],
} as const satisfies Record<`${string}.${string}`, readonly [EventGroup, string]>;
export type EventKind = keyof typeof KINDS;
export const EVENT_KINDS = Object.keys(KINDS) as [EventKind, ...EventKind[]];

const KIND = /^[a-z][a-z_]{0,39}\.[a-z][a-z_]{0,59}$/;
/** `device.online`, or a whole group, `device`. */
export const EventKindFilter = z.string().regex(/^[a-z][a-z_]{0,39}(\.[a-z][a-z_]{0,59})?$/);

const known = (kind: string) => (KINDS as Record<string, readonly [string, string]>)[kind];

/** "Came online"; a kind that this version does not know is shown as it is. */
export function eventKindLabel(kind: string): string {
  return known(kind)?.[1] ?? kind;
}

/** The group of a kind; of one that this version does not know, what its first part names. */
export function eventGroupOf(kind: string): string {
  return known(kind)?.[0] ?? kind.split(".")[0]!;
}

export const FleetEvent = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** One of `EVENT_KINDS`, or one that a later version wrote. */
  kind: z.string().regex(KIND),
  severity: z.enum(EVENT_SEVERITIES),
  deviceId: z.uuid().nullable(),
  deviceName: z.string().nullable(),
  message: z.string(),
  /** How often it happened from `at` to `lastAt`: what repeats is one event that grows. */
  count: z.number().int().default(1),
  lastAt: z.iso.datetime().nullable().default(null),
});
export type FleetEvent = z.infer<typeof FleetEvent>;

/** What a list of events is narrowed by; the parts that can be told from an event alone. */
export interface EventFilter {
  deviceId?: string | undefined;
  /** Kinds, or whole groups. */
  kinds?: readonly string[] | undefined;
  severity?: string | undefined;
  q?: string | undefined;
}

/** Whether an event that just came belongs in a list. The database decides the same way for old ones. */
export function matchesEvent(event: FleetEvent, filter: EventFilter): boolean {
  const { deviceId, kinds, severity, q } = filter;
  if (deviceId !== undefined && event.deviceId !== deviceId) return false;
  if (kinds?.every((name) => name !== event.kind && name !== eventGroupOf(event.kind))) {
    return false;
  }
  if (severity !== undefined && event.severity !== severity) return false;
  const text = `${event.deviceName ?? ""}\n${event.message}`.toLowerCase();
  return q === undefined || text.includes(q.toLowerCase());
}
