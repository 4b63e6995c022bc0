import { nameOf } from "@/core/actor_name.ts";
import { wantChecks } from "@/core/config_checks/due.ts";
import { type ComplianceException, NewException } from "@/core/contract/compliance.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type ComplianceDeps, invalid, tellAct } from "./tell.ts";

const MOST = 1_000;

/** Those that end first come first; ended ones are last. */
export async function listExceptions(
  scope: Scope,
  { clock }: { clock: Clock },
): Promise<ComplianceException[]> {
  demand(scope, "compliance:read");
  return await scope.db.tenant(
    scope.tenantId,
    (sql) => readExceptions(sql, clock.now()),
  );
}

/** @throws {InvalidInput} for an end that has passed, or a thing that there is not */
export async function addException(
  scope: Scope,
  deps: ComplianceDeps,
  input: NewException,
): Promise<ComplianceException> {
  demand(scope, "compliance:write");
  const parsed = NewException.safeParse(input);
  if (!parsed.success) throw invalid("Cannot add this exception", parsed.error.issues);
  const { ruleId, deviceId, siteId, tagId, reason, expiresAt } = parsed.data;
  const nowMs = deps.clock.now();
  if (expiresAt !== null && Date.parse(expiresAt) <= nowMs) {
    throw invalid("Cannot add this exception", [{
      path: ["expiresAt"],
      message: "must lie in the future",
    }]);
  }
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const made = await inExceptionWords(() =>
      sql<{ id: string }[]>`
        insert into compliance_exceptions (tenant_id, rule_id, device_id, site_id, tag_id, reason,
          created_by, created_at, expires_at)
        values (${scope.tenantId}, ${ruleId}, ${deviceId}, ${siteId}, ${tagId}, ${reason},
          ${scope.actor}, ${new Date(nowMs)}, ${expiresAt}::text::timestamptz)
        returning id`
    );
    const exception = await findException(sql, made[0]!.id, nowMs);
    await wantChecks(sql, deviceId === null ? undefined : [deviceId]);
    await tell(sql, scope, deps, exception, "compliance.exception_added");
    return exception;
  });
}

export async function removeException(
  scope: Scope,
  deps: ComplianceDeps,
  id: string,
): Promise<void> {
  demand(scope, "compliance:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const exception = await findException(sql, id, deps.clock.now());
    await sql`delete from compliance_exceptions where id = ${id}`;
    await wantChecks(sql, exception.deviceId === null ? undefined : [exception.deviceId]);
    await tell(sql, scope, deps, exception, "compliance.exception_removed");
  });
}

/** @throws {NotFound} also for another tenant's */
async function findException(sql: Sql, id: string, nowMs: number): Promise<ComplianceException> {
  const [exception] = await readExceptions(sql, nowMs, id);
  if (!exception) throw new NotFound("Cannot find this exception");
  return exception;
}

type Row = Omit<ComplianceException, "createdAt" | "expiresAt"> & {
  createdAt: Date;
  expiresAt: Date | null;
};

async function readExceptions(sql: Sql, nowMs: number, id?: string) {
  const rows = await sql<Row[]>`
    select e.id, e.rule_id as "ruleId", r.title as "ruleTitle", e.device_id as "deviceId",
      e.site_id as "siteId", e.tag_id as "tagId",
      coalesce(s.path, t.name, d.name, nullif(l.identity, ''), d.address) as target, e.reason,
      e.created_by as "createdBy", ${
    nameOf(sql, sql`e.tenant_id`, sql`e.created_by`)
  } as "createdByName", e.created_at as "createdAt", e.expires_at as "expiresAt",
      coalesce(e.expires_at <= ${new Date(nowMs)}, false) as "isExpired"
    from compliance_exceptions e
    join compliance_rules r on r.tenant_id = e.tenant_id and r.id = e.rule_id
    left join devices d on d.tenant_id = e.tenant_id and d.id = e.device_id
    left join device_latest l on l.tenant_id = e.tenant_id and l.device_id = e.device_id
    left join sites s on s.tenant_id = e.tenant_id and s.id = e.site_id
    left join tags t on t.tenant_id = e.tenant_id and t.id = e.tag_id
    ${id === undefined ? sql`` : sql`where e.id = ${id}`}
    order by "isExpired", e.expires_at nulls last, e.created_at desc, e.id limit ${MOST}`;
  return rows.map((row): ComplianceException => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
  }));
}

async function inExceptionWords<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "23503") {
      throw new InvalidInput("Cannot add this exception", [{
        path: "ruleId",
        message: "names a rule, router, site or tag that there is not",
      }]);
    }
    throw error;
  }
}

async function tell(
  sql: Sql,
  scope: Scope,
  deps: ComplianceDeps,
  exception: ComplianceException,
  action: string,
): Promise<void> {
  const { id, ruleId, ruleTitle, target, reason, expiresAt } = exception;
  const details = { ruleId, target, reason, expiresAt };
  await tellAct(
    sql,
    scope,
    deps,
    { kind: "compliance_exception", id, label: ruleTitle },
    action,
    details,
  );
}
