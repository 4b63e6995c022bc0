import { deepEqual, equal, ok } from "node:assert/strict";
import { PostgresDb } from "@/core/adapters/db_postgres.ts";
import { loadMigrations, migrate } from "@/core/adapters/migrate.ts";
import { runMigrations } from "@/core/adapters/open_database.ts";
import { connectPool, type Endpoint } from "@/core/adapters/postgres_pool.ts";
import { findApiKey } from "@/core/api_keys/find_api_key.ts";
import { createApiKey } from "@/core/api_keys/api_keys.ts";
import { refreshSession } from "@/core/auth/sessions.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { permissionsOf } from "@/core/auth/roles.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { openTestDb } from "./support/databases.ts";
import { insertDevice } from "./support/devices.ts";
import { CLIENT, makeUser, signIn } from "./support/identity.ts";
import { silentLog } from "./support/log.ts";
import { openTestPlatform } from "./support/platform.ts";

/**
 * On a database server of one's own the schema belongs to a role that is no superuser, and FORCE ROW
 * LEVEL SECURITY binds it: what runs as the owner must have policies for it.
 */
Deno.test({
  name: "everything works on a schema whose owner is no superuser",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openTestDb("tcp");
    const name = `plain_${crypto.randomUUID().replaceAll("-", "")}`;
    /** Routers from before there were sites, each with a label. */
    const withOldSites = async (endpointOf: (role: string) => Endpoint) => {
      const owner = connectPool(endpointOf(name), { max: 1, name: "test" });
      const before = (await loadMigrations()).filter((one) => one.name < "0008");
      await migrate(owner, before, silentLog);
      await owner.end({ timeout: 1 });
      await using db = await PostgresDb.open({ app: endpointOf("app_user"), poolSize: 1 });
      const tenantId = await ensureDefaultTenant(db);
      await db.tenant(tenantId, (sql) =>
        sql`
          insert into devices (tenant_id, address, port, tls_mode, site)
          select ${tenantId}::uuid, '192.0.2.' || n, 8729, 'pinned',
            (array['North', ' north ', 'A / B', null])[n] from generate_series(1, 4) n`);
    };
    const endpointOf = (role: string): Endpoint => {
      const endpoint = test.endpoint(role);
      ok("url" in endpoint);
      return { url: endpoint.url.replace(/\/[^/]*$/, `/${name}`) };
    };
    const { admin } = test;
    const [{ password }] = await admin<[{ password: string }]>`select ${
      new URL((test.endpoint("app_user") as { url: string }).url).password
    } as password`;
    await admin.unsafe(`create role ${name} login nosuperuser nobypassrls password '${password}'`);
    await admin.unsafe(`create database ${name} owner ${name}`);
    try {
      await withOldSites(endpointOf);
      const applied = await runMigrations(endpointOf(name), silentLog);
      ok(applied.length >= 1);
      await using db = await PostgresDb.open({
        app: endpointOf("app_user"),
        poller: endpointOf("poller_user"),
        poolSize: 4,
      });
      await using platform = await openTestPlatform(db);
      const auth = openAuth(platform);
      const tenantId = await ensureDefaultTenant(db);
      const user = await makeUser(auth, tenantId, "admin");
      const { result } = await signIn(auth, user);
      equal(result.next, "done");
      if (result.next === "done") await refreshSession(auth, result.tokens.refresh, CLIENT);
      const permissions = permissionsOf("admin", []);
      const scope = { db, tenantId, actor: `user:${user.id}`, permissions };
      const { secret } = await createApiKey(scope, platform, {
        ...{ name: "key", permissions: ["devices:read"] },
      });
      const found = await findApiKey(db, secret, { address: "192.0.2.1", now: Date.now() });
      equal(found?.tenantId, tenantId);
      const kept = await db.tenant(
        tenantId,
        (sql) =>
          sql<{ address: string; path: string | null }[]>`
          select d.address, s.path from devices d left join sites s on s.id = d.site_id
          order by d.address`,
      );
      deepEqual(kept.map(({ path }) => path), ["North", "North", "A - B", null]);
      equal((await db.tenant(tenantId, (sql) => sql`select from sites`)).length, 2);
      await insertDevice({ db }, tenantId);
      const rows = await db.system((sql) =>
        sql<{ users: string; devices: string }[]>`select users, devices from system_tenants()`
      );
      deepEqual(rows.map(({ users, devices }) => [users, devices]), [["1", "5"]]);
      // The owner's own look needs no context for what the functions read, and has none for the rest.
      const owner = connectPool(endpointOf(name), { max: 1, name: "test" });
      const [seen] = await owner`select count(*)::int as rows from second_factors`;
      equal(seen!["rows"], 0);
      await owner.end({ timeout: 1 });
    } finally {
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.unsafe(`drop role ${name}`);
    }
  },
});
