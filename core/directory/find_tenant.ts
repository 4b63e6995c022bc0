import type { Tenant } from "@/core/contract/tenants.ts";
import { NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";

/** Every tenant of the installation, by name. For who works across them. */
export async function listTenants(scope: Scope): Promise<Tenant[]> {
  demand(scope, "tenants:read");
  const rows = await scope.db.system((sql) =>
    sql<Row[]>`
    select id, name, slug, description, contact_email as "contactEmail", is_active as "isActive",
      users::int, devices::int, created_at as "createdAt",
      deletion_requested_at as "deletionRequestedAt", exported_at as "exportedAt",
      deletion_started_at is not null as "isDeletionFinal"
    from system_tenants()`
  );
  const text = (at: Date | null) => at && at.toISOString();
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    deletionRequestedAt: text(row.deletionRequestedAt),
    exportedAt: text(row.exportedAt),
  }));
}

type Dates = "createdAt" | "deletionRequestedAt" | "exportedAt";
interface Row extends Omit<Tenant, Dates> {
  createdAt: Date;
  deletionRequestedAt: Date | null;
  exportedAt: Date | null;
}

/** @throws {NotFound} */
export async function findTenant(scope: Scope, id: string): Promise<Tenant> {
  const tenant = (await listTenants(scope)).find((one) => one.id === id);
  if (!tenant) throw new NotFound("Cannot find this tenant");
  return tenant;
}
