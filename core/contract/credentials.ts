import { z } from "zod";

const fields = {
  name: z.string().trim().min(1).max(100),
  username: z.string().trim().min(1).max(200),
  /** Encrypted before it is stored; never comes back out of the API. */
  password: z.string().max(1_000),
  notes: z.string().trim().max(2_000).nullable(),
};

export const NewCredentialProfile = z.strictObject({
  ...fields,
  notes: fields.notes.default(null),
});
export type NewCredentialProfile = z.input<typeof NewCredentialProfile>;

/** Absent: unchanged. Another user name needs its password too. */
export const CredentialProfilePatch = z.strictObject(fields).partial();
export type CredentialProfilePatch = z.infer<typeof CredentialProfilePatch>;

/** A login for many routers. Never carries the password. */
export const CredentialProfile = z.object({
  id: z.uuid(),
  name: z.string(),
  username: z.string(),
  notes: z.string().nullable(),
  /** Routers that log in with it. */
  devices: z.int(),
  /** When user name or password were set last. */
  secretAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
});
export type CredentialProfile = z.infer<typeof CredentialProfile>;

/** What a form offers to choose from. */
export interface ProfileChoice {
  id: string;
  name: string;
  username: string;
}
