import { bandwidthTest } from "./bandwidth.ts";
import { dnsLookup } from "./dns_lookup.ts";
import type { RunKind } from "./kind.ts";
import { log } from "./log.ts";
import { ping } from "./ping.ts";
import { torch } from "./torch.ts";
import { traceroute } from "./traceroute.ts";
import { wakeOnLan } from "./wake_on_lan.ts";

export type { RunKind } from "./kind.ts";

/** Every kind of live run. A new one: a file beside this, a line here, and its runner in the poller. */
export const RUN_KINDS = {
  ping,
  traceroute,
  torch,
  "bandwidth-test": bandwidthTest,
  "dns-lookup": dnsLookup,
  "wake-on-lan": wakeOnLan,
  log,
} as const satisfies Record<string, RunKind>;

export type RunKindName = keyof typeof RUN_KINDS;
export const RUN_KIND_NAMES = Object.keys(RUN_KINDS) as [RunKindName, ...RunKindName[]];
