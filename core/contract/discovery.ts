import { z } from "zod";
import { TlsMode } from "./device.ts";
import { SitePath } from "./sites.ts";
import { TagNames } from "./tags.ts";

/** Services by which a router is known, and managed. */
export const KNOWN_PORTS = {
  8728: "API",
  8729: "API over TLS",
  8291: "WinBox",
  22: "SSH",
  80: "HTTP",
  443: "HTTPS",
} as const;

/** `open`: accepted; `closed`: refused; `silent`: no answer, as behind a firewall. */
export const PortState = z.enum(["open", "closed", "silent"]);
export type PortState = z.infer<typeof PortState>;

/** What an address shows to somebody without a login. */
export const HostFindings = z.object({
  address: z.string(),
  ports: z.array(z.object({ port: z.int(), service: z.string(), state: PortState })),
  /** First line of the SSH server; RouterOS says `SSH-2.0-ROSSSH`. */
  sshBanner: z.string().nullable(),
  /** SHA-256 of the certificate on the API's TLS port; `null`: none was shown. */
  fingerprint: z.string().nullable(),
  /** `null`: it cannot be told from outside. */
  isRouteros: z.boolean().nullable(),
  /** How to log in; `null`: no API port is open, or none that can be used safely. */
  suggestion: z.object({ port: z.int(), tlsMode: TlsMode }).nullable(),
  /** What stands in the way, and what to do about it. */
  advice: z.string().nullable(),
});
export type HostFindings = z.infer<typeof HostFindings>;

/** Where to look: `port` beside the usual ones. */
export const HostQuestion = z.strictObject({
  address: z.string().trim().min(1).max(253),
  port: z.int().min(1).max(65_535).optional(),
  region: z.string().max(40).default("default"),
});
export type HostQuestion = z.input<typeof HostQuestion>;

/** A router that the fleet sees as a neighbour and that nobody manages yet. */
export const SeenRouter = z.object({
  /** 32 hex digits; stays the same while the router does. */
  id: z.string(),
  identity: z.string(),
  board: z.string().nullable(),
  platform: z.string().nullable(),
  version: z.string().nullable(),
  macs: z.array(z.string()),
  addresses: z.array(z.string()),
  /** Devices that see it: up to 8, the latest first. */
  seenBy: z.array(
    z.object({ deviceId: z.uuid(), deviceName: z.string(), interface: z.string() }),
  ),
  /** How many devices see it in all. */
  seers: z.int(),
  /** Region of the device that saw it last: whose poller will reach it. */
  region: z.string(),
  /** A managed device of the same identity and board: perhaps this one, under another address. */
  likely: z.object({ deviceId: z.uuid(), deviceName: z.string() }).nullable(),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  ignoredAt: z.iso.datetime().nullable(),
  ignoredBy: z.string().nullable(),
});
export type SeenRouter = z.infer<typeof SeenRouter>;

export const SeenRouterPage = z.object({
  items: z.array(SeenRouter),
  nextCursor: z.string().nullable(),
  /** That fit, on all pages. */
  total: z.int(),
  /** Those that somebody ignored, whatever the page shows. */
  ignored: z.int(),
});
export type SeenRouterPage = z.infer<typeof SeenRouterPage>;

/** What came of a login that stores nothing. */
export const ProbeAnswer = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    identity: z.string(),
    version: z.string(),
    boardName: z.string().nullable(),
    /** `null`: it has none (x86, CHR). */
    serialNumber: z.string().nullable(),
    fingerprint: z.string().nullable(),
  }),
  z.object({ ok: z.literal(false), reason: z.string(), detail: z.string() }),
]);
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;

/** Routers of one request: each is looked at and logged in to before the answer. */
export const MAX_ADOPTED_AT_ONCE = 20;

export const AdoptRouters = z.strictObject({
  region: z.string().trim().regex(/^[a-z0-9-]{1,40}$/).default("default"),
  profileId: z.uuid(),
  site: SitePath.optional(),
  tags: TagNames.optional(),
  /** Ids of groups whose members are chosen. */
  groups: z.array(z.uuid()).max(50).optional(),
  /** Also routers that offer nothing but the API without TLS: the password crosses the network. */
  allowPlain: z.boolean().default(false),
  /** Without `port` and `tlsMode` the address is looked at first. */
  routers: z.array(z.strictObject({
    address: z.string().trim().min(1).max(253),
    port: z.int().min(1).max(65_535).optional(),
    tlsMode: TlsMode.optional(),
  })).min(1).max(MAX_ADOPTED_AT_ONCE),
});
export type AdoptRouters = z.input<typeof AdoptRouters>;

/** `present`: managed already, under this address or another. */
export const AdoptResult = z.object({
  address: z.string(),
  result: z.enum(["added", "present", "failed"]),
  /** The router's identity, once it was logged in to. */
  name: z.string().nullable(),
  reason: z.string().nullable(),
  /** The device it is. */
  deviceId: z.uuid().nullable(),
});
export type AdoptResult = z.infer<typeof AdoptResult>;
