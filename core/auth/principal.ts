import type { Db } from "@/core/ports/db.ts";
import type { Permission, TenantId } from "@/core/scope.ts";
import type { AccessClaims } from "./access_token.ts";
import { permissionsOf, type RoleName } from "./roles.ts";
import type { SignedIn } from "./sessions.ts";

/** Who a request speaks for, as the database knows it at this moment. */
export interface Principal extends SignedIn {
  readonly name: string;
  readonly email: string;
  readonly role: RoleName;
  /** The tenant they work in. */
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly permissions: ReadonlySet<Permission>;
  /** The tenant demands a second factor and this session has none: only its set-up is open. */
  readonly needsSecondFactor: boolean;
}

const SECOND_FACTORS: ReadonlySet<string> = new Set([
  "totp",
  "passkey",
  "recovery",
  "oidc",
  "link",
]);

/**
 * Looks a token's session up: revoked, expired, a deactivated user or tenant, and a changed role all
 * take effect with the next request. `undefined`: this token is worth nothing (any more).
 */
export async function readPrincipal(
  db: Db,
  { sessionId, userId, homeTenantId }: AccessClaims,
  now: number,
): Promise<Principal | undefined> {
  const [row] = await db.tenant(homeTenantId, (sql) =>
    sql<{
      name: string;
      email: string;
      role: RoleName;
      custom: string[] | null;
      factors: string[];
      actingTenantId: TenantId;
      tenantName: string;
      requiresSecondFactor: boolean;
    }[]>`
    select u.name, u.email, u.role, c.permissions as custom, s.factors,
      s.acting_tenant_id as "actingTenantId", t.name as "tenantName",
      coalesce((t.settings ->> 'requireSecondFactor')::boolean, false) as "requiresSecondFactor"
    from sessions s
    join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
    join tenants t on t.id = s.tenant_id
    left join custom_roles c on c.tenant_id = u.tenant_id and c.id = u.custom_role_id
    where s.id = ${sessionId} and s.user_id = ${userId} and s.revoked_at is null
      and s.expires_at > ${new Date(now)} and u.is_active and t.is_active`);
  if (!row) return undefined;
  const isElsewhere = row.role === "super_admin" && row.actingTenantId !== homeTenantId;
  const tenantId = isElsewhere ? row.actingTenantId : homeTenantId;
  const tenantName = isElsewhere ? await nameOfTenant(db, tenantId) : row.tenantName;
  // The tenant they worked in is gone: they are home again.
  if (tenantName === undefined) {
    return await readHome(db, { sessionId, userId, homeTenantId }, now);
  }
  const needsSecondFactor = row.requiresSecondFactor &&
    !row.factors.some((factor) => SECOND_FACTORS.has(factor));
  return {
    sessionId,
    userId,
    homeTenantId,
    tenantId,
    tenantName,
    name: row.name,
    email: row.email,
    role: row.role,
    permissions: needsSecondFactor
      ? new Set<Permission>(["account:self"])
      : permissionsOf(row.role, row.custom ?? []),
    needsSecondFactor,
  };
}

async function nameOfTenant(db: Db, tenantId: TenantId): Promise<string | undefined> {
  const [row] = await db.tenant(
    tenantId,
    (sql) => sql<{ name: string }[]>`select name from tenants where id = ${tenantId}`,
  );
  return row?.name;
}

async function readHome(
  db: Db,
  claims: AccessClaims,
  now: number,
): Promise<Principal | undefined> {
  await db.tenant(claims.homeTenantId, (sql) =>
    sql`
    update sessions set acting_tenant_id = tenant_id where id = ${claims.sessionId}`);
  return await readPrincipal(db, claims, now);
}
