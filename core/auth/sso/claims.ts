import * as oidc from "openid-client";
import type { Pending } from "./pending.ts";
import { SsoFailed } from "./sso_failed.ts";

/** What a provider vouches for. */
export interface Vouched {
  readonly subject: string;
  /** Lower-case; `null` unless the provider says that it is verified. */
  readonly email: string | null;
  readonly name: string | null;
}

const MAX_SUBJECT = 500;

/**
 * Trades the code of a callback for what the provider vouches for. Issuer, audience, nonce, times and
 * signature of the ID token are verified by the library.
 *
 * @throws {SsoFailed} `declined` or `failed`
 */
export async function redeemCode(
  party: oidc.Configuration,
  { redirectUri, verifier, nonce }: Pending,
  { search, state }: { search: string; state: string },
): Promise<Vouched> {
  const callback = new URL(redirectUri);
  callback.search = search;
  try {
    const tokens = await oidc.authorizationCodeGrant(party, callback, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    const subject = claims.sub;
    if (subject.length === 0 || subject.length > MAX_SUBJECT || subject.includes("\0")) {
      throw new Error(`Cannot bind a subject that must be 1 to ${MAX_SUBJECT} characters`);
    }
    // A provider to the letter tells addresses at its userinfo endpoint alone.
    const more = claims["email"] === undefined && party.serverMetadata().userinfo_endpoint
      ? await oidc.fetchUserInfo(party, tokens.access_token, subject)
      : claims;
    return { subject, email: verifiedEmail(more), name: text(more["name"], 200) };
  } catch (cause) {
    const isDeclined = cause instanceof oidc.AuthorizationResponseError;
    throw new SsoFailed(isDeclined ? "declined" : "failed", { cause });
  }
}

type Claims = Readonly<Record<string, unknown>>;

function verifiedEmail(claims: Claims): string | null {
  const email = claims["email_verified"] === true ? text(claims["email"], 254) : null;
  return email !== null && /^[^\s@\0]+@[^\s@\0]+$/.test(email) ? email.toLowerCase() : null;
}

function text(value: unknown, maxLength: number): string | null {
  if (typeof value !== "string") return null;
  const clean = value.replaceAll("\0", "").trim().slice(0, maxLength).toWellFormed();
  return clean === "" ? null : clean;
}
