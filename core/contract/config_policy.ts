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

export const BINARY_SCHEDULES = ["off", "weekly", "daily"] as const;

/** Full backups: how often they are taken, and how many of a router are kept. */
export const BinaryPolicy = z.strictObject({
  schedule: z.enum(BINARY_SCHEDULES),
  /** The newest ones; those of pinned versions beside. */
  keep: z.number().int().min(1).max(1_000),
});
export type BinaryPolicy = z.infer<typeof BinaryPolicy>;

/** What holds for a tenant, and what would without its own wishes. */
export const ConfigPolicy = z.object({
  retention: ConfigRetention,
  /** Whether the tenant has its own. */
  isOwn: z.boolean(),
  installation: ConfigRetention,
  binaries: BinaryPolicy,
});
export type ConfigPolicy = z.infer<typeof ConfigPolicy>;

/** What is absent stays. */
export const ConfigPolicyChange = z.strictObject({
  /** `null`: as the installation has it. */
  retention: ConfigRetention.nullable().optional(),
  binaries: BinaryPolicy.optional(),
});
export type ConfigPolicyChange = z.infer<typeof ConfigPolicyChange>;

export const PinChange = z.strictObject({
  isPinned: z.boolean(),
  label: z.string().trim().min(1).max(200).nullable(),
});
export type PinChange = z.infer<typeof PinChange>;
