import { permissionsOf, type RoleName } from "@/core/auth/roles.ts";
import type { User } from "@/core/contract/users.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Permission } from "@/core/scope.ts";

/** A user as rules need them: what others see, and what they may. */
export interface UserRow {
  user: User;
  permissions: ReadonlySet<Permission>;
}

interface Row extends Omit<User, "lastLoginAt" | "createdAt" | "role"> {
  role: RoleName;
  customPermissions: string[] | null;
  lastLoginAt: Date | null;
  createdAt: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function columns(sql: Sql) {
  return sql`u.id, u.email, u.name, u.role, u.custom_role_id as "customRoleId",
    c.name as "customRoleName", c.permissions as "customPermissions",
    u.is_active as "isActive", u.enrolled_at is not null as "isEnrolled",
    exists (select from second_factors f
      where f.user_id = u.id and f.confirmed_at is not null) as "hasSecondFactor",
    u.last_login_at as "lastLoginAt", u.created_at as "createdAt", u.revision`;
}

function from(sql: Sql) {
  return sql`from users u
    left join custom_roles c on c.tenant_id = u.tenant_id and c.id = u.custom_role_id`;
}

export async function readUser(sql: Sql, id: string): Promise<UserRow | undefined> {
  if (!UUID.test(id)) return undefined;
  const [row] = await sql<Row[]>`select ${columns(sql)} ${from(sql)} where u.id = ${id}`;
  return row && toUserRow(row);
}

/** Everybody of the tenant, by address. `after`: the last address of the page before. */
export async function readUsers(
  sql: Sql,
  { text, after, limit }: { text: string; after: string; limit: number },
): Promise<UserRow[]> {
  const like = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const rows = await sql<Row[]>`
    select ${columns(sql)} ${from(sql)}
    where lower(u.email) > lower(${after}) and (u.email ilike ${like} or u.name ilike ${like})
    order by lower(u.email) limit ${limit}`;
  return rows.map(toUserRow);
}

function toUserRow({ customPermissions, lastLoginAt, createdAt, ...row }: Row): UserRow {
  return {
    permissions: permissionsOf(row.role, customPermissions ?? []),
    user: {
      ...row,
      lastLoginAt: lastLoginAt?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
    },
  };
}
