import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** Counts the routers of each rule by result: once for all who read, as it goes through every result. */
export async function noteCounts(db: Db, tenantId: TenantId): Promise<void> {
  await db.tenant(tenantId, (sql) =>
    sql`
      update compliance_rules r set counts = c.counts from (
        select r.id, coalesce(jsonb_object_agg(n.result, n.n) filter (where n.result is not null),
          '{}') as counts
        from compliance_rules r left join (
          select rule_id, result, count(*) as n from compliance_results group by rule_id, result
        ) n on n.rule_id = r.id
        group by r.id) c
      where r.id = c.id and r.counts is distinct from c.counts`);
}
