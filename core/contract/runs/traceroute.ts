import { z } from "zod";
import { HostOrAddress, InterfaceName, optional } from "./addresses.ts";
import type { RunKind } from "./kind.ts";

export const TracerouteParams = z.strictObject({
  address: HostOrAddress,
  protocol: z.enum(["icmp", "udp"]).default("icmp"),
  /** Packets to each hop; `null`: until stopped. */
  count: z.int().min(1).max(300).nullable().default(10),
  maxHops: z.int().min(1).max(64).default(30),
  timeoutMs: z.int().min(100).max(5_000).default(1_000),
  /** Names of the hops: the router asks its DNS server for each. */
  useDns: z.boolean().default(false),
  interface: optional(InterfaceName),
  sourceAddress: optional(z.union([z.ipv4(), z.ipv6()])),
});
export type TracerouteParams = z.infer<typeof TracerouteParams>;

export const traceroute = {
  title: "Traceroute",
  permission: "tools:run",
  target: "device",
  params: TracerouteParams,
  output: "sections",
  maxSeconds: 600,
  maxRowsPerSecond: 1_000,
} as const satisfies RunKind;
