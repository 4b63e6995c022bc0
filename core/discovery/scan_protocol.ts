import { z } from "zod";
import { HostFindings } from "@/core/contract/discovery.ts";

/** Sent on `subjects.scanStart(region)`: a poller of the region takes it. */
export const ScanOrder = z.object({
  tenantId: z.string(),
  scanId: z.uuid(),
  targets: z.string(),
});
export type ScanOrder = z.infer<typeof ScanOrder>;

export const ScanTaken = z.discriminatedUnion("taken", [
  z.object({ taken: z.literal(true), poller: z.string() }),
  z.object({ taken: z.literal(false), reason: z.string() }),
]);
export type ScanTaken = z.infer<typeof ScanTaken>;

/** Hosts of one report: each is about a kilobyte. */
export const MAX_REPORTED = 100;

/** Sent on `subjects.scanReport`, twice a second; kept by the poller until it is answered. */
export const ScanReport = z.object({
  tenantId: z.string(),
  scanId: z.uuid(),
  state: z.enum(["running", "done", "cancelled", "interrupted"]),
  done: z.int().nonnegative(),
  hosts: z.array(HostFindings).max(MAX_REPORTED),
});
export type ScanReport = z.infer<typeof ScanReport>;

/** `goOn` false: nobody wants the rest. */
export const ScanReportAnswer = z.object({ goOn: z.boolean() });
