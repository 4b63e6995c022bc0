import { z } from "zod";

/**
 * What one poll of one router found, as it travels from poller to ingest. Field names say their
 * units. `null` means the router does not have it; an absent section means it was not asked this time
 * (slow collectors run on a longer interval).
 *
 * Counters are decimal strings: RouterOS counts to 2^64, past what a JSON number keeps.
 */
const counter = z.string().regex(/^\d{1,20}$/);
const text = z.string().max(4_096);
const count = z.number().int().nonnegative();

export const SystemReading = z.object({
  identity: text,
  /** Without the channel: "7.18.2". */
  version: text,
  channel: text.nullable(),
  boardName: text.nullable(),
  model: text.nullable(),
  serialNumber: text.nullable(),
  architecture: text.nullable(),
  platform: text.nullable(),
  cpuCount: count.nullable(),
  cpuFrequencyMhz: z.number().nonnegative().nullable(),
  cpuPercent: z.number().min(0).max(100).nullable(),
  freeMemoryBytes: count.nullable(),
  totalMemoryBytes: count.nullable(),
  freeDiskBytes: count.nullable(),
  totalDiskBytes: count.nullable(),
  badBlocksPercent: z.number().nullable(),
  uptimeSeconds: count,
  /** RouterBOOT. */
  firmwareCurrent: text.nullable(),
  firmwareUpgrade: text.nullable(),
});

export const SENSOR_KINDS = [
  "temperature",
  "voltage",
  "current",
  "power",
  "fan",
  "state",
  "other",
] as const;

/** °C, V, A, W, RPM by kind. A PSU or fan state has no number, only `state`. */
export const SensorReading = z.object({
  name: text,
  kind: z.enum(SENSOR_KINDS),
  value: z.number().nullable(),
  state: z.enum(["ok", "fail", "unknown"]).nullable(),
});

export const InterfaceReading = z.object({
  name: text,
  defaultName: text.nullable(),
  type: text,
  macAddress: text.nullable(),
  mtu: count.nullable(),
  comment: text.nullable(),
  isRunning: z.boolean(),
  isDisabled: z.boolean(),
  isSlave: z.boolean(),
  isDynamic: z.boolean(),
  linkDowns: count.nullable(),
  /** Negotiated link speed. */
  speedBps: count.nullable(),
  rxBytes: counter,
  txBytes: counter,
  rxPackets: counter.nullable(),
  txPackets: counter.nullable(),
  rxErrors: counter.nullable(),
  txErrors: counter.nullable(),
  rxDrops: counter.nullable(),
  txDrops: counter.nullable(),
});

export const RadioReading = z.object({
  interface: text,
  ssid: text.nullable(),
  band: text.nullable(),
  channel: text.nullable(),
  frequencyMhz: z.number().nullable(),
  noiseDbm: z.number().nullable(),
  /** Old wireless driver only. */
  ccqPercent: z.number().nullable(),
  clients: count,
});

export const WirelessClient = z.object({
  interface: text,
  macAddress: text,
  ssid: text.nullable(),
  signalDbm: z.number().nullable(),
  snrDb: z.number().nullable(),
  ccqPercent: z.number().nullable(),
  txRateBps: z.number().nullable(),
  rxRateBps: z.number().nullable(),
  uptimeSeconds: count.nullable(),
  lastIp: text.nullable(),
});

export const WirelessReading = z.object({
  /** Which driver answered: "wireless", "wifi", "wifiwave2", "caps-man". */
  drivers: z.array(text),
  radios: z.array(RadioReading),
  clients: z.array(WirelessClient),
});

export const NeighborReading = z.object({
  interface: text,
  address: text.nullable(),
  macAddress: text.nullable(),
  identity: text.nullable(),
  platform: text.nullable(),
  board: text.nullable(),
  version: text.nullable(),
  /** The other end's port, when it says so (LLDP, CDP, MNDP). */
  remoteInterface: text.nullable(),
  discoveredBy: text.nullable(),
});

/** Rows of {@linkcode ClientsReading} at most, and of each table that it is made of. */
export const MAX_CLIENTS = 5_000;

/**
 * One device behind the router, from all of the router's tables together. What is not known is left
 * out, not `null`: there may be thousands of these in a sample.
 */
export const ClientReading = z.object({
  /** Upper case with colons. Absent for a tunnel that tells none. */
  macAddress: z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/).optional(),
  /** IPv4 first. Link-local ones are left out. */
  addresses: z.array(z.string().max(45)).max(8),
  /** Where its addresses live: of ARP, IPv6 neighbours or PPP. */
  interface: text.optional(),
  /** The bridge port behind which it is. */
  port: text.optional(),
  vlan: z.number().int().min(1).max(4_094).optional(),
  /** What it called itself when it asked for an address. */
  hostName: text.optional(),
  /** What people wrote beside its lease or ARP entry. */
  comment: text.optional(),
  /** "bound", "waiting" … and whether the address is reserved for it. */
  lease: z.object({ status: text, isReserved: z.boolean() }).optional(),
  /** The login of a PPP session. */
  ppp: z.object({ name: text, service: text, uptimeSeconds: count.nullable() }).optional(),
  /** Seen by the router now, and not merely remembered, as a reservation is. */
  isHere: z.boolean(),
});

export const ClientsReading = z.object({
  clients: z.array(ClientReading).max(MAX_CLIENTS),
  /** A table had more rows than are read, or the sample no room: some devices are missing. */
  isCut: z.boolean(),
});

export const CountsReading = z.object({
  dhcpLeases: count.nullable(),
  dhcpLeasesBound: count.nullable(),
  arpEntries: count.nullable(),
  connections: count.nullable(),
  pppActive: count.nullable(),
});

export const RoutesReading = z.object({
  total: count,
  active: count.nullable(),
  static: count.nullable(),
  connected: count.nullable(),
  dynamic: count.nullable(),
  bgp: count.nullable(),
  ospf: count.nullable(),
});

export const PeerReading = z.object({
  protocol: z.enum(["bgp", "ospf"]),
  name: text,
  remoteAddress: text.nullable(),
  remoteAs: z.number().nullable(),
  /** In the router's own words: "established", "Full", "Idle" … */
  state: text,
  isUp: z.boolean(),
  uptimeSeconds: count.nullable(),
  prefixes: count.nullable(),
});

export const PoeReading = z.object({
  interface: text,
  status: text,
  voltageV: z.number().nullable(),
  currentMa: z.number().nullable(),
  powerW: z.number().nullable(),
});

export const OpticReading = z.object({
  interface: text,
  isPresent: z.boolean(),
  type: text.nullable(),
  vendor: text.nullable(),
  partNumber: text.nullable(),
  serial: text.nullable(),
  wavelengthNm: z.number().nullable(),
  temperatureC: z.number().nullable(),
  supplyVoltageV: z.number().nullable(),
  biasCurrentMa: z.number().nullable(),
  txPowerDbm: z.number().nullable(),
  rxPowerDbm: z.number().nullable(),
  rxLoss: z.boolean().nullable(),
  txFault: z.boolean().nullable(),
});

export const PackageReading = z.object({ name: text, version: text, isDisabled: z.boolean() });

/** How one collector of the poll went; a failed one leaves its section absent, the rest stands. */
export const CollectorOutcome = z.object({
  name: text,
  outcome: z.enum(["ok", "absent", "failed"]),
  ms: z.number().nonnegative(),
  error: text.nullable(),
});

export const DeviceSample = z.object({
  kind: z.literal("sample"),
  version: z.literal(1),
  deviceId: z.uuid(),
  /** When the poll began, UTC, milliseconds. With the device id it identifies the sample. */
  sampledAt: z.iso.datetime(),
  /** Which poller, for tracing. */
  poller: text,
  durationMs: z.number().nonnegative(),
  /** SHA-256 of the certificate seen, lower-case hex; `null` without TLS or certificate. */
  tlsFingerprint: z.string().nullable(),
  system: SystemReading,
  sensors: z.array(SensorReading).optional(),
  interfaces: z.array(InterfaceReading).optional(),
  wireless: WirelessReading.optional(),
  neighbors: z.array(NeighborReading).optional(),
  clients: ClientsReading.optional(),
  counts: CountsReading.optional(),
  routes: RoutesReading.optional(),
  peers: z.array(PeerReading).optional(),
  poe: z.array(PoeReading).optional(),
  optics: z.array(OpticReading).optional(),
  packages: z.array(PackageReading).optional(),
  collectors: z.array(CollectorOutcome),
});

/** Why a device is what it is. Decisions carry a reason; log, events and pages reuse it. */
export const STATUS_REASONS = [
  "polled",
  "connection_refused",
  "connect_timeout",
  "connection_lost",
  "no_answer",
  "name_unresolved",
  "tls_failed",
  "certificate_changed",
  "login_refused",
  "service_address_refused",
  "credential_unavailable",
  "protocol_error",
  "device_error",
  "poller_isolated",
  "never_polled",
  /** Somebody switched its polling off. */
  "disabled",
  "retired",
] as const;
export const StatusReason = z.enum(STATUS_REASONS);

/**
 * The poller decided that a device's status changed. `unknown` is used while the poller suspects
 * itself (more than half of its region dark at once).
 */
export const StatusReport = z.object({
  kind: z.literal("status"),
  version: z.literal(1),
  deviceId: z.uuid(),
  at: z.iso.datetime(),
  poller: text,
  status: z.enum(["online", "offline", "unknown"]),
  reason: StatusReason,
  /** One sentence for people: what happened and what to check. */
  detail: text,
  /** Polls missed in a row before this decision. */
  misses: count,
});

export const PollReport = z.discriminatedUnion("kind", [DeviceSample, StatusReport]);

export type SystemReading = z.infer<typeof SystemReading>;
export type SensorReading = z.infer<typeof SensorReading>;
export type SensorKind = typeof SENSOR_KINDS[number];
export type InterfaceReading = z.infer<typeof InterfaceReading>;
export type RadioReading = z.infer<typeof RadioReading>;
export type WirelessClient = z.infer<typeof WirelessClient>;
export type WirelessReading = z.infer<typeof WirelessReading>;
export type NeighborReading = z.infer<typeof NeighborReading>;
export type ClientReading = z.infer<typeof ClientReading>;
export type ClientsReading = z.infer<typeof ClientsReading>;
export type CountsReading = z.infer<typeof CountsReading>;
export type RoutesReading = z.infer<typeof RoutesReading>;
export type PeerReading = z.infer<typeof PeerReading>;
export type PoeReading = z.infer<typeof PoeReading>;
export type OpticReading = z.infer<typeof OpticReading>;
export type PackageReading = z.infer<typeof PackageReading>;
export type CollectorOutcome = z.infer<typeof CollectorOutcome>;
export type DeviceSample = z.infer<typeof DeviceSample>;
export type StatusReport = z.infer<typeof StatusReport>;
export type StatusReason = z.infer<typeof StatusReason>;
export type PollReport = z.infer<typeof PollReport>;
