import type { PortKind } from "@/core/contract/topology.ts";
import type { NeighborReading } from "@/core/contract/sample.ts";

export interface Port {
  name: string;
  mac: string | null;
  /** RouterOS's word; see {@linkcode portKind}. */
  type: string;
}

/** A managed device with what it said of itself and of its neighbours. */
export interface FleetDevice {
  id: string;
  address: string;
  identity: string | null;
  ports: readonly Port[];
  neighbors: readonly NeighborReading[];
  /** When it last told its neighbours, in ms; `null`: never. */
  toldMs: number | null;
}

/** Somebody seen who is not managed. */
export interface Stranger {
  /** `mac:…`, `ip:…` or `name:…`: what is known of it. */
  key: string;
  identity: string | null;
  address: string | null;
  macAddress: string | null;
  platform: string | null;
  board: string | null;
  version: string | null;
  lastSeenMs: number;
}

/** One managed device saw somebody on one of its ports. */
export interface Sighting {
  device: string;
  port: string;
  kind: PortKind;
  /** Lower is nearer to the cable; for virtual ports. */
  rank: number;
  /** Device id, or a stranger's key. */
  peer: string;
  peerPort: string | null;
  peerKind: PortKind | null;
  atMs: number;
  /** Other interfaces of the same device on which the same peer shows up. */
  alsoOn: string[];
}

export interface FoundEnd {
  node: string;
  /** Empty: not known. */
  port: string;
}

export interface FoundLink {
  kind: PortKind;
  a: FoundEnd;
  b: FoundEnd;
  /** When each end last said that it sees the other; `null`: it does not say so. */
  aSeenMs: number | null;
  bSeenMs: number | null;
  alsoOn: string[];
}

export interface FoundTopology {
  strangers: Stranger[];
  /** Keys of shared segments: `seg:…`. */
  segments: string[];
  links: FoundLink[];
}
