import { NotFound } from "@/core/errors.ts";
import type { Scope } from "@/core/scope.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Makes sure that the tenant has this device. For what is about a device but needs another permission
 * than `devices:read`: a key for metrics alone must tell "not there" from "not allowed" too.
 *
 * @throws {NotFound} also for another tenant's device
 */
export async function demandDevice(scope: Scope, id: string): Promise<void> {
  const [row] = UUID.test(id)
    ? await scope.db.tenant(
      scope.tenantId,
      (sql) => sql`select from devices where id = ${id}`,
    )
    : [];
  if (!row) throw new NotFound("Cannot find this device");
}
