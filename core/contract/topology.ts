import { z } from "zod";
import { DeviceStatus } from "./device.ts";

/** What carries a link. `virtual`: only bridges or VLANs tell of it, the port below is not known. */
export const PORT_KINDS = ["wired", "wireless", "tunnel", "virtual"] as const;
export type PortKind = typeof PORT_KINDS[number];

/**
 * `both`: each end sees the other. `one_side`: one end alone says so. `stale`: nobody said so lately.
 * `gone`: the ends report and do not see each other any more.
 */
export const LINK_STATES = ["both", "one_side", "stale", "gone"] as const;
export const LinkState = z.enum(LINK_STATES);
export type LinkState = z.infer<typeof LinkState>;

export const TopologyNode = z.object({
  /** Id of a device, or the key of something that is not managed. */
  key: z.string(),
  /** `segment`: several ports see each other there, through something that nobody sees. */
  kind: z.enum(["device", "unmanaged", "segment"]),
  name: z.string(),
  /** Of devices. */
  status: z.enum([...DeviceStatus.options, "disabled"]).nullable(),
  siteId: z.uuid().nullable(),
  address: z.string().nullable(),
  macAddress: z.string().nullable(),
  /** Model or platform. */
  model: z.string().nullable(),
  version: z.string().nullable(),
});
export type TopologyNode = z.infer<typeof TopologyNode>;

export const LinkEnd = z.object({
  node: z.string(),
  /** `null`: not known. */
  interface: z.string().nullable(),
  isRunning: z.boolean().nullable(),
  speedBps: z.number().nullable(),
  rxBps: z.number().nullable(),
  txBps: z.number().nullable(),
  /** When this end last said that it sees the other. */
  seenAt: z.iso.datetime().nullable(),
});
export type LinkEnd = z.infer<typeof LinkEnd>;

export const TopologyLink = z.object({
  id: z.uuid(),
  kind: z.enum(PORT_KINDS),
  state: LinkState,
  a: LinkEnd,
  b: LinkEnd,
  /** Interfaces above on which the same neighbour shows up: bridges, VLANs, bonds. */
  alsoOn: z.array(z.string()),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  goneAt: z.iso.datetime().nullable(),
  /** The busier direction against the link's speed, 0 to 100; `null`: not known. */
  utilisationPercent: z.number().nullable(),
});
export type TopologyLink = z.infer<typeof TopologyLink>;

export const Topology = z.object({
  nodes: z.array(TopologyNode),
  links: z.array(TopologyLink),
  sites: z.array(z.object({ id: z.uuid(), path: z.string() })),
  /** When links were last worked out; `null`: never yet. */
  computedAt: z.iso.datetime().nullable(),
});
export type Topology = z.infer<typeof Topology>;

/** One step of a path: over which link, from which interface to which. */
export const PathHop = z.object({
  link: TopologyLink,
  from: z.object({ key: z.string(), name: z.string(), interface: z.string().nullable() }),
  to: z.object({ key: z.string(), name: z.string(), interface: z.string().nullable() }),
});
export type PathHop = z.infer<typeof PathHop>;

export const TopologyPath = z.object({
  /** Empty: the same node. `null`: there is no path. */
  hops: z.array(PathHop).nullable(),
  /** The only path leads over links that nobody saw lately. */
  isDoubtful: z.boolean(),
});
export type TopologyPath = z.infer<typeof TopologyPath>;

/** Device id, site, or the key of something that is not managed. */
export const NodeKey = z.string().min(1).max(300);
const coordinate = z.number().min(-1_000_000).max(1_000_000);
export const NodePosition = z.strictObject({ node: NodeKey, x: coordinate, y: coordinate });
export type NodePosition = z.infer<typeof NodePosition>;
export const MAX_POSITIONS = 2_000;
