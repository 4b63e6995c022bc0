import type { RuleResult, RuleRouter, RuleRouters } from "@/core/contract/compliance.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { findRule } from "./rules.ts";

export interface RuleRoutersQuery {
  result: RuleResult;
  cursor?: string | undefined;
  limit: number;
}

const SORT = "rule-routers";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Routers of which a rule says so, with the evidence. */
export async function ruleRouters(
  scope: Scope,
  ruleId: string,
  { result, cursor, limit }: RuleRoutersQuery,
): Promise<RuleRouters> {
  demand(scope, "compliance:read");
  const place = cursor === undefined ? undefined : decodeCursor(cursor, SORT);
  if (place && !UUID.test(place.id)) {
    throw new InvalidInput("Cannot continue this list from this cursor");
  }
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await findRule(sql, ruleId);
    // By id: the index stands in that order, and names would have to be sorted by the thousand.
    const rows = await sql<(Omit<RuleRouter, "since"> & { since: Date })[]>`
      select r.device_id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address)
          as "deviceName", r.result, r.since, r.evidence
      from compliance_results r
      join devices d on d.tenant_id = r.tenant_id and d.id = r.device_id
      left join device_latest l on l.tenant_id = r.tenant_id and l.device_id = r.device_id
      where r.rule_id = ${ruleId} and r.result = ${result} and d.retired_at is null
        ${place ? sql`and r.device_id > ${place.id}::text::uuid` : sql``}
      order by r.device_id limit ${limit + 1}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map((row) => ({ ...row, since: row.since.toISOString() })),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: SORT, value: null, id: last.deviceId })
        : null,
    };
  });
}
