import { Forbidden } from "@/core/errors.ts";
import { type Permission, PERMISSIONS, type Scope } from "@/core/scope.ts";

export const BUILT_IN_ROLES = ["super_admin", "admin", "operator", "viewer"] as const;
export type BuiltInRole = typeof BUILT_IN_ROLES[number];
export type RoleName = BuiltInRole | "custom";

const VIEWER: readonly Permission[] = [
  "fleet:read",
  "devices:read",
  "events:read",
  "metrics:read",
  "sites:read",
  "groups:read",
  "clients:read",
  "topology:read",
  "logs:read",
  "configs:read",
  "templates:read",
  "compliance:read",
  "account:self",
];
const OPERATOR: readonly Permission[] = [
  ...VIEWER,
  "devices:write",
  "sites:write",
  "groups:write",
  "credentials:read",
  "discovery:run",
  "tools:run",
  "topology:write",
  "configs:write",
  "configs:push",
  "commands:run",
  "templates:write",
  "compliance:write",
  "system:read",
];
const ADMIN: readonly Permission[] = [
  ...OPERATOR,
  "clients:erase",
  "credentials:write",
  "configs:reveal",
  "configs:approve",
  "users:read",
  "users:write",
  "roles:write",
  "apikeys:read",
  "apikeys:write",
  "settings:read",
  "settings:write",
  "audit:read",
  "audit:export",
  "transparency:read",
];

/** What each built-in role may. `super_admin` may it in whichever tenant they chose to work in. */
export const ROLE_PERMISSIONS: Readonly<Record<BuiltInRole, readonly Permission[]>> = {
  super_admin: PERMISSIONS,
  admin: ADMIN,
  operator: OPERATOR,
  viewer: VIEWER,
};

/** Never in a custom role or an API key: they reach beyond a tenant, or belong to a person. */
export const RESERVED_PERMISSIONS: ReadonlySet<Permission> = new Set([
  "tenants:read",
  "tenants:write",
  "account:self",
]);

/** Drops what is no permission (any more): a stored list may be older than the program. */
export function knownPermissions(names: readonly string[]): Permission[] {
  return PERMISSIONS.filter((permission) => names.includes(permission));
}

/** What a person may: by role, or by the permissions of their custom role. */
export function permissionsOf(role: RoleName, custom: readonly string[]): ReadonlySet<Permission> {
  if (role !== "custom") return new Set(ROLE_PERMISSIONS[role]);
  const own = knownPermissions(custom).filter((name) => !RESERVED_PERMISSIONS.has(name));
  return new Set([...own, "account:self"]);
}

/**
 * Nobody grants what they do not hold.
 *
 * @throws {Forbidden} naming the first permission that is missing
 */
export function demandGrantable(scope: Scope, permissions: Iterable<Permission>): void {
  for (const permission of permissions) {
    if (scope.permissions.has(permission)) continue;
    throw new Forbidden(`Cannot grant ${permission} as you do not hold it yourself`);
  }
}
