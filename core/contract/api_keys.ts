import { z } from "zod";

export const NewApiKey = z.object({
  name: z.string().trim().min(1).max(100),
  permissions: z.array(z.string()).min(1).max(100),
  /** Addresses or networks it works from; empty: from anywhere. */
  allowedFrom: z.array(z.string().max(50)).max(50).default([]),
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type NewApiKey = z.input<typeof NewApiKey>;

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters, by which people tell keys apart. */
  prefix: z.string(),
  permissions: z.array(z.string()),
  allowedFrom: z.array(z.string()),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  lastUsedFrom: z.string().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  /** Who made it, and whose rights bound it. */
  owner: z.object({ id: z.string(), name: z.string(), isActive: z.boolean() }),
});
export type ApiKey = z.infer<typeof ApiKey>;
