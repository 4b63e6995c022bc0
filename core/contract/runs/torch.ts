import { z } from "zod";
import { InterfaceName, optional } from "./addresses.ts";
import type { RunKind } from "./kind.ts";

const Network = z.union([z.ipv4(), z.cidrv4(), z.ipv6(), z.cidrv6()]);

export const TorchParams = z.strictObject({
  interface: InterfaceName,
  /** What tells flows apart; without any, there is one row with the sum. */
  byAddress: z.boolean().default(true),
  byProtocol: z.boolean().default(true),
  byPort: z.boolean().default(true),
  /** IPv6 flows, too. */
  ipv6: z.boolean().default(false),
  /** Only flows of this network on the far side of the interface. */
  source: optional(Network),
  /** Only flows to this network. */
  destination: optional(Network),
  protocol: z.enum(["any", "tcp", "udp", "icmp", "gre", "ipsec-esp", "icmpv6"]).default("any"),
  port: optional(z.int().min(1).max(65_535)),
});
export type TorchParams = z.infer<typeof TorchParams>;

export const torch = {
  title: "Torch",
  permission: "tools:run",
  target: "device",
  params: TorchParams,
  output: "sections",
  // It turns FastTrack and fast path off on the interface for as long as it runs.
  maxSeconds: 300,
  maxRowsPerSecond: 1_000,
} as const satisfies RunKind;
