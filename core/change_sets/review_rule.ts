import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** Whether the organisation wants four eyes on what is pushed. */
export async function needsReview(sql: Sql, tenantId: TenantId): Promise<boolean> {
  const [row] = await sql<{ isWanted: boolean }[]>`
    select coalesce((settings ->> 'requireChangeReview')::boolean, false) as "isWanted"
    from tenants where id = ${tenantId}`;
  return row?.isWanted ?? false;
}
