import { deepEqual, equal, rejects } from "node:assert/strict";
import { openTestDb, type TestDb } from "@/tests/support/databases.ts";
import { silentLog } from "@/tests/support/log.ts";
import { loadMigrations, migrate, type Migration } from "./migrate.ts";
import { connectPool, type Pool } from "./postgres_pool.ts";

const one: Migration = { name: "0001_one.sql", sql: "create table one (\n  id int)" };
const two: Migration = { name: "0002_two.sql", sql: "create table two (id int)" };

/** The test database with everything of the product taken out again. */
async function openEmptyDb(): Promise<TestDb> {
  const test = await openTestDb();
  await test.admin.unsafe("drop schema public cascade; create schema public").simple();
  return test;
}

const tables = async (sql: Pool) =>
  (await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by 1`)
    .map(({ name }) => name).filter((name) => name !== "schema_migrations");

Deno.test("migrate() applies in order, once", async () => {
  await using test = await openEmptyDb();
  deepEqual(await migrate(test.admin, [one, two], silentLog), [one.name, two.name]);
  deepEqual(await migrate(test.admin, [one, two], silentLog), []);
  deepEqual(await tables(test.admin), ["one", "two"]);
});

Deno.test("migrate() by three runners at once applies each migration once", async () => {
  await using test = await openEmptyDb();
  const index: Migration = {
    name: "0003_index.sql",
    sql: "-- migrate: no-transaction\ncreate index concurrently one_by_id on one (id)",
  };
  const pools = [1, 2, 3].map(() => connectPool(test.endpoint("admin"), { max: 1, name: "test" }));
  try {
    const runs = await Promise.all(
      pools.map((pool) => migrate(pool, [one, two, index], silentLog)),
    );
    deepEqual(runs.flat().sort(), [one.name, two.name, index.name]);
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
});

Deno.test("migrate() refuses a migration that was changed after it was applied", async () => {
  await using test = await openEmptyDb();
  await migrate(test.admin, [one], silentLog);
  const changed = { ...one, sql: `${one.sql}; -- later` };
  await rejects(
    migrate(test.admin, [changed], silentLog),
    /0001_one.sql was changed.*new migration/,
  );
  const otherLineEnds = { ...one, sql: one.sql.replaceAll("\n", "\r\n") };
  deepEqual(await migrate(test.admin, [otherLineEnds], silentLog), []);
});

Deno.test("migrate() refuses a database newer than the build, before any change", async () => {
  await using test = await openEmptyDb();
  await migrate(test.admin, [one, two], silentLog);
  const third: Migration = { name: "0003_three.sql", sql: "create table three (id int)" };
  await rejects(
    migrate(test.admin, [one, third], silentLog),
    /newer than this build.*0002_two.sql/,
  );
  deepEqual(await tables(test.admin), ["one", "two"]);
});

Deno.test("migrate() refuses two files with one number", async () => {
  await using test = await openEmptyDb();
  const twin = { ...two, name: "0001_twin.sql" };
  await rejects(migrate(test.admin, [one, twin], silentLog), /two files have the number 0001/);
  deepEqual(await tables(test.admin), []);
});

Deno.test("migrate() rolls a failing migration back whole and keeps the ones before", async () => {
  await using test = await openEmptyDb();
  const broken = { ...two, sql: `${two.sql}; insert into two values (1); select 1/0` };
  await rejects(migrate(test.admin, [one, broken], silentLog), /0002_two.sql: division by zero/);
  deepEqual(await tables(test.admin), ["one"]);
  // The lock is free again, and the connection is no longer in a transaction.
  deepEqual(await migrate(test.admin, [one, two], silentLog), [two.name]);
});

Deno.test("migrate() runs a no-transaction file outside one, a timescaledb file only with it", async () => {
  await using test = await openEmptyDb();
  const index = (directive: string): Migration => ({
    name: "0002_index.sql",
    sql: `${directive}\ncreate index concurrently one_by_id on one (id)`,
  });
  await rejects(
    migrate(test.admin, [one, index("")], silentLog),
    /cannot run inside a transaction/,
  );
  deepEqual(await migrate(test.admin, [one, index("-- migrate: no-transaction")], silentLog), [
    "0002_index.sql",
  ]);
  const timescale = { name: "0003_ts.sql", sql: "-- migrate: timescaledb\nselect 1/0" };
  deepEqual(
    await migrate(
      test.admin,
      [one, index("-- migrate: no-transaction"), timescale],
      silentLog,
    ),
    [],
  );
});

Deno.test("the product's migrations have numbers without gaps and say why, locks and undo", async () => {
  const migrations = await loadMigrations();
  migrations.forEach(({ name, sql }, index) => {
    equal(name.slice(0, 4), String(index + 1).padStart(4, "0"));
    for (const word of ["-- Why:", "-- Locks:", "-- Undo:"]) {
      equal(sql.includes(word), true, `${name} lacks "${word}"`);
    }
  });
});
