import { demandGrantable, permissionsOf, type RoleName } from "@/core/auth/roles.ts";
import { Conflict, Forbidden, InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Permission, Scope } from "@/core/scope.ts";
import { readUser, type UserRow } from "./user_row.ts";

/** The roles that can let others in; a tenant without an active one could not be managed any more. */
const KEEPERS: readonly RoleName[] = ["super_admin", "admin"];

/**
 * Locks who keeps the tenant, so that two of them cannot remove each other at once, and looks again
 * whether the one who acts still may. Call it first in a transaction that takes rights away.
 *
 * @throws {Forbidden}
 */
export async function lockKeepers(sql: Sql, scope: Scope, needed: Permission): Promise<void> {
  await sql`
    select id from users where role = any(${KEEPERS as string[]}) order by id for update`;
  const [kind, id] = scope.actor.split(":");
  if (kind !== "user") return;
  const actor = await readUser(sql, id!);
  // A super_admin at work in another tenant has no row there; their session was read just now.
  if (actor && !(actor.user.isActive && actor.permissions.has(needed))) {
    throw new Forbidden(`Cannot do this as it needs the permission ${needed}`);
  }
}

/** Nobody touches an account that may more than they do, or their own rights. */
export function demandAuthorityOver(scope: Scope, { user, permissions }: UserRow): void {
  if (scope.actor === `user:${user.id}`) {
    throw new Forbidden("Cannot do this to your own account: ask another administrator");
  }
  for (const permission of permissions) {
    if (permission === "account:self" || scope.permissions.has(permission)) continue;
    throw new Forbidden(`Cannot change ${user.name} as they hold ${permission} and you do not`);
  }
}

/** What a role would give, checked against what the one who grants it holds. */
export async function demandRole(
  sql: Sql,
  scope: Scope,
  role: RoleName,
  customRoleId: string | null,
): Promise<void> {
  if ((role === "custom") !== (customRoleId !== null)) {
    throw new InvalidInput("Cannot give this role", [
      { path: "customRoleId", message: "goes with the role custom, and with no other" },
    ]);
  }
  let custom: string[] = [];
  if (customRoleId !== null) {
    const [row] = await sql<{ permissions: string[] }[]>`
      select permissions from custom_roles where id = ${customRoleId}`;
    if (!row) {
      throw new InvalidInput("Cannot give this role", [
        { path: "customRoleId", message: "is no role of this organisation" },
      ]);
    }
    custom = row.permissions;
  }
  const permissions = [...permissionsOf(role, custom)].filter((name) => name !== "account:self");
  demandGrantable(scope, permissions);
}

/** @throws {Conflict} if nobody active would be left who can let others in */
export async function demandKeeperLeft(sql: Sql, before: UserRow): Promise<void> {
  const { role } = before.user;
  if (!KEEPERS.includes(role) || !before.user.isActive) return;
  const [left] = await sql<{ keepers: number; same: number }[]>`
    select count(*)::int as keepers, count(*) filter (where role = ${role})::int as same
    from users where role = any(${KEEPERS as string[]}) and is_active and enrolled_at is not null
      and id <> ${before.user.id}`;
  if (left!.keepers === 0 || (role === "super_admin" && left!.same === 0)) {
    throw new Conflict(
      `Cannot do this to ${before.user.name}: they are the last active ${
        role === "super_admin" ? "administrator of the installation" : "administrator"
      }`,
    );
  }
}
