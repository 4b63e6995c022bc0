import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** The tenant every installation starts with; made now if there is none. Named system path. */
export async function ensureDefaultTenant(db: Db): Promise<TenantId> {
  return await db.system(async (sql) => {
    const [row] = await sql<{ id: TenantId }[]>`
      select system_ensure_tenant('default', 'Default') as id`;
    return row!.id;
  });
}

/** Every tenant, oldest first: for work that is done for each of them. Named system path. */
export async function listTenantIds(db: Db): Promise<TenantId[]> {
  return await db.system(async (sql) => {
    const rows = await sql<{ id: TenantId }[]>`select id from system_tenant_ids() as id`;
    return rows.map(({ id }) => id);
  });
}
