import { recordAudit } from "@/core/audit/record.ts";
import {
  NewSsoProvider,
  type SsoDiscovery,
  type SsoProvider,
  SsoProviderPatch,
} from "@/core/contract/sso.ts";
import { Conflict, InvalidInput, messageOf, NotFound, TooManyRequests } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { demandGrantable, ROLE_PERMISSIONS } from "../roles.ts";
import { secretContext } from "./read_provider.ts";
import type { SsoDeps } from "./sso_deps.ts";

type Deps = Pick<SsoDeps, "kms" | "clock" | "issuers" | "locks">;

/** The organisation's providers by name, and its own short name. Secrets are never answered. */
export async function listProviders(
  scope: Scope,
): Promise<{ items: SsoProvider[]; tenantSlug: string }> {
  demand(scope, "settings:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [tenant] = await sql<{ slug: string }[]>`
      select slug from tenants where id = ${scope.tenantId}`;
    return { items: await read(sql), tenantSlug: tenant?.slug ?? "" };
  });
}

/** @throws {Conflict} for a used name; {@linkcode InvalidInput}; {@linkcode Forbidden} */
export async function addProvider(
  scope: Scope,
  deps: Deps,
  input: NewSsoProvider,
): Promise<SsoProvider> {
  demand(scope, "settings:write");
  const parsed = NewSsoProvider.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const given = parsed.data;
  demandIssuer(deps, given.issuer);
  demandRules(scope, given);
  const id = crypto.randomUUID();
  const ciphertext = await seal(scope, deps, id, given.clientSecret);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [made] = await sql`
      insert into oidc_providers (id, tenant_id, name, issuer, client_id, ciphertext, email_domains,
        admits_viewers, matches_invited, created_at)
      values (${id}, ${scope.tenantId}, ${given.name}, ${given.issuer}, ${given.clientId},
        ${ciphertext}, ${given.emailDomains}, ${given.admitsViewers}, ${given.matchesInvited},
        ${new Date(deps.clock.now())})
      on conflict do nothing returning id`;
    if (!made) throw new Conflict(`Cannot add ${given.name}: there is a provider of this name`);
    const provider = await find(sql, id);
    await record(sql, scope, deps, provider, "sso.provider_added", shown(provider));
    return provider;
  });
}

/** Takes effect with the next sign-in, also one that has begun. */
export async function updateProvider(
  scope: Scope,
  deps: Deps,
  id: string,
  input: SsoProviderPatch,
): Promise<SsoProvider> {
  demand(scope, "settings:write");
  const parsed = SsoProviderPatch.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const patch = parsed.data;
  const ciphertext = patch.clientSecret === undefined
    ? undefined
    : await seal(scope, deps, id, patch.clientSecret);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await find(sql, id, { isLocked: true });
    const next = {
      name: patch.name ?? before.name,
      emailDomains: patch.emailDomains ?? before.emailDomains,
      admitsViewers: patch.admitsViewers ?? before.admitsViewers,
      matchesInvited: patch.matchesInvited ?? before.matchesInvited,
      isEnabled: patch.isEnabled ?? before.isEnabled,
    };
    demandRules(scope, next);
    try {
      await sql`
        update oidc_providers set name = ${next.name}, email_domains = ${next.emailDomains},
          admits_viewers = ${next.admitsViewers}, matches_invited = ${next.matchesInvited},
          is_enabled = ${next.isEnabled}
          ${ciphertext === undefined ? sql`` : sql`, ciphertext = ${ciphertext}`}
        where id = ${id}`;
    } catch (error) {
      if ((error as { code?: string }).code !== "23505") throw error;
      throw new Conflict(`Cannot call it ${next.name}: there is a provider of this name`);
    }
    const provider = await find(sql, id);
    await record(sql, scope, deps, provider, "sso.provider_changed", {
      before: shown(before),
      after: shown(provider),
      isSecretNew: ciphertext !== undefined,
    });
    return provider;
  });
}

/** With it go the links of people to it: they need another way in. */
export async function removeProvider(scope: Scope, deps: Deps, id: string): Promise<void> {
  demand(scope, "settings:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const provider = await find(sql, id, { isLocked: true });
    await sql`delete from oidc_providers where id = ${id}`;
    await record(sql, scope, deps, provider, "sso.provider_removed", shown(provider));
  });
}

const MINUTE_MS = 60_000;
const CHECKS_PER_MINUTE = 20;

/**
 * Reads an issuer's discovery document as a sign-in would.
 *
 * @throws {InvalidInput} in words that tell what an outsider could know, not what answers where
 */
export async function checkDiscovery(
  scope: Scope,
  deps: Deps,
  issuer: string,
): Promise<SsoDiscovery> {
  demand(scope, "settings:write");
  demandIssuer(deps, issuer);
  const { count, resetMs } = await deps.locks.hit(`sso:check:${scope.tenantId}`, MINUTE_MS);
  if (count > CHECKS_PER_MINUTE) {
    const seconds = Math.ceil(resetMs / 1_000);
    throw new TooManyRequests(`Cannot check more now: wait ${seconds} seconds`, seconds);
  }
  const metadata = await deps.issuers.check(issuer).catch((error) => {
    throw new InvalidInput("Cannot use this issuer", [{
      path: "issuer",
      message: `answered nothing that is its discovery document (${reasonOf(error)})`,
    }]);
  });
  return {
    issuer: metadata.issuer,
    authorizationEndpoint: metadata.authorization_endpoint!,
    tokenEndpoint: metadata.token_endpoint!,
    signingAlgorithms: metadata.id_token_signing_alg_values_supported ?? [],
  };
}

/** Our own sentences; never what came from the other side. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? messageOf(error.cause) : "";
  return message.startsWith("Cannot ") ? message : "no valid answer in time";
}

function demandIssuer({ issuers }: Deps, issuer: string): void {
  if (issuers.accepts(issuer)) return;
  throw new InvalidInput("Cannot use this issuer", [
    { path: "issuer", message: "must be an https: address without query" },
  ]);
}

/** Who lets people in by a provider gives them rights: so they must hold these themselves. */
function demandRules(
  scope: Scope,
  { emailDomains, admitsViewers, matchesInvited }: Pick<
    SsoProvider,
    "emailDomains" | "admitsViewers" | "matchesInvited"
  >,
): void {
  if (!admitsViewers && !matchesInvited) return;
  demand(scope, "users:write");
  demandGrantable(scope, ROLE_PERMISSIONS.viewer.filter((name) => name !== "account:self"));
  if (emailDomains.length > 0) return;
  throw new InvalidInput("Cannot let people in by this provider", [
    { path: "emailDomains", message: "must name the domains whose addresses it may vouch for" },
  ]);
}

async function seal(
  { tenantId }: Scope,
  { kms }: Deps,
  id: string,
  secret: string | null,
): Promise<Uint8Array | null> {
  if (secret === null) return null;
  return await kms.encrypt(tenantId, new TextEncoder().encode(secret), secretContext(id));
}

type Row = Omit<SsoProvider, "createdAt"> & { createdAt: Date };

async function read(sql: Sql, id?: string): Promise<SsoProvider[]> {
  const rows = await sql<Row[]>`
    select p.id, p.name, p.issuer, p.client_id as "clientId", p.ciphertext is not null as "hasSecret",
      p.email_domains as "emailDomains", p.admits_viewers as "admitsViewers",
      p.matches_invited as "matchesInvited", p.is_enabled as "isEnabled",
      (select count(*)::int from oidc_identities i where i.provider_id = p.id) as identities,
      p.created_at as "createdAt"
    from oidc_providers p ${id === undefined ? sql`` : sql`where p.id = ${id}`}
    order by lower(p.name), p.id`;
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

async function find(sql: Sql, id: string, { isLocked = false } = {}): Promise<SsoProvider> {
  if (isLocked) await sql`select from oidc_providers where id = ${id} for update`;
  const [provider] = await read(sql, id);
  if (!provider) throw new NotFound("Cannot find this provider");
  return provider;
}

async function record(
  sql: Sql,
  scope: Scope,
  { kms }: Deps,
  { id, name }: SsoProvider,
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "sso_provider", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

function shown(
  { name, issuer, clientId, emailDomains, admitsViewers, matchesInvited, isEnabled }: SsoProvider,
) {
  return { name, issuer, clientId, emailDomains, admitsViewers, matchesInvited, isEnabled };
}

function invalid(issues: readonly { path: readonly PropertyKey[]; message: string }[]) {
  return new InvalidInput(
    "Cannot save this provider",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
