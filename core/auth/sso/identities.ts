import { recordAudit } from "@/core/audit/record.ts";
import type { OwnSso, SsoIdentity } from "@/core/contract/sso.ts";
import { Conflict, NotFound } from "@/core/errors.ts";
import type { AuthDeps, Client } from "../deps.ts";
import type { SignedIn } from "../sessions.ts";

/** One's own identities, and the providers where one could get another. */
export async function listOwnSso(
  { db }: Pick<AuthDeps, "db">,
  { userId, homeTenantId }: SignedIn,
): Promise<OwnSso> {
  return await db.tenant(homeTenantId, async (sql) => {
    const identities = await sql<(Omit<SsoIdentity, "createdAt"> & { createdAt: Date })[]>`
      select p.id as "providerId", p.name as "providerName", p.is_enabled as "isEnabled",
        min(i.created_at) as "createdAt"
      from oidc_identities i
      join oidc_providers p on p.tenant_id = i.tenant_id and p.id = i.provider_id
      where i.user_id = ${userId} group by p.id order by lower(p.name), p.id`;
    const linkable = await sql<OwnSso["linkable"]>`
      select p.id, p.name from oidc_providers p
      where p.is_enabled and not exists (
        select from oidc_identities i where i.provider_id = p.id and i.user_id = ${userId})
      order by lower(p.name), p.id`;
    return {
      identities: identities.map((one) => ({ ...one, createdAt: one.createdAt.toISOString() })),
      linkable: [...linkable],
    };
  });
}

/** @throws {Conflict} for the only way into the account; {@linkcode NotFound} */
export async function unlinkOwn(
  { db, kms }: Pick<AuthDeps, "db" | "kms">,
  { userId, homeTenantId }: SignedIn,
  providerId: string,
  client: Client,
): Promise<void> {
  await db.tenant(homeTenantId, async (sql) => {
    const [user] = await sql<{ hasPassword: boolean }[]>`
      select srp_verifier is not null as "hasPassword" from users where id = ${userId} for update`;
    const gone = await sql`
      delete from oidc_identities where user_id = ${userId} and provider_id = ${providerId}`;
    if (gone.count === 0) throw new NotFound("Cannot find this identity");
    const [left] = await sql`select from oidc_identities where user_id = ${userId} limit 1`;
    if (!user?.hasPassword && !left) {
      throw new Conflict(
        "Cannot unlink the only way into your account: ask your administrator for an invitation, " +
          "set a password, then unlink it",
      );
    }
    await recordAudit(sql, kms, homeTenantId, {
      ...{ actor: `user:${userId}`, action: "user.identity_unlinked", outcome: "ok" },
      target: { kind: "user", id: userId },
      requestId: client.requestId,
      ip: client.address,
      details: { provider: providerId },
    });
  });
}
