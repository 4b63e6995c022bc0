import { nameActor } from "@/core/audit/forget.ts";
import { recordAudit } from "@/core/audit/record.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import type { Client } from "../deps.ts";
import { permissionsOf, type RoleName } from "../roles.ts";
import type { Vouched } from "./claims.ts";
import type { ProviderRow } from "./read_provider.ts";
import type { SsoDeps } from "./sso_deps.ts";
import { SsoFailed } from "./sso_failed.ts";

/** Who holds one of these lets others in: their invitation is theirs to accept, not a provider's. */
const AUTHORITY = [
  ...["users:write", "roles:write", "settings:write", "apikeys:write", "tenants:write"],
] as const;

export interface Binding {
  readonly tenantId: TenantId;
  readonly provider: ProviderRow;
  readonly vouched: Vouched;
}

/**
 * The user whom an identity stands for; bound now if the rules of the provider allow it.
 *
 * @throws {SsoFailed} `refused`
 */
export async function findOrBindUser(
  sql: Sql,
  deps: SsoDeps,
  binding: Binding,
  client: Client,
): Promise<string> {
  const { provider, vouched } = binding;
  const [known] = await sql<{ userId: string }[]>`
    select user_id as "userId" from oidc_identities
    where provider_id = ${provider.id} and subject = ${vouched.subject}`;
  if (known) return known.userId;
  // The one who vouches for an address must be the one who hands these addresses out.
  const domain = vouched.email?.split("@").at(-1) ?? "";
  if (vouched.email === null || !provider.emailDomains.includes(domain)) {
    throw new SsoFailed("refused");
  }
  const invited = provider.matchesInvited ? await findInvited(sql, vouched.email) : undefined;
  if (invited !== undefined) {
    // Or the invitation would open the account a second time.
    await sql`
      delete from one_time_links where user_id = ${invited} and purpose = 'invite'
        and used_at is null`;
    await bind(sql, deps, binding, invited, "user.identity_matched", client);
    return invited;
  }
  if (provider.admitsViewers) return await makeViewer(sql, deps, binding, vouched.email, client);
  throw new SsoFailed("refused");
}

/** Links an identity to an account whose owner asked for it. @throws {SsoFailed} `taken` `refused` */
export async function linkUser(
  sql: Sql,
  deps: SsoDeps,
  binding: Binding,
  userId: string,
  client: Client,
): Promise<void> {
  const [user] = await sql`select id from users where id = ${userId} and is_active for share`;
  if (!user) throw new SsoFailed("refused");
  await bind(sql, deps, binding, userId, "user.identity_linked", client);
}

/** Invited, never signed in by any means, and without authority over others. */
async function findInvited(sql: Sql, email: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string; role: RoleName; custom: string[] | null }[]>`
    select u.id, u.role, c.permissions as custom
    from users u
    left join custom_roles c on c.tenant_id = u.tenant_id and c.id = u.custom_role_id
    where lower(u.email) = ${email} and u.is_active and u.srp_verifier is null
      and not exists (select from oidc_identities i where i.user_id = u.id)
    for update of u`;
  if (!row) return undefined;
  const permissions = permissionsOf(row.role, row.custom ?? []);
  return AUTHORITY.some((name) => permissions.has(name)) ? undefined : row.id;
}

/** A new account that may look on, whatever the provider says of roles. */
async function makeViewer(
  sql: Sql,
  deps: SsoDeps,
  binding: Binding,
  email: string,
  client: Client,
): Promise<string> {
  const { tenantId, provider, vouched } = binding;
  const name = vouched.name ?? email.slice(0, 200);
  const now = new Date(deps.clock.now());
  // An address in use, here or in another tenant, is refused in the same words as any other.
  const [made] = await sql<{ id: string }[]>`
    insert into users (tenant_id, email, name, role, created_at, updated_at)
    values (${tenantId}, ${email}, ${name}, 'viewer', ${now}, ${now})
    on conflict do nothing returning id`;
  if (!made) throw new SsoFailed("refused");
  await insertIdentity(sql, binding, made.id, now);
  await nameActor(sql, tenantId, `user:${made.id}`, name);
  await recordAudit(sql, deps.kms, tenantId, {
    ...{ actor: "system:sso", action: "user.created", outcome: "ok" },
    target: { kind: "user", id: made.id, label: name },
    requestId: client.requestId,
    ip: client.address,
    details: { role: "viewer", provider: provider.id },
  });
  return made.id;
}

async function bind(
  sql: Sql,
  deps: SsoDeps,
  binding: Binding,
  userId: string,
  action: string,
  client: Client,
): Promise<void> {
  await insertIdentity(sql, binding, userId, new Date(deps.clock.now()));
  await recordAudit(sql, deps.kms, binding.tenantId, {
    ...{ actor: `user:${userId}`, action, outcome: "ok" },
    target: { kind: "user", id: userId },
    requestId: client.requestId,
    ip: client.address,
    details: { provider: binding.provider.id },
  });
}

async function insertIdentity(
  sql: Sql,
  { tenantId, provider, vouched: { subject } }: Binding,
  userId: string,
  now: Date,
): Promise<void> {
  const [made] = await sql`
    insert into oidc_identities (tenant_id, provider_id, subject, user_id, created_at)
    values (${tenantId}, ${provider.id}, ${subject}, ${userId}, ${now})
    on conflict do nothing returning user_id`;
  if (!made) throw new SsoFailed("taken");
}
