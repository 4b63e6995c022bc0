import { z } from "zod";
import { HostOrAddress, optional } from "./addresses.ts";
import type { RunKind } from "./kind.ts";

/** Mbit/s. */
const Limit = optional(z.number().min(0.1).max(100_000));
const Text = z.string().max(128).refine(
  (text) => !/\p{Cc}/u.test(text),
  "must hold no control characters",
);

export const BandwidthTestParams = z.strictObject({
  /** A MikroTik router whose bandwidth server is enabled. */
  address: HostOrAddress,
  user: Text.default(""),
  password: Text.default(""),
  protocol: z.enum(["tcp", "udp"]).default("tcp"),
  /** Seen from the router that runs the test. */
  direction: z.enum(["receive", "transmit", "both"]).default("receive"),
  seconds: z.int().min(1).max(30).default(10),
  /** TCP only; RouterOS opens 20. */
  connections: optional(z.int().min(1).max(100)),
  transmitLimitMbps: Limit,
  receiveLimitMbps: Limit,
  /** It fills the link, for everybody who uses it: whoever starts it says that they know. */
  loadsTheLink: z.literal(true),
});
export type BandwidthTestParams = z.infer<typeof BandwidthTestParams>;

export const bandwidthTest = {
  title: "Bandwidth test",
  permission: "tools:run",
  target: "device",
  params: BandwidthTestParams,
  output: "rows",
  maxSeconds: 60,
  maxRowsPerSecond: 10,
} as const satisfies RunKind;
