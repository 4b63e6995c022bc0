import { z } from "zod";
import {
  GROUP_BYTES,
  ITERATIONS,
  MAX_ITERATIONS,
  MIN_ITERATIONS,
  SALT_BYTES,
  SRP_GROUP,
} from "./password_kdf.ts";

export { ITERATIONS, MIN_ITERATIONS, SALT_BYTES, SRP_GROUP };

/** Bytes as lower-case hex. */
const hex = (minBytes: number, maxBytes = minBytes) =>
  z.string().regex(/^([0-9a-f]{2})+$/, "must be lower-case hex")
    .min(minBytes * 2).max(maxBytes * 2);

export const Email = z.email().max(254);

export const SrpStart = z.object({ email: Email, A: hex(1, GROUP_BYTES) });
export const SrpChallenge = z.object({
  handshake: z.string(),
  /** I of SRP and info of HKDF: an account's id, which stays when its address changes. */
  identity: z.string(),
  B: hex(GROUP_BYTES),
  group: z.literal(SRP_GROUP),
  srpSalt: hex(SALT_BYTES),
  pbkdf2Salt: hex(SALT_BYTES),
  hkdfSalt: hex(SALT_BYTES),
  iterations: z.int().min(MIN_ITERATIONS).max(MAX_ITERATIONS),
});
export type SrpChallenge = z.infer<typeof SrpChallenge>;

export const SrpFinish = z.object({ handshake: z.string().max(100), M1: hex(32) });
export const FACTORS = ["totp", "passkey", "recovery"] as const;
export const SignInStep = z.object({
  /** The server's proof; absent where there was no SRP. */
  M2: hex(32).optional(),
  next: z.enum(["done", "second-factor"]),
  /** For the second step: names the half-done sign-in. */
  ticket: z.string().optional(),
  factors: z.array(z.enum(FACTORS)).optional(),
  /** Where a passkey is one of them: what WebAuthn calls PublicKeyCredentialRequestOptionsJSON. */
  passkeyOptions: z.looseObject({ challenge: z.string() }).optional(),
});
export type SignInStep = z.infer<typeof SignInStep>;

/** Second step: the ticket and one factor. */
export const SecondFactor = z.object({
  ticket: z.string().max(100),
  totp: z.string().regex(/^\d{6}$/).optional(),
  recovery: z.string().min(8).max(100).optional(),
  /** What WebAuthn calls AuthenticationResponseJSON. */
  passkey: z.looseObject({ id: z.string() }).optional(),
});
export type SecondFactor = z.infer<typeof SecondFactor>;

/** What a server may know of a password. */
export const Verifier = z.object({
  group: z.literal(SRP_GROUP),
  srpSalt: hex(SALT_BYTES),
  verifier: hex(GROUP_BYTES),
  pbkdf2Salt: hex(SALT_BYTES),
  hkdfSalt: hex(SALT_BYTES),
  iterations: z.int().min(MIN_ITERATIONS).max(MAX_ITERATIONS),
});
export type Verifier = z.infer<typeof Verifier>;

/** One of one's own second factors. */
export const Factor = z.object({
  id: z.string(),
  kind: z.enum(["totp", "passkey"]),
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type Factor = z.infer<typeof Factor>;

export const LinkInfo = z.object({
  purpose: z.enum(["setup", "invite", "recover", "demo"]),
  /** As in {@linkcode SrpChallenge}: what the verifier is made for. */
  identity: z.string(),
  /** Absent at the first setup, which asks for it. */
  email: z.string().nullable(),
  name: z.string().nullable(),
  organisation: z.string(),
  expiresAt: z.iso.datetime(),
});
export type LinkInfo = z.infer<typeof LinkInfo>;

export const Enrolment = Verifier.extend({
  name: z.string().trim().min(1).max(200).optional(),
  /** At the first setup only. */
  email: Email.optional(),
  organisation: z.string().trim().min(1).max(200).optional(),
});
export type Enrolment = z.infer<typeof Enrolment>;

export const Enrolled = z.object({
  accountId: z.string(),
  /** Shown once: each opens a new enrolment, once, should password or Secret Key be lost. */
  recoveryCodes: z.array(z.string()),
});

export const PasswordChange = z.object({ proof: SrpFinish, next: Verifier });

export const Me = z.object({
  userId: z.string(),
  sessionId: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(["super_admin", "admin", "operator", "viewer", "custom"]),
  permissions: z.array(z.string()),
  homeTenantId: z.string(),
  tenantId: z.string(),
  tenantName: z.string(),
  needsSecondFactor: z.boolean(),
});
export type Me = z.infer<typeof Me>;

export const Session = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  factors: z.array(z.string()),
  isCurrent: z.boolean(),
});
export type Session = z.infer<typeof Session>;
