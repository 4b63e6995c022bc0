import { z } from "zod";
import { FleetEvent } from "./events.ts";
import { SitePath } from "./sites.ts";
import { TagChip, TagNames } from "./tags.ts";
import {
  InterfaceReading,
  NeighborReading,
  OpticReading,
  PackageReading,
  PeerReading,
  PoeReading,
  SensorReading,
  StatusReason,
  WirelessReading,
} from "./sample.ts";

/** How the API connection to a router is secured. Never changes by itself. */
export const TLS_MODES = ["pinned", "ca", "insecure", "plain", "legacy"] as const;
export const TlsMode = z.enum(TLS_MODES);
export type TlsMode = z.infer<typeof TlsMode>;

/** `pending`: adopted, never polled yet. */
export const DEVICE_STATUSES = ["online", "offline", "unknown", "pending"] as const;
export const DeviceStatus = z.enum(DEVICE_STATUSES);
export type DeviceStatus = z.infer<typeof DeviceStatus>;

const label = z.string().trim().min(1).max(200);
/** IPv4, IPv6 (no brackets, no zone) or a DNS name. */
const address = z.string().trim().min(1).max(253)
  .refine((value) => isAddress(value), "must be an IPv4 or IPv6 address or a host name");

function isAddress(value: string): boolean {
  if (z.ipv4().safeParse(value).success || z.ipv6().safeParse(value).success) return true;
  if (/^[\d.]+$/.test(value)) return false; // a broken IPv4 address is no host name
  return /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?$/i.test(value);
}

export const NewDevice = z.strictObject({
  /** Empty: the router's own identity is shown. */
  name: label.optional(),
  address,
  port: z.number().int().min(1).max(65_535).optional(),
  tlsMode: TlsMode.default("pinned"),
  /** PEM of the CA that signed the router's certificate; needed with `ca`. */
  tlsCa: z.string().max(16_384).optional(),
  /** Where backups log in. */
  sshPort: z.number().int().min(1).max(65_535).optional(),
  region: z.string().trim().regex(/^[a-z0-9-]{1,40}$/).default("default"),
  /** Path of a site; made if there is none and the caller may make sites. */
  site: SitePath.optional(),
  /** Names; what there is not is made if the caller may make tags. */
  tags: TagNames.optional(),
  /** Ids of groups whose members are chosen. */
  groups: z.array(z.uuid()).max(50).optional(),
  pollIntervalSeconds: z.number().int().min(5).max(86_400).optional(),
  /** A login of its own; or {@linkcode NewDevice.profileId}. */
  username: z.string().min(1).max(200).optional(),
  /** Encrypted before it is stored; never comes back out of the API. */
  password: z.string().max(1_000).optional(),
  /** The credential profile it logs in with, instead of a login of its own. */
  profileId: z.uuid().optional(),
}).refine((device) => device.tlsMode !== "ca" || device.tlsCa, {
  path: ["tlsCa"],
  message: "is needed with the TLS mode ca",
}).superRefine(({ username, password, profileId }, context) => {
  const say = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if (profileId !== undefined) {
    if (username !== undefined || password !== undefined) {
      say("profileId", "goes without user name and password");
    }
  } else {
    if (username === undefined) say("username", "is needed, or a credential profile");
    if (password === undefined) say("password", "is needed, or a credential profile");
  }
});
export type NewDevice = z.infer<typeof NewDevice>;

/** Absent: unchanged. `null`: cleared. */
export const DevicePatch = z.strictObject({
  name: label.nullable(),
  address,
  port: z.number().int().min(1).max(65_535),
  tlsMode: TlsMode,
  tlsCa: z.string().max(16_384).nullable(),
  /** `null` forgets the pin: the next contact pins what it sees. */
  tlsFingerprint: z.string().regex(/^[0-9a-f]{64}$/).nullable(),
  sshPort: z.number().int().min(1).max(65_535),
  /** `null` forgets the pin: the next backup pins what it sees. */
  sshHostKey: z.null(),
  region: z.string().trim().regex(/^[a-z0-9-]{1,40}$/),
  site: SitePath.nullable(),
  /** A sector of its site. Who moves to another site leaves it. */
  sectorId: z.uuid().nullable(),
  /** In place of those it has. */
  tags: TagNames,
  pollIntervalSeconds: z.number().int().min(5).max(86_400).nullable(),
  isEnabled: z.boolean(),
  username: z.string().min(1).max(200),
  password: z.string().max(1_000),
  /** Takes the place of the router's own login; user name and password, of the profile. */
  profileId: z.uuid(),
}).partial();
export type DevicePatch = z.infer<typeof DevicePatch>;

/** Cells of the fleet table: what changes with every poll. `null`: not known. */
export const LiveCells = z.object({
  id: z.uuid(),
  status: DeviceStatus,
  reason: StatusReason,
  statusSince: z.iso.datetime().nullable(),
  sampledAt: z.iso.datetime().nullable(),
  identity: z.string().nullable(),
  version: z.string().nullable(),
  cpuPercent: z.number().nullable(),
  memoryPercent: z.number().nullable(),
  temperatureC: z.number().nullable(),
  rxBps: z.number().nullable(),
  txBps: z.number().nullable(),
  wirelessClients: z.number().nullable(),
  uptimeSeconds: z.number().nullable(),
  /** 0 (dead) to 100; see `core/metrics/health_score.ts`. */
  healthScore: z.number().nullable(),
});
export type LiveCells = z.infer<typeof LiveCells>;

/** One row of the fleet. Never carries a credential. */
export const Device = LiveCells.extend({
  /** Given name, else the router's identity, else its address. */
  name: z.string(),
  givenName: z.string().nullable(),
  address: z.string(),
  port: z.number(),
  tlsMode: TlsMode,
  tlsFingerprint: z.string().nullable(),
  sshPort: z.number(),
  /** SHA-256 of the pinned SSH host key, lower-case hex. */
  sshHostKey: z.string().nullable(),
  region: z.string(),
  /** Path of the site, names from the top down. */
  site: z.string().nullable(),
  siteId: z.uuid().nullable(),
  /** Name of the sector of the site that it stands on. */
  sector: z.string().nullable(),
  sectorId: z.uuid().nullable(),
  /** Name of the credential profile it logs in with; `null`: a login of its own. */
  profile: z.string().nullable(),
  profileId: z.uuid().nullable(),
  tags: z.array(TagChip),
  pollIntervalSeconds: z.number().nullable(),
  isEnabled: z.boolean(),
  /** Out of service since then: not polled, not counted. */
  retiredAt: z.iso.datetime().nullable(),
  statusDetail: z.string().nullable(),
  boardName: z.string().nullable(),
  model: z.string().nullable(),
  serialNumber: z.string().nullable(),
  architecture: z.string().nullable(),
  firmwareCurrent: z.string().nullable(),
  firmwareUpgrade: z.string().nullable(),
  healthReasons: z.array(z.string()),
  /** Grows with each edit; the ETag. */
  revision: z.number().int(),
  createdAt: z.iso.datetime(),
});
export type Device = z.infer<typeof Device>;

/** An interface with the rates computed at ingest. */
export const InterfaceState = InterfaceReading.extend({
  rxBps: z.number().nullable(),
  txBps: z.number().nullable(),
  rxPps: z.number().nullable(),
  txPps: z.number().nullable(),
  /** Per second, errors and drops of both directions. */
  errorsPerSecond: z.number().nullable(),
  dropsPerSecond: z.number().nullable(),
});
export type InterfaceState = z.infer<typeof InterfaceState>;

/** Sections of a device's last known state; each says when it was read. */
export const DeviceState = z.object({
  interfaces: section(z.array(InterfaceState)),
  wireless: section(WirelessReading),
  neighbors: section(z.array(NeighborReading)),
  sensors: section(z.array(SensorReading)),
  counts: section(z.record(z.string(), z.number().nullable())),
  routes: section(z.record(z.string(), z.number().nullable())),
  peers: section(z.array(PeerReading)),
  poe: section(z.array(PoeReading)),
  optics: section(z.array(OpticReading)),
  packages: section(z.array(PackageReading)),
});
export type DeviceState = z.infer<typeof DeviceState>;
export type StateSection = keyof DeviceState;

function section<Schema extends z.ZodType>(data: Schema) {
  return z.object({ sampledAt: z.iso.datetime(), data }).nullable();
}

/** Sent on `subjects.live(tenant)`: what a fleet page needs, for the devices of one ingest batch. */
export const LiveBatch = z.object({
  devices: z.array(LiveCells),
  events: z.array(FleetEvent),
});
export type LiveBatch = z.infer<typeof LiveBatch>;

/** Sent on `subjects.liveDevice`: a point of every live chart and the interface table. */
export const LiveDevice = z.object({
  cells: LiveCells,
  interfaces: z.array(z.object({
    name: z.string(),
    isRunning: z.boolean(),
    rxBps: z.number().nullable(),
    txBps: z.number().nullable(),
    errorsPerSecond: z.number().nullable(),
    dropsPerSecond: z.number().nullable(),
  })).nullable(),
  wireless: WirelessReading.nullable(),
  /** Its other clients were read too: a page that shows them asks again. */
  hasClients: z.boolean(),
});
export type LiveDevice = z.infer<typeof LiveDevice>;
