import { Forbidden } from "@/core/errors.ts";
import type { Db } from "@/core/ports/db.ts";

declare const tenantId: unique symbol;
/** The id of a tenant: a UUID that came from the database, never from a request as it is. */
export type TenantId = string & { readonly [tenantId]: true };

/** Every permission there is. A route names exactly one of them. */
export const PERMISSIONS = [
  "fleet:read",
  "devices:read",
  "devices:write",
  "events:read",
  "metrics:read",
  "system:read",
  "users:read",
  "users:write",
  "roles:write",
  "apikeys:read",
  "apikeys:write",
  "sites:read",
  "sites:write",
  "groups:read",
  "groups:write",
  "credentials:read",
  "credentials:write",
  "discovery:run",
  "tools:run",
  "clients:read",
  "clients:erase",
  "topology:read",
  "topology:write",
  "logs:read",
  "configs:read",
  "configs:write",
  /** Sees the secrets within a configuration. */
  "configs:reveal",
  /** Changes routers, confirms and reverts. */
  "configs:push",
  /** Reviews what others want to push. */
  "configs:approve",
  /** Runs commands on routers that nothing takes back. */
  "commands:run",
  "templates:read",
  "templates:write",
  "compliance:read",
  "compliance:write",
  "settings:read",
  "settings:write",
  "audit:read",
  "audit:export",
  "transparency:read",
  "tenants:read",
  "tenants:write",
  /** One's own account: every signed-in person has it, no API key does. */
  "account:self",
] as const;
export type Permission = typeof PERMISSIONS[number];

/** Who acts, for which tenant, with which rights. Every use case in core takes one. */
export interface Scope {
  readonly tenantId: TenantId;
  /** `user:<id>`, `key:<id>` or `system:<name>`. */
  readonly actor: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly db: Db;
  /** The request it came with, for the audit log. */
  readonly requestId?: string | undefined;
  /** The client's address, as the trusted proxies tell it. */
  readonly ip?: string | undefined;
}

/**
 * The one authorisation function: cookie sessions, API keys, streams and bus messages all end here.
 *
 * @throws {Forbidden} if the scope lacks `permission`
 */
export function demand(scope: Scope, permission: Permission): void {
  if (scope.permissions.has(permission)) return;
  throw new Forbidden(`Cannot do this as it needs the permission ${permission}`);
}
