import { z } from "zod";
import { HostOrAddress, optional } from "./addresses.ts";
import type { RunKind } from "./kind.ts";

export const DnsLookupParams = z.strictObject({
  name: HostOrAddress,
  type: z.enum(["ipv4", "ipv6"]).default("ipv4"),
  /** Absent: the servers the router uses. */
  server: optional(z.union([z.ipv4(), z.ipv6()])),
});
export type DnsLookupParams = z.infer<typeof DnsLookupParams>;

export const dnsLookup = {
  title: "DNS lookup",
  permission: "tools:run",
  target: "device",
  params: DnsLookupParams,
  output: "rows",
  maxSeconds: 30,
  maxRowsPerSecond: 10,
} as const satisfies RunKind;
