import type { Db } from "@/core/ports/db.ts";
import { type Permission, PERMISSIONS, type Scope, type TenantId } from "@/core/scope.ts";

/** Somebody of `tenantId` who may do everything, or just `permissions`. */
export function scopeOf(
  db: Db,
  tenantId: TenantId,
  permissions: readonly Permission[] = PERMISSIONS,
): Scope {
  return { db, tenantId, actor: "user:test", permissions: new Set(permissions) };
}
