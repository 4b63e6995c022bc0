import { z } from "zod";
import { SrpFinish } from "./auth.ts";

/** Where providers send people back to, under the address of the installation. */
export const SSO_CALLBACK_PATH = "/api/auth/sso/callback";

/** Why a sign-in by an organisation ended; the login page has words for each. */
export const SSO_PROBLEMS = [
  "unknown",
  "expired",
  "declined",
  "failed",
  "unavailable",
  "refused",
  "limited",
  "taken",
] as const;
export type SsoProblem = typeof SSO_PROBLEMS[number];

/** For people. Nothing that came with a request stands in them. */
export const SSO_PROBLEM_WORDS: Readonly<Record<SsoProblem, string>> = {
  unknown: "There is no sign-in by an organisation under this short name: ask your administrator " +
    "for the right one.",
  expired: "This sign-in took longer than ten minutes, was used already, or began in another " +
    "browser: begin again.",
  declined: "Your organisation's sign-in was cancelled or declined there.",
  failed: "Your organisation's answer could not be verified, so nobody was signed in: try again, " +
    "then tell your administrator.",
  unavailable: "Your organisation's sign-in service does not answer: try again in a minute.",
  refused: "Your organisation vouched for you, but no account here is open to you. Ask your " +
    "administrator to invite you; if you have an account, sign in with your password and link " +
    "the two on your account page.",
  limited: "There were too many attempts from your address: try again in a minute.",
  taken: "This identity belongs to an account already: unlink it there first.",
};

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const domains = z.array(
  z.string().trim().toLowerCase().regex(DOMAIN, "must be domains as example.net"),
).max(50);
const name = z.string().trim().min(1).max(100);
const secret = z.string().min(1).max(1_000);
export const Issuer = z.url({ protocol: /^https?$/ }).max(500);

export const SsoProvider = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  /** The secret itself is never answered. */
  hasSecret: z.boolean(),
  emailDomains: z.array(z.string()),
  /** People of these domains who are not known yet become viewers. */
  admitsViewers: z.boolean(),
  /** People of these domains who were invited and have not enrolled are let in by their address. */
  matchesInvited: z.boolean(),
  isEnabled: z.boolean(),
  /** Accounts that are linked. */
  identities: z.int(),
  createdAt: z.iso.datetime(),
});
export type SsoProvider = z.infer<typeof SsoProvider>;

/** Issuer and client stay as they are: identities are bound to them. Add another provider instead. */
export const NewSsoProvider = z.object({
  name,
  issuer: Issuer,
  clientId: z.string().trim().min(1).max(500),
  /** Absent for a public client, which PKCE alone protects. */
  clientSecret: secret.nullable().default(null),
  emailDomains: domains.default([]),
  admitsViewers: z.boolean().default(false),
  matchesInvited: z.boolean().default(false),
});
export type NewSsoProvider = z.input<typeof NewSsoProvider>;

export const SsoProviderPatch = z.object({
  name: name.optional(),
  /** `null` takes it away. */
  clientSecret: secret.nullable().optional(),
  emailDomains: domains.optional(),
  admitsViewers: z.boolean().optional(),
  matchesInvited: z.boolean().optional(),
  isEnabled: z.boolean().optional(),
});
export type SsoProviderPatch = z.infer<typeof SsoProviderPatch>;

/** What a provider's discovery document says. */
export const SsoDiscovery = z.object({
  issuer: z.string(),
  authorizationEndpoint: z.string(),
  tokenEndpoint: z.string(),
  signingAlgorithms: z.array(z.string()),
});
export type SsoDiscovery = z.infer<typeof SsoDiscovery>;

/** One of one's own identities at a provider. */
export const SsoIdentity = z.object({
  providerId: z.string(),
  providerName: z.string(),
  isEnabled: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type SsoIdentity = z.infer<typeof SsoIdentity>;

/** What one's account page shows. */
export const OwnSso = z.object({
  identities: z.array(SsoIdentity),
  /** Providers of one's organisation that could be linked. */
  linkable: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type OwnSso = z.infer<typeof OwnSso>;

export const SsoLink = z.object({ providerId: z.uuid(), proof: SrpFinish });
export type SsoLink = z.infer<typeof SsoLink>;
