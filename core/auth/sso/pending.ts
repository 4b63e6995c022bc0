import type { Locks } from "@/core/ports/locks.ts";
import type { TenantId } from "@/core/scope.ts";
import { randomToken, tokenHash } from "../tokens.ts";

/** How long somebody may take at their provider, in seconds. */
export const PENDING_SECONDS = 600;

/** A sign-in while the person is at their provider. */
export interface Pending {
  readonly tenantId: TenantId;
  readonly providerId: string;
  /** Set where somebody who is signed in links an identity to their account. */
  readonly linkTo: string | null;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  /** Path to go on to. */
  readonly next: string;
  /** Of the browser's cookie: who began it ends it. */
  readonly browserHash: string;
}

/** Keeps it under `state`; answers the browser's half, for its cookie. */
export async function keepPending(
  locks: Locks,
  state: string,
  pending: Omit<Pending, "browserHash">,
): Promise<string> {
  const browser = randomToken();
  const kept: Pending = { ...pending, browserHash: tokenHash(browser).toString("base64url") };
  await locks.put(`sso:${state}`, JSON.stringify(kept), PENDING_SECONDS * 1_000);
  return browser;
}

/** Takes it, once; `undefined` also where another browser brings it. */
export async function takePending(
  locks: Locks,
  state: string,
  browser: string | undefined,
): Promise<Pending | undefined> {
  const text = await locks.take(`sso:${state}`);
  if (text === undefined || browser === undefined) return undefined;
  const pending = JSON.parse(text) as Pending;
  const isSame = tokenHash(browser).toString("base64url") === pending.browserHash;
  return isSame ? pending : undefined;
}
