import type { RuleEvidence, RuleResult } from "@/core/contract/compliance.ts";
import { csvLine } from "@/core/csv.ts";
import { demand, type Scope } from "@/core/scope.ts";

const STEP = 2_000;
const COLUMNS = [
  ...[
    "router",
    "site",
    "rule",
    "severity",
    "result",
    "since",
    "line",
    "item",
    "expected",
    "exception",
  ],
];

interface Row {
  deviceId: string;
  ruleId: string;
  device: string;
  site: string | null;
  rule: string;
  severity: string;
  result: RuleResult;
  since: Date;
  evidence: RuleEvidence[];
  reason: string | null;
}

/** Every rule of every router as CSV, a page at a time: for auditors and spreadsheets. */
export async function* complianceCsv(scope: Scope): AsyncGenerator<string> {
  demand(scope, "compliance:read");
  yield csvLine(COLUMNS);
  let after: Pick<Row, "deviceId" | "ruleId"> | undefined;
  while (true) {
    const rows: Row[] = await scope.db.tenant(scope.tenantId, (sql) =>
      sql<Row[]>`
        select r.device_id as "deviceId", r.rule_id as "ruleId",
          coalesce(d.name, nullif(l.identity, ''), d.address) as device, s.path as site,
          c.title as rule, c.severity, r.result, r.since, r.evidence, e.reason
        from compliance_results r
        join compliance_rules c on c.tenant_id = r.tenant_id and c.id = r.rule_id
        join devices d on d.tenant_id = r.tenant_id and d.id = r.device_id
        left join device_latest l on l.tenant_id = r.tenant_id and l.device_id = r.device_id
        left join sites s on s.tenant_id = d.tenant_id and s.id = d.site_id
        left join compliance_exceptions e on e.tenant_id = r.tenant_id and e.id = r.exception_id
        where d.retired_at is null ${
        after
          ? sql`and (r.device_id, r.rule_id) > (${after.deviceId}::uuid, ${after.ruleId}::uuid)`
          : sql``
      }
        order by r.device_id, r.rule_id limit ${STEP}`);
    yield rows.map(lineOf).join("");
    if (rows.length < STEP) return;
    after = rows.at(-1);
  }
}

function lineOf({ device, site, rule, severity, result, since, evidence, reason }: Row): string {
  const [first] = evidence;
  const more = evidence.length > 1 ? ` (and ${evidence.length - 1} more)` : "";
  return csvLine([
    ...[device, site, rule, severity, result, since.toISOString(), first?.line ?? null],
    ...[first?.item ?? first?.menu ?? null, first ? first.message + more : null, reason],
  ]);
}
