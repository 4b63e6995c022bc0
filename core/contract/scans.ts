import { z } from "zod";
import { HostFindings } from "./discovery.ts";

export const SCAN_STATUSES = ["running", "done", "cancelled", "interrupted", "failed"] as const;

export const NewScan = z.strictObject({
  /** See `core/contract/scan_targets.ts`. */
  targets: z.string().trim().min(1).max(8_000),
  region: z.string().trim().regex(/^[a-z0-9-]{1,40}$/).default("default"),
});
export type NewScan = z.input<typeof NewScan>;

export const Scan = z.object({
  id: z.uuid(),
  targets: z.string(),
  region: z.string(),
  /** `interrupted`: its poller died or was stopped; what was found until then is kept. */
  status: z.enum(SCAN_STATUSES),
  /** Somebody asked for its end, and the poller has not confirmed it yet. */
  isStopping: z.boolean(),
  reason: z.string().nullable(),
  /** Addresses to look at. */
  total: z.int(),
  done: z.int(),
  /** Addresses where something answered. */
  found: z.int(),
  startedBy: z.string().nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type Scan = z.infer<typeof Scan>;

export const ScanHost = HostFindings.extend({
  foundAt: z.iso.datetime(),
  /** The device that is managed there already: by its address, or by its certificate. */
  device: z.object({ deviceId: z.uuid(), deviceName: z.string() }).nullable(),
});
export type ScanHost = z.infer<typeof ScanHost>;

export const ScanWithHosts = z.object({ scan: Scan, hosts: z.array(ScanHost) });
export type ScanWithHosts = z.infer<typeof ScanWithHosts>;

/** Sent to the browser while a scan runs: where it is, and what was found since the last one. */
export type ScanNews = ScanWithHosts;
