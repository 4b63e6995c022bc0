import { nameOf } from "@/core/actor_name.ts";
import { wantChecks } from "@/core/config_checks/due.ts";
import type { DeviceCompliance, DeviceRuleResult } from "@/core/contract/compliance.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { scoreColumns, type ScoreRow, scoreSources, toScore } from "./router_scores.ts";

type ResultRow = Omit<DeviceRuleResult, "since" | "exception"> & {
  since: Date;
  exceptionId: string | null;
  reason: string;
  expiresAt: Date | null;
  createdByName: string | null;
};

/** What each rule says of one router: what fails first, with its evidence. */
export async function deviceCompliance(scope: Scope, deviceId: string): Promise<DeviceCompliance> {
  demand(scope, "compliance:read");
  await demandDevice(scope, deviceId);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [row] = await sql<
      (ScoreRow & { passed: number; versionId: string | null; versionAt: Date | null })[]
    >`
      select ${scoreColumns(sql)}, coalesce(k.passed, 0) as passed, k.version_id as "versionId",
        k.version_at as "versionAt"
      from ${scoreSources(sql)} where d.id = ${deviceId}`;
    const results = await sql<ResultRow[]>`
      select r.rule_id as "ruleId", c.title, c.severity, c.help, c.fix <> '[]' as "hasFix", r.result,
        r.since, r.evidence, e.id as "exceptionId", e.reason, e.expires_at as "expiresAt", ${
      nameOf(sql, sql`e.tenant_id`, sql`e.created_by`)
    } as "createdByName"
      from compliance_results r
      join compliance_rules c on c.tenant_id = r.tenant_id and c.id = r.rule_id
      left join compliance_exceptions e on e.tenant_id = r.tenant_id and e.id = r.exception_id
      where r.device_id = ${deviceId}
      order by array_position(array['fail', 'unknown', 'exception', 'pass', 'not_applicable'], r.result),
        array_position(array['critical', 'high', 'medium', 'low'], c.severity), lower(c.title), c.id`;
    const { passed, versionId, versionAt, ...score } = row!;
    return {
      ...toScore(score),
      ...{ passed, versionId, versionAt: versionAt?.toISOString() ?? null },
      rules: results.map(toResult),
    };
  });
}

function toResult(row: ResultRow): DeviceRuleResult {
  const { exceptionId, reason, expiresAt, createdByName, since, ...result } = row;
  return {
    ...result,
    since: since.toISOString(),
    exception: exceptionId === null ? null : {
      ...{ id: exceptionId, reason, createdByName },
      expiresAt: expiresAt?.toISOString() ?? null,
    },
  };
}

/** Has one router, or every one, looked at soon. Answers how many. */
export async function checkNow(scope: Scope, deviceId?: string): Promise<number> {
  demand(scope, "compliance:write");
  if (deviceId !== undefined) await demandDevice(scope, deviceId);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [count] = await sql<{ n: number }[]>`
      select count(*)::int as n from config_checks
      ${deviceId === undefined ? sql`` : sql`where device_id = ${deviceId}`}`;
    await wantChecks(sql, deviceId === undefined ? undefined : [deviceId]);
    return count!.n;
  });
}
