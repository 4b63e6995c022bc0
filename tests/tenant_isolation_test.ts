import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { connectPool, type Pool } from "@/core/adapters/postgres_pool.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { openTestDb, type TestDb } from "./support/databases.ts";

/** The tests of what row-level security must hold, each on the unix socket and on TCP. */
function test(name: string, body: (test: TestDb) => Promise<void>): void {
  for (const mode of ["socket", "tcp"] as const) {
    Deno.test(`isolation (${mode}): ${name}`, async () => {
      await using test = await openTestDb(mode);
      await body(test);
    });
  }
}

/** A login of its own, as an attacker who may run any SQL as `role`. */
async function asRole(test: TestDb, role: string, work: (sql: Pool) => Promise<void>) {
  const sql = connectPool(test.endpoint(role), { max: 1, name: "test" });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const addDevice = (sql: Sql, tenant: TenantId, address = "192.0.2.1") =>
  sql`insert into devices (tenant_id, address, port, tls_mode)
      values (${tenant}, ${address}, 8729, 'pinned') returning id`;

/** Every table with a tenant, partitioned parents included: from the catalogue, so none is forgotten. */
async function tenantTables({ admin }: TestDb): Promise<string[]> {
  const rows = await admin<{ name: string }[]>`
    select c.relname as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by 1`;
  ok(rows.length >= 20, `only ${rows.length} tenant tables`);
  return rows.map(({ name }) => name);
}

const ONE_OF = new Set(["compliance_exceptions", "config_baselines"]);

/** One row of any table for a tenant: each required column gets a value its checks take. */
async function anyRow({ admin }: TestDb, table: string, tenant: TenantId, device: string) {
  const columns = await admin<{ name: string; type: string }[]>`
    select attname as name, format_type(atttypid, null) as type from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attnotnull
      and not atthasdef and attidentity = ''`;
  const special: Record<string, unknown> = {
    ...{ tenant_id: tenant, device_id: device, tls_mode: "pinned", severity: "info" },
    ...{ status: table === "idempotency_keys" ? 200 : "online", outcome: "ok" },
    ...{ email: `${tenant}@example.net`, role: "viewer", purpose: "setup", issuer: "https://x" },
    ...(table === "bulk_jobs" && { kind: "command" }),
    ...(table === "compliance_exceptions" && { reason: "because" }),
    ...(table === "compliance_results" && { result: "pass" }),
    ...(table === "compliance_rules" && { severity: "low" }),
    ...(table === "config_versions" && { trigger: "manual" }),
    ...(table === "drift_ignores" && { reason: "because" }),
    ...(table === "drift_items" && { kind: "added" }),
    ...(table === "pushes" && { token: "0123456789", confirm: "auto" }),
    ...(table === "binary_backups" && { trigger: "manual", encryption: "rc4" }),
    ...(table === "change_set_changes" && { action: "add" }),
    ...(table === "scans" && { status: "done" }),
    ...(table === "seen_routers" && { id: "0".repeat(32) }),
    ...(table === "second_factors" && { kind: "totp" }),
    ...(table === "topology_links" && { kind: "wired" }),
    ...(table === "topology_nodes" && { kind: "unmanaged" }),
  };
  const byType: Record<string, unknown> = {
    ...{ uuid: device, text: "x", integer: 1, bigint: 1, smallint: 1, real: 1, jsonb: "{}" },
    // Some are unique in the whole installation.
    ...{
      "double precision": 1,
      boolean: true,
      bytea: new TextEncoder().encode(tenant).slice(0, 32),
    },
    ...{ "text[]": ["x"], macaddr: "02:00:00:00:00:01", date: "2026-01-01" },
    ...{ "timestamp with time zone": "2026-01-01T12:00:00Z" },
  };
  const hasCiphertext = table === "second_factors" || table === "device_credentials";
  const extra = {
    ...(hasCiphertext && { ciphertext: byType["bytea"] }),
    // What stands for one thing of several.
    ...(ONE_OF.has(table) && { device_id: device }),
    ...(table === "compliance_policy_scopes" && { tag_id: device }),
    // A version stands on the content made just before it.
    ...(table === "config_contents" && { id: device }),
  };
  return Object.fromEntries(
    columns.map(({ name, type }) => {
      const value = special[name] ?? byType[type];
      if (value === undefined) throw new Error(`No value for ${table}.${name} of type ${type}`);
      return [name, value];
    }).concat(Object.entries(extra)),
  );
}

test("in every table a tenant sees its own row only, and cannot write another's", async (t) => {
  const { db, admin, acme, globex } = t;
  await db.system((sql) =>
    sql`select system_ensure_metric_partitions('2026-01-01', '2026-01-01'),
      system_ensure_log_partitions('2026-01-01', '2026-01-01')`
  );
  const devices = new Map<TenantId, string>();
  for (const tenant of [acme, globex]) {
    const [row] = await db.tenant(tenant, (sql) => addDevice(sql, tenant));
    devices.set(tenant, row!["id"]);
  }
  for (const table of await tenantTables(t)) {
    for (const tenant of [acme, globex]) {
      if (table === "devices") continue; // there since above
      const row = await anyRow(t, table, tenant, devices.get(tenant)!);
      await admin.begin(async (sql) => {
        // What the row refers to is of no concern here: no foreign keys for this one insert.
        await sql`set local session_replication_role = replica`;
        await sql`insert into ${sql(table)} ${sql(row)}`;
      });
    }
    const name = (sql: Sql) => sql(table);
    const seen = (rows: Iterable<Record<string, unknown>>) => [...rows].map((r) => r["tenant_id"]);
    const all = await db.tenant(acme, (sql) => sql`select tenant_id from ${name(sql)}`);
    deepEqual(seen(all), [acme], `${table}: what acme reads`);
    const none = await db.system((sql) => sql`select tenant_id from ${name(sql)}`);
    deepEqual(seen(none), [], `${table}: what a forgotten context reads`);

    const foreign = await anyRow(t, table, globex, devices.get(globex)!);
    for (
      const run of [
        db.system.bind(db),
        (work: (s: Sql) => Promise<unknown>) => db.tenant(acme, work),
      ]
    ) {
      await rejects(
        run(async (sql) => await sql`insert into ${name(sql)} ${sql(foreign)}`),
        /row-level security|permission denied/,
        `${table}: insert for globex`,
      );
    }
    const gone = await db.tenant(
      acme,
      (sql) => sql`delete from ${name(sql)} where tenant_id = ${globex} returning 1`,
    ).catch((error) => {
      if (/permission denied/.test(error.message)) return [];
      throw error;
    });
    equal(gone.length, 0, `${table}: delete of globex's row`);
    const updated = await db.tenant(
      acme,
      (sql) =>
        sql`update ${name(sql)} set tenant_id = ${acme} where tenant_id = ${globex} returning 1`,
    ).catch((error) => {
      if (/permission denied/.test(error.message)) return [];
      throw error;
    });
    equal(updated.length, 0, `${table}: update of globex's row`);
    equal((await admin`select from ${admin(table)} where tenant_id = ${globex}`).length, 1);
  }
});

test("a row cannot be given to another tenant", async ({ db, acme, globex }) => {
  await db.tenant(acme, (sql) => addDevice(sql, acme));
  await rejects(
    db.tenant(acme, (sql) => sql`update devices set tenant_id = ${globex}`),
    /row-level security/,
  );
});

test("a row cannot refer to another tenant's device", async ({ db, acme, globex }) => {
  const [device] = await db.tenant(acme, (sql) => addDevice(sql, acme));
  await rejects(
    db.tenant(globex, (sql) =>
      sql`
      insert into device_latest (tenant_id, device_id) values (${globex}, ${device!["id"]})`),
    /foreign key/,
  );
});

test("a forgotten context reads nothing beside tenant transactions on the same pool", async ({ db, acme }) => {
  await db.tenant(acme, (sql) => addDevice(sql, acme));
  const counts = await Promise.all(
    Array.from(
      { length: 40 },
      (_, i) =>
        i % 2
          ? db.tenant(acme, (sql) => sql`select id from devices`).then((rows) => rows.length - 1)
          : db.system((sql) => sql`select id from devices`).then((rows) => rows.length),
    ),
  );
  deepEqual(new Set(counts), new Set([0]));
});

test("leak: a context set for the whole session does not reach the next transaction", async ({ db, acme }) => {
  await db.tenant(acme, (sql) => addDevice(sql, acme));
  // As many as the pool has connections, so that every one of them is poisoned.
  await Promise.all(Array.from({ length: 6 }, () =>
    db.tenant(acme, async (sql) => {
      await sql.unsafe(`select set_config('app.tenant_id', '${acme}', false), pg_sleep(0.02)`);
    })));
  const seen = await Promise.all(
    Array.from({ length: 12 }, () => db.system((sql) => sql`select id from devices`)),
  );
  deepEqual(seen.map((rows) => rows.length), Array(12).fill(0));
});

test("leak: after a transaction the setting is '', which must not fail as a uuid", async (t) => {
  await asRole(t, "app_user", async (sql) => {
    await sql.begin((tx) => tx`select set_config('app.tenant_id', ${t.acme}, true)`);
    const [setting] = await sql`select current_setting('app.tenant_id', true) as value`;
    equal(setting!["value"], "");
    equal((await sql`select id from devices`).length, 0);
    equal((await sql`select current_tenant_id() as id`)[0]!["id"], null);
  });
});

test("leak: a view of the owner shows every tenant; security_invoker none", async (t) => {
  await t.db.tenant(t.acme, (sql) => addDevice(sql, t.acme));
  await t.admin.unsafe(`
    create view leaky as select * from devices;
    create view tight with (security_invoker = true) as select * from devices;
    grant select on leaky, tight to app_user`).simple();
  equal(
    (await t.db.system((sql) => sql`select id from leaky`)).length,
    1,
    "why the catalogue test",
  );
  equal((await t.db.system((sql) => sql`select id from tight`)).length, 0);
  equal((await t.db.tenant(t.acme, (sql) => sql`select id from tight`)).length, 1);
});

test("leak: a partition cannot be read or written past its parent", async ({ db, acme }) => {
  await db.system((sql) =>
    sql`select system_ensure_metric_partitions('2026-01-01', '2026-01-01'),
      system_ensure_log_partitions('2026-01-01', '2026-01-01')`
  );
  for (const table of ["health_samples_p20260101", "health_1h_p20260101"]) {
    await rejects(db.tenant(acme, (sql) => sql`select from ${sql(table)}`), /permission denied/);
    await rejects(db.tenant(acme, (sql) => sql`delete from ${sql(table)}`), /permission denied/);
  }
});

test("leak: neither login becomes another role", async (t) => {
  for (const role of ["app_user", "poller_user"]) {
    await asRole(t, role, async (sql) => {
      for (const other of ["admin", role === "app_user" ? "poller_user" : "app_user"]) {
        await rejects(sql.unsafe(`set role ${other}`), /permission denied to set role/);
        await rejects(sql.unsafe(`set session authorization ${other}`), /permission denied/);
      }
      await sql.unsafe("reset role");
      equal((await sql`select current_user::text as name`)[0]!["name"], role);
      await rejects(sql.unsafe(`alter role ${role} bypassrls`), /permission denied|must/);
      await rejects(sql.unsafe("alter table devices disable row level security"), /must be owner/);
      await rejects(sql.unsafe("create policy p on devices using (true)"), /must be owner/);
      await sql.unsafe("set row_security = off");
      await rejects(
        sql.unsafe(role === "app_user" ? "select from devices" : "select from events"),
        /row-level security|permission denied/,
      );
    });
  }
});

test("leak: app_user makes no objects and calls nothing of the owner", async (t) => {
  await asRole(t, "app_user", async (sql) => {
    await rejects(sql.unsafe("create table mine (id int)"), /permission denied/);
    await rejects(
      sql.unsafe("create function f() returns int language sql as 'select 1'"),
      /denied/,
    );
    await rejects(sql.unsafe("call protect_tenant_table('devices')"), /permission denied/);
    await rejects(sql.unsafe("select from schema_migrations"), /permission denied/);
    await rejects(sql.unsafe("truncate devices"), /permission denied/);
    await rejects(sql.unsafe("copy devices from program 'id'"), /permission denied/);
    await rejects(sql.unsafe("select pg_read_file('PG_VERSION')"), /permission denied/);
  });
});

test("leak: a temporary table does not stand in for one that a definer function names", async (t) => {
  await asRole(t, "app_user", async (sql) => {
    // A database keeps this right unless it is revoked; the function must hold even so.
    await sql.unsafe(`
      create temporary table tenants (id uuid default gen_random_uuid(), name text, slug text unique);
      create function pg_temp.spy() returns trigger language plpgsql as
        $$ begin raise exception 'ran as %', current_user; end $$;
      create trigger spy before insert on tenants for each row execute function pg_temp.spy()`)
      .simple();
    await sql`select system_ensure_tenant('initech', 'Initech')`;
  });
  equal((await t.admin`select from public.tenants where slug = 'initech'`).length, 1);
});

test("poller_user reads what polling needs and nothing else", async (t) => {
  await t.db.tenant(t.acme, (sql) => addDevice(sql, t.acme));
  equal((await t.db.poller((sql) => sql`select id from devices`)).length, 1);
  const readable = new Set([
    ...["devices", "device_credentials", "credential_profiles", "tenant_keys", "tenants"],
  ]);
  await t.db.poller((sql) => sql`select ciphertext from credential_profiles`);
  await rejects(t.db.poller((sql) => sql`select username from credential_profiles`), /denied/);
  await t.db.poller((sql) => sql`select id, is_active from tenants`);
  await rejects(t.db.poller((sql) => sql`select name from tenants`), /permission denied/);
  for (
    const table of [...await tenantTables(t), "tenants", "rollup_progress", "schema_migrations"]
  ) {
    const read = t.db.poller((sql) => sql`select from ${sql(table)}`);
    if (readable.has(table)) await read;
    else await rejects(read, /permission denied/, `poller reads ${table}`);
    for (const act of ["delete from", "insert into"]) {
      const rest = act === "delete from" ? "" : "default values";
      await rejects(
        t.db.poller((sql) => sql.unsafe(`${act} ${table} ${rest}`)),
        /permission denied/,
        `poller: ${act} ${table}`,
      );
    }
  }
  await rejects(t.db.poller((sql) => sql`select system_tenant_ids()`), /permission denied/);
});
