import { wantChecks } from "@/core/config_checks/due.ts";
import {
  type CompliancePolicy,
  MAX_POLICIES,
  NewPolicy,
  PolicyPatch,
} from "@/core/contract/compliance.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type ComplianceDeps, invalid, tellAct } from "./tell.ts";

export async function listPolicies(scope: Scope): Promise<CompliancePolicy[]> {
  demand(scope, "compliance:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readPolicies(sql));
}

/** @throws {Conflict} for a name that there is; {@linkcode InvalidInput} for a rule or scope that is not */
export async function addPolicy(
  scope: Scope,
  deps: ComplianceDeps,
  input: NewPolicy,
): Promise<CompliancePolicy> {
  demand(scope, "compliance:write");
  const parsed = NewPolicy.safeParse(input);
  if (!parsed.success) throw invalid("Cannot save this policy", parsed.error.issues);
  const { name, description, isEnabled, isForAll } = parsed.data;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [count] = await sql<{ n: number }[]>`select count(*)::int as n from compliance_policies`;
    if (count!.n >= MAX_POLICIES) {
      throw new Conflict(`Cannot add a policy: ${MAX_POLICIES} is the limit, remove one first`);
    }
    const [made] = await inPolicyWords(() =>
      sql<{ id: string }[]>`
        insert into compliance_policies (tenant_id, name, description, is_enabled, is_for_all)
        values (${scope.tenantId}, ${name}, ${description}, ${isEnabled}, ${isForAll})
        returning id`
    );
    await putParts(sql, scope, made!.id, parsed.data);
    return await told(sql, scope, deps, made!.id, "compliance.policy_added");
  });
}

export async function updatePolicy(
  scope: Scope,
  deps: ComplianceDeps,
  id: string,
  patch: PolicyPatch,
): Promise<CompliancePolicy> {
  demand(scope, "compliance:write");
  const parsed = PolicyPatch.safeParse(patch);
  if (!parsed.success) throw invalid("Cannot save this policy", parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await findPolicy(sql, id);
    const { name = before.name, description = before.description } = parsed.data;
    const { isEnabled = before.isEnabled, isForAll = before.isForAll } = parsed.data;
    const { ruleIds = before.ruleIds, groupIds = before.groupIds } = parsed.data;
    const { tagIds = before.tagIds, siteIds = before.siteIds } = parsed.data;
    await inPolicyWords(() =>
      sql`update compliance_policies set name = ${name}, description = ${description},
        is_enabled = ${isEnabled}, is_for_all = ${isForAll},
        updated_at = ${new Date(deps.clock.now())} where id = ${id}`
    );
    await putParts(sql, scope, id, { ruleIds, groupIds, tagIds, siteIds });
    return await told(sql, scope, deps, id, "compliance.policy_changed");
  });
}

/** Its rules stay. */
export async function removePolicy(scope: Scope, deps: ComplianceDeps, id: string): Promise<void> {
  demand(scope, "compliance:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const policy = await findPolicy(sql, id);
    await sql`delete from compliance_policies where id = ${id}`;
    await wantChecks(sql);
    const target = { kind: "compliance_policy", id, label: policy.name };
    await tellAct(sql, scope, deps, target, "compliance.policy_removed");
  });
}

type Parts = Pick<CompliancePolicy, "ruleIds" | "groupIds" | "tagIds" | "siteIds">;

async function putParts(sql: Sql, { tenantId }: Scope, id: string, parts: Parts): Promise<void> {
  const { ruleIds, groupIds, tagIds, siteIds } = parts;
  await sql`delete from compliance_policy_rules where policy_id = ${id}`;
  await sql`delete from compliance_policy_scopes where policy_id = ${id}`;
  await sql`
    insert into compliance_policy_rules (tenant_id, policy_id, rule_id)
    select ${tenantId}, ${id}, r.id from compliance_rules r where r.id = any(${ruleIds}::uuid[])`;
  await sql`
    insert into compliance_policy_scopes (tenant_id, policy_id, group_id, tag_id, site_id)
    select ${tenantId}::uuid, ${id}::uuid, g.id, null::uuid, null::uuid from device_groups g
      where g.id = any(${groupIds}::uuid[])
    union all
    select ${tenantId}::uuid, ${id}::uuid, null, t.id, null from tags t
      where t.id = any(${tagIds}::uuid[])
    union all
    select ${tenantId}::uuid, ${id}::uuid, null, null, s.id from sites s
      where s.id = any(${siteIds}::uuid[])`;
  const saved = await findPolicy(sql, id);
  const issues = (["ruleIds", "groupIds", "tagIds", "siteIds"] as const)
    .filter((path) => saved[path].length < new Set(parts[path]).size)
    .map((path) => ({ path, message: "names something that there is not" }));
  if (issues.length > 0) throw new InvalidInput("Cannot save this policy", issues);
}

async function told(
  sql: Sql,
  scope: Scope,
  deps: ComplianceDeps,
  id: string,
  action: string,
): Promise<CompliancePolicy> {
  await wantChecks(sql);
  const policy = await findPolicy(sql, id);
  const { name, isEnabled, isForAll, ruleIds } = policy;
  const target = { kind: "compliance_policy", id, label: name };
  await tellAct(sql, scope, deps, target, action, { isEnabled, isForAll, rules: ruleIds.length });
  return policy;
}

/** @throws {NotFound} */
async function findPolicy(sql: Sql, id: string): Promise<CompliancePolicy> {
  const [policy] = await readPolicies(sql, id);
  if (!policy) throw new NotFound("Cannot find this policy");
  return policy;
}

async function readPolicies(sql: Sql, id?: string): Promise<CompliancePolicy[]> {
  return await sql<CompliancePolicy[]>`
    select p.id, p.name, p.description, p.is_enabled as "isEnabled", p.is_for_all as "isForAll",
      array(select r.rule_id from compliance_policy_rules r where r.policy_id = p.id order by 1)
        as "ruleIds",
      array(select s.group_id from compliance_policy_scopes s
        where s.policy_id = p.id and s.group_id is not null order by 1) as "groupIds",
      array(select s.tag_id from compliance_policy_scopes s
        where s.policy_id = p.id and s.tag_id is not null order by 1) as "tagIds",
      array(select s.site_id from compliance_policy_scopes s
        where s.policy_id = p.id and s.site_id is not null order by 1) as "siteIds"
    from compliance_policies p ${id === undefined ? sql`` : sql`where p.id = ${id}`}
    order by lower(p.name), p.id`;
}

async function inPolicyWords<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { constraint_name: constraint } = error as { constraint_name?: string };
    if (constraint === "compliance_policies_by_name") {
      throw new Conflict("Cannot save this policy: there is one of this name already");
    }
    throw error;
  }
}
