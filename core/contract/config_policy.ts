import { z } from "zod";

const days = (least: number) => z.number().int().min(least).max(36_500);

/** How long versions are kept: all of them, then the last of each day, week and month; in days of age. */
export const ConfigRetention = z.strictObject({
  allDays: days(7),
  dailyDays: days(0),
  weeklyDays: days(0),
  monthlyDays: days(0),
});
export type ConfigRetention = z.infer<typeof ConfigRetention>;

/** What holds for a tenant, and what would without its own wishes. */
export const ConfigPolicy = z.object({
  retention: ConfigRetention,
  /** Whether the tenant has its own. */
  isOwn: z.boolean(),
  installation: ConfigRetention,
});
export type ConfigPolicy = z.infer<typeof ConfigPolicy>;

/** `null`: as the installation has it. */
export const ConfigPolicyChange = z.strictObject({ retention: ConfigRetention.nullable() });
export type ConfigPolicyChange = z.infer<typeof ConfigPolicyChange>;

export const PinChange = z.strictObject({
  isPinned: z.boolean(),
  label: z.string().trim().min(1).max(200).nullable(),
});
export type PinChange = z.infer<typeof PinChange>;
