import { Conflict } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Scope, TenantId } from "@/core/scope.ts";

/** Whether the organisation wants four eyes on what is pushed. */
export async function needsReview(sql: Sql, tenantId: TenantId): Promise<boolean> {
  const [row] = await sql<{ isWanted: boolean }[]>`
    select coalesce((settings ->> 'requireChangeReview')::boolean, false) as "isWanted"
    from tenants where id = ${tenantId}`;
  return row?.isWanted ?? false;
}

/**
 * Where four eyes are wanted, what nobody else looked at is pushed only by those who might approve it:
 * a restore cannot wait for a second person at night.
 *
 * @throws {Conflict}
 */
export async function demandReview(sql: Sql, { tenantId, permissions }: Scope): Promise<void> {
  if (permissions.has("configs:approve") || !await needsReview(sql, tenantId)) return;
  throw new Conflict(
    "Cannot push this without a review, which your organisation demands: make it in the editor as a " +
      "change set and ask for its review, or ask somebody who may approve changes to push it",
  );
}
