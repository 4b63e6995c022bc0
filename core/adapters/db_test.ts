import { equal, rejects } from "node:assert/strict";
import type { TenantId } from "@/core/scope.ts";
import { openTestDb } from "@/tests/support/databases.ts";

const NEW_DEVICE = { address: "192.0.2.1", port: 8729, tls_mode: "pinned" };

for (const mode of ["socket", "tcp"] as const) {
  const test = (
    name: string,
    body: (db: Awaited<ReturnType<typeof openTestDb>>) => Promise<void>,
  ) =>
    Deno.test({
      name: `Db (${mode}): ${name}`,
      fn: async () => {
        await using test = await openTestDb(mode);
        await body(test);
      },
    });

  test("a tenant reads and writes its own rows only", async ({ db, acme, globex }) => {
    await db.tenant(
      acme,
      (sql) => sql`insert into devices ${sql({ ...NEW_DEVICE, tenant_id: acme })}`,
    );
    equal((await db.tenant(acme, (sql) => sql`select from devices`)).length, 1);
    equal((await db.tenant(globex, (sql) => sql`select from devices`)).length, 0);
    equal((await db.tenant(globex, (sql) => sql`delete from devices returning id`)).length, 0);
    await rejects(
      db.tenant(
        acme,
        (sql) => sql`insert into devices ${sql({ ...NEW_DEVICE, tenant_id: globex })}`,
      ),
      /row-level security/,
    );
  });

  test("a forgotten tenant context reads zero rows and cannot write", async ({ db, acme }) => {
    await db.tenant(
      acme,
      (sql) => sql`insert into devices ${sql({ ...NEW_DEVICE, tenant_id: acme })}`,
    );
    // After tenant transactions the pool's connections have an empty setting, not an absent one.
    const looks = Array.from({ length: 20 }, () => db.system((sql) => sql`select from devices`));
    for (const rows of await Promise.all(looks)) equal(rows.length, 0);
    await rejects(
      db.system((sql) => sql`insert into devices ${sql({ ...NEW_DEVICE, tenant_id: acme })}`),
      /row-level security/,
    );
    equal((await db.system((sql) => sql`update devices set name = 'x' returning id`)).length, 0);
  });

  test("a transaction that throws leaves nothing", async ({ db, acme }) => {
    await rejects(
      db.tenant(acme, async (sql) => {
        await sql`insert into devices ${sql({ ...NEW_DEVICE, tenant_id: acme })}`;
        throw new Error("changed my mind");
      }),
      /changed my mind/,
    );
    equal((await db.tenant(acme, (sql) => sql`select from devices`)).length, 0);
  });

  test("a tenant id that is no UUID never reaches the database", async ({ db }) => {
    for (const id of ["", "x' or true --", "*", "ACME"]) {
      await rejects(db.tenant(id as TenantId, (sql) => sql`select 1`), TypeError);
    }
  });

  test("concurrent transactions keep their tenants apart", async ({ db, acme, globex }) => {
    const whose = (tenant: TenantId) =>
      db.tenant(tenant, async (sql) => {
        await sql`select pg_sleep(0.002)`;
        const [row] = await sql<{ id: TenantId }[]>`select current_tenant_id() as id`;
        equal(row?.id, tenant);
      });
    await Promise.all(Array.from({ length: 60 }, (_, i) => whose(i % 2 ? acme : globex)));
  });

  test("check() names the server", async ({ db }) => {
    equal((await db.check()).startsWith("PostgreSQL "), true);
  });
}
