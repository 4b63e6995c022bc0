import type { Kms } from "@/core/ports/kms.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";

/** A provider as signing in needs it. */
export interface ProviderRow {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly ciphertext: Uint8Array | null;
  readonly emailDomains: string[];
  readonly admitsViewers: boolean;
  readonly matchesInvited: boolean;
}

/** What the secret's ciphertext is bound to. */
export function secretContext(providerId: string): string {
  return `oidc_provider:${providerId}`;
}

/**
 * An enabled provider of an active tenant: `id`, or the oldest. Locked against a change until the
 * transaction ends.
 */
export async function readEnabledProvider(
  sql: Sql,
  tenantId: TenantId,
  id: string | undefined,
): Promise<ProviderRow | undefined> {
  const [row] = await sql<ProviderRow[]>`
    select p.id, p.name, p.issuer, p.client_id as "clientId", p.ciphertext,
      p.email_domains as "emailDomains", p.admits_viewers as "admitsViewers",
      p.matches_invited as "matchesInvited"
    from oidc_providers p join tenants t on t.id = p.tenant_id
    where p.tenant_id = ${tenantId} and p.is_enabled and t.is_active
      ${id === undefined ? sql`` : sql`and p.id = ${id}`}
    order by p.created_at, p.id limit 1 for share of p`;
  return row;
}

/** The client's secret, told in the transparency log. */
export async function readSecret(
  sql: Sql,
  kms: Kms,
  tenantId: TenantId,
  { id, ciphertext }: ProviderRow,
  { now, requestId }: { now: number; requestId: string },
): Promise<string | null> {
  if (ciphertext === null) return null;
  const secret = await kms.decrypt(tenantId, ciphertext, secretContext(id));
  await noteSecretRead(sql, tenantId, {
    ...{ actor: "system:sso", purpose: "sign-in", secret: "sso client secret", requestId },
    at: new Date(now),
  });
  return new TextDecoder().decode(secret);
}
