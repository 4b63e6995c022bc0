import type postgres from "postgres";

/** Tables that belong to no tenant, and why that is right. */
const NO_TENANT: Record<string, string> = {
  schema_migrations: "the runner's own; the runtime roles have no grant on it",
  rollup_progress: "one watermark for all tenants together",
};

const INIT_PLAN = (column: string) =>
  `(${column} = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))`;

/**
 * What in the catalogue of a database breaks the tenancy rules, one sentence each. Reads the catalogue
 * itself, so that a table nobody thought of is found too.
 */
export async function catalogueProblems(admin: postgres.Sql): Promise<string[]> {
  return [
    ...await tableProblems(admin),
    ...await keyProblems(admin),
    ...await grantProblems(admin),
    ...await viewProblems(admin),
    ...await functionProblems(admin),
    ...await roleProblems(admin),
  ];
}

async function tableProblems(sql: postgres.Sql): Promise<string[]> {
  const tables = await sql<
    { name: string; enabled: boolean; forced: boolean; column: string | null }[]
  >`
    select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
      case when c.relname = 'tenants' then 'id' else (
        select a.attname from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) end as column
    from pg_class c where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
  const policies = await sql<
    {
      tablename: string;
      policyname: string;
      roles: string[];
      cmd: string;
      qual: string;
      with_check: string;
    }[]
  >`select tablename, policyname, roles::text[], cmd, qual, with_check
    from pg_policies where schemaname = 'public'`;
  const problems: string[] = [];
  for (const { name, enabled, forced, column } of tables) {
    if (name in NO_TENANT) continue;
    if (!column) {
      problems.push(`${name} has no "tenant_id not null" and is not listed as tenantless`);
      continue;
    }
    if (!enabled) problems.push(`${name} has no row-level security`);
    if (!forced) problems.push(`${name} does not force row-level security on its owner`);
    const own = policies.filter(({ tablename, roles }) =>
      tablename === name && roles.includes("app_user")
    );
    const [policy] = own;
    const expected = INIT_PLAN(column);
    if (own.length !== 1) problems.push(`${name} has ${own.length} policies for app_user, not one`);
    else if (
      policy!.qual !== expected || policy!.with_check !== expected || policy!.cmd !== "ALL"
    ) {
      problems.push(`${name}: policy ${policy!.policyname} is not the InitPlan form for ALL`);
    }
    for (const { tablename, roles, policyname, cmd } of policies) {
      if (tablename !== name) continue;
      if (roles.includes("public")) problems.push(`${name}: policy ${policyname} is for public`);
      if (roles.includes("poller_user") && cmd !== "SELECT") {
        problems.push(`${name}: policy ${policyname} lets poller_user write`);
      }
    }
  }
  return problems;
}

/** Between tenant tables a key without the tenant would let a row point into another tenant. */
async function keyProblems(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ table: string; name: string }[]>`
    select c.conrelid::regclass::text as table, c.conname as name
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid and not t.relispartition
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and t.relnamespace = 'public'::regnamespace and a.attname <> 'tenant_id'`;
  return rows.map(({ table, name }) =>
    `${table}: foreign key ${name} does not lead with tenant_id`
  );
}

async function grantProblems(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ name: string; problem: string }[]>`
    with acl as (
      select c.relname as name, c.relispartition, a.grantee, a.privilege_type as privilege
      from pg_class c cross join aclexplode(c.relacl) a
      where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
    )
    select name, 'is a partition with a grant of its own' as problem from acl where relispartition
    union all
    select name, 'is granted to public' from acl where grantee = 0
    union all
    select name, 'grants ' || privilege || ' to poller_user' from acl
      where grantee = 'poller_user'::regrole and privilege <> 'SELECT'
    union all
    select name, 'grants ' || privilege || ', which row-level security does not bind' from acl
      where privilege in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')`;
  return [...new Set(rows.map(({ name, problem }) => `${name} ${problem}`))];
}

async function viewProblems(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ name: string; kind: string }[]>`
    select c.relname as name, c.relkind::text as kind from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
      and not coalesce('security_invoker=true' = any (c.reloptions), false)`;
  return rows.map(({ name, kind }) =>
    kind === "m"
      ? `${name} is a materialized view: it holds every tenant's rows without policies`
      : `${name} is a view without security_invoker`
  );
}

async function functionProblems(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ name: string; problem: string }[]>`
    with definer as (
      select p.oid, p.proname as name, p.proconfig, p.proacl, p.proowner from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef
    )
    select name, 'is SECURITY DEFINER without search_path = public, pg_temp' as problem
      from definer
      where not coalesce('search_path=public, pg_temp' = any (proconfig), false)
    union all
    select name, 'is SECURITY DEFINER and public may execute it' from definer
      where has_function_privilege('public', oid, 'execute')
    union all
    select name, 'is SECURITY DEFINER, for app_user, and not named system_*' from definer
      where has_function_privilege('app_user', oid, 'execute') and name not like 'system\\_%'`;
  return rows.map(({ name, problem }) => `${name} ${problem}`);
}

async function roleProblems(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ name: string; problem: string }[]>`
    select rolname as name, 'is superuser, bypasses row-level security or makes roles' as problem
      from pg_roles where rolname in ('app_user', 'poller_user')
        and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
    union all
    select member::regrole::text, 'is member of ' || roleid::regrole from pg_auth_members
      where member in ('app_user'::regrole, 'poller_user'::regrole)
    union all
    select r.rolname, 'owns ' || c.relname from pg_class c join pg_roles r on r.oid = c.relowner
      where r.rolname in ('app_user', 'poller_user')
    union all
    select r, 'may create in the schema public' from unnest(array['app_user', 'poller_user']) r
      where has_schema_privilege(r, 'public', 'create')`;
  return rows.map(({ name, problem }) => `${name} ${problem}`);
}
