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
});
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
export const TenantSettings = z.object({ requireSecondFactor: z.boolean() });
export type TenantSettings = z.infer<typeof TenantSettings>;
