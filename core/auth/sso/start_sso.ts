import * as oidc from "openid-client";
import { Slug } from "@/core/contract/tenants.ts";
import { SSO_CALLBACK_PATH, type SsoLink } from "@/core/contract/sso.ts";
import { NotFound } from "@/core/errors.ts";
import type { TenantId } from "@/core/scope.ts";
import type { Client } from "../deps.ts";
import { demandProof } from "../password.ts";
import type { SignedIn } from "../sessions.ts";
import { countStep } from "./limit.ts";
import { keepPending, type Pending } from "./pending.ts";
import { type ProviderRow, readEnabledProvider } from "./read_provider.ts";
import type { SsoDeps } from "./sso_deps.ts";
import { SsoFailed } from "./sso_failed.ts";

/** Where the browser goes, and what it keeps meanwhile. */
export interface SsoStart {
  readonly url: string;
  /** For an httpOnly cookie. */
  readonly browser: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Begins a sign-in at an organisation's provider: the one named, or its oldest.
 *
 * @throws {SsoFailed} `unknown` for a tenant that is not there, is suspended or has no provider alike
 */
export async function startSso(
  deps: SsoDeps,
  { slug, providerId, next }: { slug: string; providerId?: string | undefined; next: string },
  client: Client,
): Promise<SsoStart> {
  await countStep(deps.locks, { address: client.address, perMinute: deps.attemptsPerMinute });
  const isPossible = Slug.safeParse(slug).success &&
    (providerId === undefined || UUID.test(providerId));
  if (!isPossible) throw new SsoFailed("unknown");
  const [found] = await deps.db.system((sql) =>
    sql<{ tenantId: TenantId | null }[]>`select system_find_tenant(${slug}) as "tenantId"`
  );
  const tenantId = found?.tenantId;
  if (!tenantId) throw new SsoFailed("unknown");
  const provider = await deps.db.tenant(
    tenantId,
    (sql) => readEnabledProvider(sql, tenantId, providerId),
  );
  if (!provider) throw new SsoFailed("unknown");
  return await begin(deps, provider, { tenantId, linkTo: null, next }, client);
}

/** Begins to link an identity to the account of who is signed in, against a proof of the password. */
export async function startLink(
  deps: SsoDeps,
  signedIn: SignedIn,
  { providerId, proof }: SsoLink,
  client: Client,
): Promise<SsoStart> {
  await demandProof(deps, signedIn, proof, client);
  const { userId: linkTo, homeTenantId: tenantId } = signedIn;
  const provider = await deps.db.tenant(
    tenantId,
    (sql) => readEnabledProvider(sql, tenantId, providerId),
  );
  if (!provider) throw new NotFound("Cannot find this provider");
  return await begin(deps, provider, { tenantId, linkTo, next: "/account" }, client);
}

async function begin(
  { locks, issuers }: SsoDeps,
  { id, issuer, clientId }: ProviderRow,
  about: Pick<Pending, "tenantId" | "linkTo" | "next">,
  { origin }: Client,
): Promise<SsoStart> {
  // The secret is for the token endpoint alone: it is not read before somebody comes back.
  const party = await issuers.client({ issuer, clientId, clientSecret: null });
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const verifier = oidc.randomPKCECodeVerifier();
  const redirectUri = origin + SSO_CALLBACK_PATH;
  const url = oidc.buildAuthorizationUrl(party, {
    redirect_uri: redirectUri,
    scope: "openid email profile",
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  const kept = { ...about, providerId: id, nonce, verifier, redirectUri };
  return { url: url.href, browser: await keepPending(locks, state, kept) };
}
