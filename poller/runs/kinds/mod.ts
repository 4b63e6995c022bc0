import type { RunKindName } from "@/core/contract/runs/mod.ts";
import type { Runner } from "../runner.ts";
import { bandwidthTest } from "./bandwidth.ts";
import { dnsLookup } from "./dns_lookup.ts";
import { log } from "./log.ts";
import { ping } from "./ping.ts";
import { torch } from "./torch.ts";
import { traceroute } from "./traceroute.ts";
import { wakeOnLan } from "./wake_on_lan.ts";

/** How each kind of run is done. A kind without a runner does not compile. */
export const RUNNERS: Readonly<Record<RunKindName, Runner<never>>> = {
  log,
  ping,
  traceroute,
  torch,
  "bandwidth-test": bandwidthTest,
  "dns-lookup": dnsLookup,
  "wake-on-lan": wakeOnLan,
};
