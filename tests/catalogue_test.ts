import { deepEqual, ok } from "node:assert/strict";
import { catalogueProblems } from "./support/catalogue.ts";
import { openTestDb } from "./support/databases.ts";

Deno.test("catalogue: every table, key, grant, view, function and role keeps the tenancy rules", async () => {
  await using test = await openTestDb();
  // Partitions too: they are made by a function, not by a migration.
  await test.db.system((sql) =>
    sql`select system_ensure_metric_partitions('2026-01-01', '2026-01-02'),
      system_ensure_log_partitions('2026-01-01', '2026-01-02')`
  );
  deepEqual(await catalogueProblems(test.admin), []);
});

/** Each mistake a later migration could make, and the words that must name it. */
const MISTAKES: [name: string, ddl: string, problem: RegExp][] = [
  ["a table without a tenant", "create table m (id int)", /^m has no "tenant_id/],
  ["a nullable tenant", "create table m (tenant_id uuid)", /^m has no "tenant_id not null"/],
  [
    "row-level security forgotten",
    "create table m (tenant_id uuid not null)",
    /^m has no row-level/,
  ],
  [
    "force forgotten",
    "create table m (tenant_id uuid not null); call protect_tenant_table('m'); " +
    "alter table m no force row level security",
    /^m does not force/,
  ],
  [
    "the slow inline policy",
    "create table m (tenant_id uuid not null); alter table m enable row level security; " +
    "alter table m force row level security; create policy p on m to app_user " +
    "using (tenant_id = current_setting('app.tenant_id', true)::uuid)",
    /^m: policy p is not the InitPlan form/,
  ],
  [
    "a second policy, which widens the first",
    "create policy p on devices to app_user using (true)",
    /^devices has 2 policies/,
  ],
  [
    "a poller that may write",
    "create policy p on devices for update to poller_user using (true)",
    /^devices: policy p lets poller_user write/,
  ],
  [
    "a key without the tenant",
    "alter table devices add unique (id, port); alter table device_state add column port int; " +
    "alter table device_state add foreign key (device_id) references devices (id)",
    /^device_state: foreign key \w+ does not lead with tenant_id/,
  ],
  [
    "grant on all tables",
    "grant select on all tables in schema public to app_user",
    /^health_samples_p20260101 is a partition with a grant/,
  ],
  ["a grant to public", "grant select on devices to public", /^devices is granted to public/],
  ["truncate", "grant truncate on devices to app_user", /^devices grants TRUNCATE/],
  ["a poller's write grant", "grant update on devices to poller_user", /^devices grants UPDATE/],
  ["a view of the owner", "create view v as select * from devices", /^v is a view without/],
  [
    "a materialized view",
    "create materialized view v as select * from devices",
    /^v is a materialized view/,
  ],
  [
    "a definer function without search_path",
    "create function system_f() returns int security definer language sql as 'select 1'; " +
    "revoke execute on function system_f() from public",
    /^system_f is SECURITY DEFINER without search_path/,
  ],
  [
    "a definer function for everybody",
    "create function f() returns int security definer set search_path = public, pg_temp " +
    "language sql as 'select 1'",
    /^f is SECURITY DEFINER and public may execute it/,
  ],
  ["a member of the owner", "grant pg_read_all_data to app_user", /^app_user is member of/],
  ["a table of its own", "alter table rollup_progress owner to app_user", /^app_user owns/],
  ["create in the schema", "grant create on schema public to app_user", /^app_user may create/],
];

Deno.test("catalogue: each mistake a migration could make is named", async (t) => {
  await using test = await openTestDb();
  await test.db.system((sql) =>
    sql`select system_ensure_metric_partitions('2026-01-01', '2026-01-01')`
  );
  for (const [name, ddl, problem] of MISTAKES) {
    await t.step(name, async () => {
      const found = await test.admin.begin(async (sql) => {
        await sql.unsafe(ddl).simple();
        const problems = await catalogueProblems(sql as unknown as typeof test.admin);
        throw { problems }; // roll back: roles are the whole server's
      }).catch((thrown) => {
        if (!thrown.problems) throw thrown;
        return thrown.problems as string[];
      });
      ok(found.some((text) => problem.test(text)), `found: ${found.join("; ") || "nothing"}`);
    });
  }
});
