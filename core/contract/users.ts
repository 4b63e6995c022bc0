import { z } from "zod";
import { Email } from "./auth.ts";

export const ROLES = ["super_admin", "admin", "operator", "viewer", "custom"] as const;
export const Role = z.enum(ROLES);

/** What people call the built-in roles. */
export const ROLE_WORDS: Readonly<Record<typeof ROLES[number], string>> = {
  super_admin: "Installation administrator",
  admin: "Administrator",
  operator: "Operator",
  viewer: "Viewer",
  custom: "Custom role",
};

/** A role's name for people; its own name where it is none of ours. */
export function roleWords(role: string): string {
  return (ROLE_WORDS as Record<string, string>)[role] ?? role;
}

const name = z.string().trim().min(1).max(200);

/** `customRoleId` goes with role `custom` alone. */
export const NewUser = z.object({
  email: z.string().trim().pipe(Email),
  name,
  role: Role,
  customRoleId: z.uuid().nullable().default(null),
});
export type NewUser = z.input<typeof NewUser>;

export const UserPatch = z.object({
  name: name.optional(),
  role: Role.optional(),
  customRoleId: z.uuid().nullable().optional(),
  isActive: z.boolean().optional(),
});
export type UserPatch = z.infer<typeof UserPatch>;

export const User = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: Role,
  customRoleId: z.string().nullable(),
  customRoleName: z.string().nullable(),
  isActive: z.boolean(),
  /** Enrolled: until then they have an invitation at most. */
  isEnrolled: z.boolean(),
  hasSecondFactor: z.boolean(),
  lastLoginAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  revision: z.int(),
});
export type User = z.infer<typeof User>;

/** A one-time link, shown once. */
export const IssuedLink = z.object({
  token: z.string(),
  purpose: z.enum(["invite", "recover"]),
  expiresAt: z.iso.datetime(),
});
export type IssuedLink = z.infer<typeof IssuedLink>;

export const NewRole = z.object({
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(1000).nullable().default(null),
  permissions: z.array(z.string()).min(1).max(100),
});
export type NewRole = z.input<typeof NewRole>;

export const CustomRole = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  permissions: z.array(z.string()),
  users: z.int(),
});
export type CustomRole = z.infer<typeof CustomRole>;
