import { recordAudit } from "@/core/audit/record.ts";
import { demandGrantable, knownPermissions, RESERVED_PERMISSIONS } from "@/core/auth/roles.ts";
import { type CustomRole, NewRole } from "@/core/contract/users.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Permission, type Scope } from "@/core/scope.ts";

export interface RoleDeps {
  kms: Kms;
  clock: Clock;
}

/** The tenant's own roles, by name, with how many users have each. */
export async function listRoles(scope: Scope): Promise<CustomRole[]> {
  demand(scope, "users:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readRoles(sql));
}

/** @throws {Forbidden} for a permission that the maker lacks; {@linkcode Conflict} for a used name */
export async function createRole(
  scope: Scope,
  deps: RoleDeps,
  input: NewRole,
): Promise<CustomRole> {
  demand(scope, "roles:write");
  const { name, description, permissions } = parse(input);
  demandGrantable(scope, permissions);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [made] = await sql<{ id: string }[]>`
      insert into custom_roles (tenant_id, name, description, permissions)
      values (${scope.tenantId}, ${name}, ${description}, ${permissions})
      on conflict do nothing returning id`;
    if (!made) throw new Conflict(`Cannot make the role ${name}: there is one of this name`);
    return await told(sql, scope, deps, made.id, "role.created");
  });
}

/**
 * Takes effect with the next request of whoever has it. Who edits a role must hold what it had as well
 * as what it gets: else a lesser administrator could take rights from a greater one.
 */
export async function updateRole(
  scope: Scope,
  deps: RoleDeps,
  id: string,
  input: NewRole,
): Promise<CustomRole> {
  demand(scope, "roles:write");
  const { name, description, permissions } = parse(input);
  demandGrantable(scope, permissions);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    demandGrantable(scope, knownPermissions((await find(sql, id)).permissions));
    try {
      await sql`
        update custom_roles set name = ${name}, description = ${description},
          permissions = ${permissions}, updated_at = ${new Date(deps.clock.now())}
        where id = ${id}`;
    } catch (error) {
      if ((error as { code?: string }).code !== "23505") throw error;
      throw new Conflict(`Cannot call the role ${name}: there is one of this name`);
    }
    return await told(sql, scope, deps, id, "role.changed");
  });
}

/** @throws {Conflict} while users have it */
export async function deleteRole(scope: Scope, deps: RoleDeps, id: string): Promise<void> {
  demand(scope, "roles:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const role = await find(sql, id);
    demandGrantable(scope, knownPermissions(role.permissions));
    if (role.users > 0) {
      throw new Conflict(
        `Cannot delete the role ${role.name}: ${role.users} users have it, give them another first`,
      );
    }
    await sql`delete from custom_roles where id = ${id}`;
    await record(sql, scope, deps, role, "role.deleted");
  });
}

function parse(input: NewRole) {
  const parsed = NewRole.safeParse(input);
  const issues = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  if (!parsed.success) throw new InvalidInput("Cannot save this role", issues);
  const permissions = knownPermissions(parsed.data.permissions);
  for (const name of parsed.data.permissions) {
    const permission = name as Permission;
    if (!permissions.includes(permission) || RESERVED_PERMISSIONS.has(permission)) {
      issues.push({ path: "permissions", message: `${name} is nothing that a role can hold` });
    }
  }
  if (issues.length > 0) throw new InvalidInput("Cannot save this role", issues);
  return { ...parsed.data, permissions };
}

async function readRoles(sql: Sql, id?: string): Promise<CustomRole[]> {
  return await sql<CustomRole[]>`
    select r.id, r.name, r.description, r.permissions,
      (select count(*)::int from users u where u.custom_role_id = r.id) as users
    from custom_roles r ${id === undefined ? sql`` : sql`where r.id = ${id}`}
    order by lower(r.name), r.id`;
}

async function find(sql: Sql, id: string): Promise<CustomRole> {
  const [role] = await readRoles(sql, id);
  if (!role) throw new NotFound("Cannot find this role");
  return role;
}

async function told(
  sql: Sql,
  scope: Scope,
  deps: RoleDeps,
  id: string,
  action: string,
): Promise<CustomRole> {
  const role = await find(sql, id);
  await record(sql, scope, deps, role, action);
  return role;
}

async function record(
  sql: Sql,
  scope: Scope,
  { kms }: RoleDeps,
  { id, name, permissions }: CustomRole,
  action: string,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details: { permissions } },
    target: { kind: "role", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
