import { z } from "zod";
import { HostOrAddress, InterfaceName, optional } from "./addresses.ts";
import type { RunKind } from "./kind.ts";

export const PingParams = z.strictObject({
  address: HostOrAddress,
  /** `null`: until stopped. */
  count: z.int().min(1).max(600).nullable().default(null),
  /** Bytes, with the IP header. */
  size: z.int().min(28).max(9_000).default(56),
  intervalMs: z.int().min(200).max(5_000).default(1_000),
  doNotFragment: z.boolean().default(false),
  interface: optional(InterfaceName),
  sourceAddress: optional(z.union([z.ipv4(), z.ipv6()])),
});
export type PingParams = z.infer<typeof PingParams>;

export const ping = {
  title: "Ping",
  permission: "tools:run",
  target: "device",
  params: PingParams,
  output: "rows",
  maxSeconds: 600,
  maxRowsPerSecond: 20,
} as const satisfies RunKind;
