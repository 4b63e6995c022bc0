import { wantChecks } from "@/core/config_checks/due.ts";
import { MAX_RULES, NewRule, RulePatch } from "@/core/contract/compliance_rules.ts";
import type { ComplianceRule } from "@/core/contract/compliance.ts";
import { Conflict, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { LIBRARY } from "./library/mod.ts";
import { type ComplianceDeps, invalid, tellAct } from "./tell.ts";

/** All rules of the tenant, the gravest first, each with what it says of the fleet. */
export async function listRules(scope: Scope): Promise<ComplianceRule[]> {
  demand(scope, "compliance:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readRules(sql));
}

/** @throws {NotFound} also for another tenant's */
export async function getRule(scope: Scope, id: string): Promise<ComplianceRule> {
  demand(scope, "compliance:read");
  return await scope.db.tenant(scope.tenantId, (sql) => findRule(sql, id));
}

export async function addRule(
  scope: Scope,
  deps: ComplianceDeps,
  input: NewRule,
): Promise<ComplianceRule> {
  demand(scope, "compliance:write");
  const parsed = NewRule.safeParse(input);
  if (!parsed.success) throw invalid("Cannot save this rule", parsed.error.issues);
  const { title, severity, help, body, fix } = parsed.data;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [count] = await sql<{ n: number }[]>`select count(*)::int as n from compliance_rules`;
    if (count!.n >= MAX_RULES) {
      throw new Conflict(`Cannot add a rule: ${MAX_RULES} is the limit, remove one first`);
    }
    const [made] = await sql<{ id: string }[]>`
      insert into compliance_rules (tenant_id, title, severity, help, body, fix, updated_at)
      values (${scope.tenantId}, ${title}, ${severity}, ${help},
        ${JSON.stringify(body)}::text::jsonb, ${JSON.stringify(fix)}::text::jsonb,
        ${new Date(deps.clock.now())})
      returning id`;
    const rule = await findRule(sql, made!.id);
    await tellRule(sql, scope, deps, rule, "compliance.rule_added");
    return rule;
  });
}

/** A rule of the library that is edited no longer follows it. */
export async function updateRule(
  scope: Scope,
  deps: ComplianceDeps,
  id: string,
  patch: RulePatch,
): Promise<ComplianceRule> {
  demand(scope, "compliance:write");
  const parsed = RulePatch.safeParse(patch);
  if (!parsed.success) throw invalid("Cannot save this rule", parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await findRule(sql, id);
    const { title = before.title, severity = before.severity, help = before.help } = parsed.data;
    const { body = before.body, fix = before.fix } = parsed.data;
    await saveRule(sql, deps, { ...{ id, title, severity, help, body, fix }, isEdited: true });
    const after = await findRule(sql, id);
    const changed = Object.keys(parsed.data);
    await tellRule(sql, scope, deps, after, "compliance.rule_changed", { changed });
    return after;
  });
}

/** As the library has it; from then on it follows again. @throws {Conflict} for somebody's own rule */
export async function resetRule(
  scope: Scope,
  deps: ComplianceDeps,
  id: string,
): Promise<ComplianceRule> {
  demand(scope, "compliance:write");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const { libraryKey } = await findRule(sql, id);
    const original = LIBRARY.find(({ key }) => key === libraryKey);
    if (!original) throw new Conflict("Cannot reset it: this rule is in no library");
    await saveRule(sql, deps, { ...original, id, isEdited: false });
    const after = await findRule(sql, id);
    await tellRule(sql, scope, deps, after, "compliance.rule_reset");
    return after;
  });
}

/** With its results and exceptions. */
export async function removeRule(scope: Scope, deps: ComplianceDeps, id: string): Promise<void> {
  demand(scope, "compliance:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const rule = await findRule(sql, id);
    await sql`delete from compliance_rules where id = ${id}`;
    await wantChecks(sql);
    await tellRule(sql, scope, deps, rule, "compliance.rule_removed");
  });
}

type Saved = Pick<ComplianceRule, "id" | "title" | "severity" | "help" | "body" | "isEdited"> & {
  fix: readonly ComplianceRule["fix"][number][];
};

async function saveRule(sql: Sql, { clock }: ComplianceDeps, rule: Saved): Promise<void> {
  const { id, title, severity, help, body, fix, isEdited } = rule;
  await sql`
    update compliance_rules set title = ${title}, severity = ${severity}, help = ${help},
      body = ${JSON.stringify(body)}::text::jsonb, fix = ${JSON.stringify(fix)}::text::jsonb,
      is_edited = library_key is not null and ${isEdited}, updated_at = ${new Date(clock.now())}
    where id = ${id}`;
  await wantChecks(sql);
}

/** @throws {NotFound} */
export async function findRule(sql: Sql, id: string): Promise<ComplianceRule> {
  const [rule] = await readRules(sql, id);
  if (!rule) throw new NotFound("Cannot find this rule");
  return rule;
}

async function readRules(sql: Sql, id?: string): Promise<ComplianceRule[]> {
  const rows = await sql<(Omit<ComplianceRule, "updatedAt"> & { updatedAt: Date })[]>`
    select r.id, r.library_key as "libraryKey", r.is_edited as "isEdited", r.title, r.severity,
      r.help, r.body, r.fix, r.updated_at as "updatedAt",
      (select count(*)::int from compliance_policy_rules p where p.rule_id = r.id) as policies,
      jsonb_build_object('pass', 0, 'fail', 0, 'not_applicable', 0, 'unknown', 0, 'exception', 0)
        || r.counts as counts
    from compliance_rules r ${id === undefined ? sql`` : sql`where r.id = ${id}`}
    order by array_position(array['critical', 'high', 'medium', 'low'], r.severity),
      lower(r.title), r.id`;
  return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }));
}

async function tellRule(
  sql: Sql,
  scope: Scope,
  deps: ComplianceDeps,
  { id, title, severity }: ComplianceRule,
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  const target = { kind: "compliance_rule", id, label: title };
  await tellAct(sql, scope, deps, target, action, { severity, ...details });
}
