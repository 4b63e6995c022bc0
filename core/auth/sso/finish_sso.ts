import { recordAuditApart } from "@/core/audit/record.ts";
import { Unauthenticated } from "@/core/errors.ts";
import type { TenantId } from "@/core/scope.ts";
import type { Client } from "../deps.ts";
import { completeLogin } from "../login.ts";
import type { Tokens } from "../sessions.ts";
import { findOrBindUser, linkUser } from "./bind_user.ts";
import { redeemCode } from "./claims.ts";
import { countStep } from "./limit.ts";
import { type Pending, takePending } from "./pending.ts";
import { readEnabledProvider, readSecret } from "./read_provider.ts";
import type { SsoDeps } from "./sso_deps.ts";
import { SsoFailed } from "./sso_failed.ts";

export interface SsoCallback {
  /** The query of the address, as the browser came. */
  readonly search: string;
  /** From its cookie. */
  readonly browser: string | undefined;
}

/** Where to go on; tokens where somebody signed in. */
export type SsoResult =
  | { kind: "signed-in"; next: string; tokens: Tokens }
  | { kind: "linked"; next: string };

/**
 * Ends what {@linkcode startSso} began. Refusals are audited with the tenant, where it is known.
 *
 * @throws {SsoFailed}
 */
export async function finishSso(
  deps: SsoDeps,
  { search, browser }: SsoCallback,
  client: Client,
): Promise<SsoResult> {
  await countStep(deps.locks, { address: client.address, perMinute: deps.attemptsPerMinute });
  const state = new URLSearchParams(search).get("state") ?? "";
  const pending = /^[\w-]{20,100}$/.test(state)
    ? await takePending(deps.locks, state, browser)
    : undefined;
  if (!pending) throw new SsoFailed("expired");
  try {
    return await finish(deps, pending, { search, state }, client);
  } catch (error) {
    const failed = error instanceof Unauthenticated
      ? new SsoFailed("refused", { cause: error })
      : error;
    if (failed instanceof SsoFailed) await auditFailure(deps, pending, failed, client);
    throw failed instanceof SsoFailed && pending.linkTo !== null
      ? new LinkFailed(failed.problem, { cause: failed.cause })
      : failed;
  }
}

/** The same, of somebody who was linking: they go back to their account. */
export class LinkFailed extends SsoFailed {}

async function finish(
  deps: SsoDeps,
  pending: Pending,
  callback: { search: string; state: string },
  client: Client,
): Promise<SsoResult> {
  const { db, kms, clock, issuers } = deps;
  const { tenantId, providerId, linkTo, next } = pending;
  // Looked up by tenant and id: no callback reaches a provider of another tenant.
  const party = await db.tenant(tenantId, async (sql) => {
    const provider = await readEnabledProvider(sql, tenantId, providerId);
    if (!provider) throw new SsoFailed("unknown");
    const { issuer, clientId } = provider;
    const read = { now: clock.now(), requestId: client.requestId };
    return { issuer, clientId, clientSecret: await readSecret(sql, kms, tenantId, provider, read) };
  });
  const vouched = await redeemCode(await issuers.client(party), pending, callback);
  const userId = await db.tenant(tenantId, async (sql) => {
    // Again: meanwhile an administrator may have turned it off.
    const provider = await readEnabledProvider(sql, tenantId, providerId);
    if (!provider) throw new SsoFailed("unknown");
    const binding = { tenantId, provider, vouched };
    if (linkTo === null) return await findOrBindUser(sql, deps, binding, client);
    await linkUser(sql, deps, binding, linkTo, client);
    return linkTo;
  });
  if (linkTo !== null) return { kind: "linked", next };
  const tokens = await completeLogin(deps, { id: userId, tenantId }, ["oidc"], client);
  return { kind: "signed-in", next, tokens };
}

async function auditFailure(
  { db, kms }: SsoDeps,
  { tenantId, providerId }: { tenantId: TenantId; providerId: string },
  { problem }: SsoFailed,
  client: Client,
): Promise<void> {
  await recordAuditApart(db, kms, tenantId, [{
    ...{ actor: "anonymous", action: "login.failed", outcome: "refused" },
    target: { kind: "sso_provider", id: providerId },
    requestId: client.requestId,
    ip: client.address,
    details: { factors: ["oidc"], reason: problem, userAgent: client.userAgent },
  }]);
}
