import { recordEvents } from "@/core/events/events.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import type { Judged } from "./judge.ts";

export interface JudgedRouter {
  readonly deviceId: string;
  readonly name: string;
  readonly judged: readonly Judged[];
}

/**
 * Keeps what rules say of routers: what says the same as before is not written. Tells of critical and
 * high rules that passed and now fail.
 */
export async function storeResults(
  sql: Sql,
  tenantId: TenantId,
  routers: readonly JudgedRouter[],
  now: Date,
): Promise<void> {
  const rows = routers.flatMap(({ deviceId, judged }) =>
    judged.map((one) => ({ deviceId, ...one, evidenceText: JSON.stringify(one.evidence) }))
  );
  const ids = routers.map(({ deviceId }) => deviceId);
  await sql`
    delete from compliance_results r
    where r.device_id = any(${ids}::uuid[]) and not exists (
      select from unnest(${rows.map(({ deviceId }) => deviceId)}::uuid[],
        ${rows.map(({ ruleId }) => ruleId)}::uuid[]) as kept (device_id, rule_id)
      where kept.device_id = r.device_id and kept.rule_id = r.rule_id)`;
  if (rows.length === 0) return;
  const broken = await sql<{ deviceId: string; ruleId: string }[]>`
    with fresh as (
      select * from unnest(${rows.map(({ deviceId }) => deviceId)}::uuid[],
        ${rows.map(({ ruleId }) => ruleId)}::uuid[], ${rows.map(({ result }) => result)}::text[],
        ${rows.map(({ evidenceText }) => evidenceText)}::text[]::jsonb[],
        ${rows.map(({ exceptionId }) => exceptionId) as string[]}::uuid[])
        as t (device_id, rule_id, result, evidence, exception_id)
    ), broken as (
      select f.device_id, f.rule_id from fresh f
      join compliance_results r on r.device_id = f.device_id and r.rule_id = f.rule_id
      where r.result = 'pass' and f.result = 'fail'
    ), written as (
      insert into compliance_results as r
        (tenant_id, device_id, rule_id, result, evidence, exception_id, since)
      select ${tenantId}, f.device_id, f.rule_id, f.result, f.evidence, f.exception_id, ${now}
      from fresh f
      -- A rule may be gone since it was read.
      join compliance_rules c on c.tenant_id = ${tenantId} and c.id = f.rule_id
      on conflict (tenant_id, device_id, rule_id) do update
        set result = excluded.result, evidence = excluded.evidence,
          exception_id = excluded.exception_id,
          since = case when r.result = excluded.result then r.since else excluded.since end
        where (r.result, r.evidence, r.exception_id)
          is distinct from (excluded.result, excluded.evidence, excluded.exception_id)
    )
    select device_id as "deviceId", rule_id as "ruleId" from broken`;
  await tellBroken(sql, tenantId, routers, broken, now);
}

const NAMED = 4;

async function tellBroken(
  sql: Sql,
  tenantId: TenantId,
  routers: readonly JudgedRouter[],
  broken: readonly { deviceId: string; ruleId: string }[],
  now: Date,
): Promise<void> {
  const events = [];
  for (const [deviceId, rules] of Map.groupBy(broken, ({ deviceId }) => deviceId)) {
    const router = routers.find((one) => one.deviceId === deviceId)!;
    const ids = new Set(rules.map(({ ruleId }) => ruleId));
    const hard = router.judged.filter(({ ruleId, severity }) =>
      ids.has(ruleId) && (severity === "critical" || severity === "high")
    );
    if (hard.length === 0) continue;
    const named = hard.slice(0, NAMED).map(({ title }) => title).join(", ");
    const more = hard.length > NAMED ? ` and ${hard.length - NAMED} more` : "";
    events.push({
      ...{
        at: now.toISOString(),
        kind: "compliance.broken" as const,
        severity: "warning" as const,
      },
      ...{ deviceId, deviceName: router.name, data: { rules: hard.map(({ ruleId }) => ruleId) } },
      message: `${router.name} no longer holds: ${named}${more}`,
    });
  }
  await recordEvents(sql, tenantId, events);
}
