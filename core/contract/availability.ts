import { z } from "zod";

/** Spans that a router's availability is told for. */
export const AVAILABILITY_SPANS = [
  { label: "24 hours", hours: 24 },
  { label: "7 days", hours: 7 * 24 },
  { label: "30 days", hours: 30 * 24 },
] as const;

const measured = {
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  onlineSeconds: z.number(),
  offlineSeconds: z.number(),
};

/** A stretch of a router's past. Time in neither state was not measured: nobody polled then. */
export const AvailabilitySlot = z.object(measured);
export type AvailabilitySlot = z.infer<typeof AvailabilitySlot>;

export const AvailabilitySpan = z.object({
  ...measured,
  label: z.string(),
  /** Of the measured time, 0 to 1; `null`: nothing was measured. */
  share: z.number().nullable(),
  outages: z.int(),
  longestOutageSeconds: z.number(),
});
export type AvailabilitySpan = z.infer<typeof AvailabilitySpan>;

export const DeviceAvailability = z.object({
  spans: z.array(AvailabilitySpan),
  /** The last 24 hours, oldest first. */
  day: z.array(AvailabilitySlot),
  /** The last 30 days, oldest first. */
  month: z.array(AvailabilitySlot),
});
export type DeviceAvailability = z.infer<typeof DeviceAvailability>;

/** Online time of the measured time. */
export function shareOf(
  { onlineSeconds, offlineSeconds }: { onlineSeconds: number; offlineSeconds: number },
): number | null {
  const seconds = onlineSeconds + offlineSeconds;
  return seconds > 0 ? onlineSeconds / seconds : null;
}

/** "99.98 %". Rounded down: 100 % is said of what never was away. */
export function availability(share: number | null): string {
  return share === null ? "–" : `${(Math.floor(share * 10_000 + 1e-6) / 100).toFixed(2)} %`;
}
