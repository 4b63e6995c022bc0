import {
  knownPermissions,
  permissionsOf,
  RESERVED_PERMISSIONS,
  type RoleName,
} from "@/core/auth/roles.ts";
import { tokenHash } from "@/core/auth/tokens.ts";
import { networkSet } from "@/core/networks.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Permission, TenantId } from "@/core/scope.ts";

/** What a presented key stands for, at this moment. */
export interface FoundKey {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly permissions: ReadonlySet<Permission>;
}

/**
 * The key of this secret, with what its maker may still do of what it was made for. `undefined` for one
 * that is unknown, expired or revoked, used from a place it may not be, or made by somebody who is
 * deactivated: to its bearer these look the same.
 */
export async function findApiKey(
  db: Db,
  secret: string,
  { address, now }: { address: string; now: number },
): Promise<FoundKey | undefined> {
  const hash = tokenHash(secret);
  const [found] = await db.system((sql) =>
    sql<{ tenantId: TenantId | null }[]>`select system_find_api_key(${hash}) as "tenantId"`
  );
  const tenantId = found?.tenantId;
  if (!tenantId) return undefined;
  const [key] = await db.tenant(tenantId, (sql) =>
    sql<{
      id: string;
      permissions: string[];
      allowedFrom: string[];
      role: RoleName;
      custom: string[] | null;
    }[]>`
    select k.id, k.permissions, k.allowed_from::text[] as "allowedFrom", u.role,
      c.permissions as custom
    from api_keys k
    join users u on u.tenant_id = k.tenant_id and u.id = k.user_id
    join tenants t on t.id = k.tenant_id
    left join custom_roles c on c.tenant_id = u.tenant_id and c.id = u.custom_role_id
    where k.key_hash = ${hash} and k.revoked_at is null and u.is_active and t.is_active
      and (k.expires_at is null or k.expires_at > ${new Date(now)})`);
  if (!key) return undefined;
  if (key.allowedFrom.length > 0 && !networkSet(key.allowedFrom)(address)) return undefined;
  const owners = permissionsOf(key.role, key.custom ?? []);
  const permissions = knownPermissions(key.permissions)
    .filter((name) => owners.has(name) && !RESERVED_PERMISSIONS.has(name));
  return { id: key.id, tenantId, permissions: new Set(permissions) };
}
