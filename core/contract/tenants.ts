import { z } from "zod";
import { Email } from "./auth.ts";

export const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be a-z, 0-9 and -");

export const Tenant = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  contactEmail: z.string().nullable(),
  isActive: z.boolean(),
  users: z.int(),
  devices: z.int(),
  createdAt: z.iso.datetime(),
  /** The first step of a deletion; `null`: nobody asked for it. */
  deletionRequestedAt: z.iso.datetime().nullable(),
  /** The last whole export since then. */
  exportedAt: z.iso.datetime().nullable(),
  /** The second step began: there is no way back. */
  isDeletionFinal: z.boolean(),
});
/** Between the two steps of a deletion. */
export const DELETION_WAIT_MS = 86_400_000;
/** What is typed to confirm: the tenant's short name. */
export const TenantConfirmation = z.object({ slug: z.string().max(63) });
export type Tenant = z.infer<typeof Tenant>;

export const NewTenant = z.object({
  name: z.string().trim().min(1).max(200),
  slug: Slug,
  /** Their first administrator, invited by a link. */
  adminName: z.string().trim().min(1).max(200),
  adminEmail: z.string().trim().pipe(Email),
});
export type NewTenant = z.input<typeof NewTenant>;

export const TenantPatch = z.object({
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().trim().max(2_000).nullable().optional(),
  contactEmail: z.string().trim().pipe(Email).nullable().optional(),
  isActive: z.boolean().optional(),
});
export type TenantPatch = z.infer<typeof TenantPatch>;

/** What an organisation decides for its people. */
export const TenantSettings = z.object({
  requireSecondFactor: z.boolean(),
  /** Change sets need the approval of somebody who did not write them. */
  requireChangeReview: z.boolean(),
});
export type TenantSettings = z.infer<typeof TenantSettings>;
/** What is absent stays. */
export const TenantSettingsPatch = TenantSettings.partial();
export type TenantSettingsPatch = z.infer<typeof TenantSettingsPatch>;
