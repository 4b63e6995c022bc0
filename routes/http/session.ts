import { PERMISSIONS, type Scope, type TenantId } from "@/core/scope.ts";
import type { Db } from "@/core/ports/db.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";

/**
 * Who asks. Until there is a login, whoever reaches the loopback address is the operator of the
 * default tenant; nothing in the request can choose another.
 */
export function localOperator(db: Db): (request: Request) => Promise<Scope> {
  let tenant: Promise<TenantId> | undefined;
  return async () => {
    tenant ??= ensureDefaultTenant(db).catch((error) => {
      tenant = undefined; // the database may be back for the next request
      throw error;
    });
    const permissions = new Set(PERMISSIONS);
    return { db, tenantId: await tenant, actor: "system:local", permissions };
  };
}
