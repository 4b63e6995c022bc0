import type { TenantId } from "@/core/scope.ts";
import type { TestDb } from "./databases.ts";

/** Puts a bare device into a tenant, past the use case; answers its id. */
export async function insertDevice(
  { db }: Pick<TestDb, "db">,
  tenantId: TenantId,
  rest: Record<string, string | number | boolean | null> = {},
): Promise<string> {
  const id = crypto.randomUUID();
  const row = { id, tenant_id: tenantId, address: `${id}.test`, port: 8729, tls_mode: "pinned" };
  await db.tenant(tenantId, async (sql) => {
    await sql`insert into devices ${sql({ ...row, ...rest })}`;
    await sql`insert into device_latest (tenant_id, device_id) values (${tenantId}, ${id})`;
  });
  return id;
}
