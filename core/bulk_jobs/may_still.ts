import { knownPermissions, permissionsOf, type RoleName } from "@/core/auth/roles.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Permission } from "@/core/scope.ts";

interface Rights {
  isActive: boolean;
  role: RoleName;
  custom: string[] | null;
  /** Of an API key; a person has none. */
  granted: string[] | null;
}

/**
 * Whether who made a job may still do it when it begins: a job that was planned for next week must not
 * outlive its maker's rights. Whoever works here from another tenant cannot be seen, and is believed.
 */
export async function mayStill(
  sql: Sql,
  actor: string,
  permission: Permission,
  now: Date,
): Promise<boolean> {
  const [, kind, id] = /^(user|key):([0-9a-f-]{36})$/.exec(actor) ?? [];
  if (id === undefined) return true;
  const [rights] = kind === "user"
    ? await sql<Rights[]>`
      select u.is_active as "isActive", u.role, c.permissions as custom, null as granted
      from users u
      left join custom_roles c on c.tenant_id = u.tenant_id and c.id = u.custom_role_id
      where u.id = ${id}`
    : await sql<Rights[]>`
      select u.is_active and k.revoked_at is null
          and (k.expires_at is null or k.expires_at > ${now}) as "isActive",
        u.role, c.permissions as custom, k.permissions as granted
      from api_keys k join users u on u.tenant_id = k.tenant_id and u.id = k.user_id
      left join custom_roles c on c.tenant_id = u.tenant_id and c.id = u.custom_role_id
      where k.id = ${id}`;
  if (!rights) return kind === "user";
  const own = permissionsOf(rights.role, rights.custom ?? []);
  const isGranted = rights.granted === null ||
    knownPermissions(rights.granted).includes(permission);
  return rights.isActive && own.has(permission) && isGranted;
}
