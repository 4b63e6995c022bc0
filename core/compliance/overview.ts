import type { ComplianceOverview } from "@/core/contract/compliance.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { demand, type Scope } from "@/core/scope.ts";

const WORST = 10;
const MOST_SITES = 200;
const DAYS = 90;
const SOON_MS = 14 * 86_400_000;

/** How the fleet holds its rules: the score, what fails most, where, and how it went over time. */
export async function complianceOverview(
  scope: Scope,
  { clock }: { clock: Clock },
): Promise<ComplianceOverview> {
  demand(scope, "compliance:read");
  const now = new Date(clock.now());
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [sum] = await sql<Sum[]>`
      select ${score(sql)} as score, count(*)::int as devices,
        count(k.score)::int as rated, count(*) filter (where k.failed > 0)::int as failing,
        count(*) filter (where k.failed_hard > 0)::int as "failingHard",
        count(*) filter (where k.drifted > 0)::int as drifted
      from devices d left join config_checks k
        on k.tenant_id = d.tenant_id and k.device_id = d.id
      where d.retired_at is null`;
    const worstRules = await sql<ComplianceOverview["worstRules"]>`
      select id, title, severity, (counts ->> 'fail')::int as failing,
        (counts ->> 'fail')::int + coalesce((counts ->> 'pass')::int, 0) as asked
      from compliance_rules where (counts ->> 'fail')::int > 0`;
    const sites = await sql<ComplianceOverview["sites"]>`
      select s.id as "siteId", s.path as site, ${score(sql)} as score, count(*)::int as devices,
        count(*) filter (where k.failed > 0)::int as failing
      from devices d join config_checks k on k.tenant_id = d.tenant_id and k.device_id = d.id
      left join sites s on s.tenant_id = d.tenant_id and s.id = d.site_id
      where d.retired_at is null
      group by s.id, s.path order by 3 nulls last, lower(s.path) nulls last limit ${MOST_SITES}`;
    const days = await sql<ComplianceOverview["days"]>`
      select day::text, case when asked_weight > 0
          then passed_weight * 100.0 / asked_weight end::float8 as score, failing, drifted
      from compliance_days
      where site_id is null and day > ${now.toISOString().slice(0, 10)}::text::date - ${DAYS}::int
      order by day`;
    const [exceptions] = await sql<{ n: number; ending: number }[]>`
      select count(*)::int as n, count(*) filter
        (where expires_at < ${new Date(now.getTime() + SOON_MS)})::int as ending
      from compliance_exceptions where expires_at is null or expires_at > ${now}`;
    const failures = { critical: 0, high: 0, medium: 0, low: 0 };
    for (const { severity, failing } of worstRules) failures[severity] += failing;
    return {
      ...sum!,
      failures,
      worstRules: worstRules.toSorted(byHarm).slice(0, WORST),
      ...{ sites: [...sites], days: [...days] },
      ...{ exceptions: exceptions!.n, endingExceptions: exceptions!.ending },
    };
  });
}

type Sum = Pick<
  ComplianceOverview,
  "score" | "devices" | "rated" | "failing" | "failingHard" | "drifted"
>;
type Worst = ComplianceOverview["worstRules"][number];

const ORDER = ["critical", "high", "medium", "low"];

/** The gravest first, then what most routers fail. */
function byHarm(a: Worst, b: Worst): number {
  return ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.failing - a.failing ||
    a.title.localeCompare(b.title);
}

/** Of routers together: weights are summed, so that one that was asked more counts more. */
function score(sql: Parameters<Parameters<Scope["db"]["tenant"]>[1]>[0]) {
  return sql`(case when sum(k.asked_weight) > 0
    then sum(k.passed_weight) * 100.0 / sum(k.asked_weight) end)::float8`;
}
