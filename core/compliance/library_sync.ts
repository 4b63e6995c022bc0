import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { wantChecks } from "@/core/config_checks/due.ts";
import { LIBRARY, LIBRARY_EDITION } from "./library/mod.ts";

export const STARTER_POLICY = "Security basics";

/**
 * Brings the starter library of a tenant to this version's edition: new rules come, rules that nobody
 * edited follow, and those that somebody removed stay away. The first time a policy for every router
 * comes with them.
 */
export async function ensureLibrary(db: Db, tenantId: TenantId): Promise<void> {
  await db.tenant(tenantId, async (sql) => {
    const known = await readEdition(sql);
    if (known === LIBRARY_EDITION) return;
    // Two that start at once would each make the policy.
    await sql`select pg_advisory_xact_lock(hashtextextended('compliance ' || ${tenantId}, 0))`;
    const edition = await readEdition(sql);
    if (edition === LIBRARY_EDITION) return;
    const fresh = await putRules(sql, tenantId, edition === undefined);
    if (edition === undefined) await addStarterPolicy(sql, tenantId, fresh);
    await sql`
      insert into compliance_libraries (tenant_id, edition) values (${tenantId}, ${LIBRARY_EDITION})
      on conflict (tenant_id) do update set edition = excluded.edition`;
    await wantChecks(sql);
  });
}

async function readEdition(sql: Sql): Promise<number | undefined> {
  const [row] = await sql<{ edition: number }[]>`select edition from compliance_libraries`;
  return row?.edition;
}

async function putRules(sql: Sql, tenantId: TenantId, isFirst: boolean): Promise<string[]> {
  const rows = LIBRARY.filter(({ since }) => isFirst || since === LIBRARY_EDITION);
  const made = await sql<{ id: string }[]>`
    insert into compliance_rules (tenant_id, library_key, title, severity, help, body, fix)
    select ${tenantId}, t.* from unnest(${rows.map(({ key }) => key)}::text[],
      ${rows.map(({ title }) => title)}::text[], ${rows.map(({ severity }) => severity)}::text[],
      ${rows.map(({ help }) => help)}::text[],
      ${rows.map(({ body }) => JSON.stringify(body))}::text[]::jsonb[],
      ${rows.map(({ fix }) => JSON.stringify(fix))}::text[]::jsonb[]) as t
    on conflict (tenant_id, library_key) do nothing returning id`;
  for (const { key, title, severity, help, body, fix } of isFirst ? [] : LIBRARY) {
    await sql`
      update compliance_rules set title = ${title}, severity = ${severity}, help = ${help},
        body = ${JSON.stringify(body)}::text::jsonb, fix = ${JSON.stringify(fix)}::text::jsonb
      where library_key = ${key} and not is_edited`;
  }
  return made.map(({ id }) => id);
}

async function addStarterPolicy(
  sql: Sql,
  tenantId: TenantId,
  ruleIds: readonly string[],
): Promise<void> {
  const [policy] = await sql<{ id: string }[]>`
    insert into compliance_policies (tenant_id, name, description, is_for_all)
    values (${tenantId}, ${STARTER_POLICY},
      'What nearly every router should hold. Take out what does not suit you.', true)
    on conflict do nothing returning id`;
  if (!policy) return;
  await sql`
    insert into compliance_policy_rules (tenant_id, policy_id, rule_id)
    select ${tenantId}, ${policy.id}, id from unnest(${[...ruleIds]}::uuid[]) as id`;
}
