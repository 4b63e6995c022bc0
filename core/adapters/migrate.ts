import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type postgres from "postgres";
import { messageOf } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";

export interface Migration {
  /** `NNNN_name.sql`. */
  name: string;
  sql: string;
}

/** Any constant: one migration run at a time in a database. */
const LOCK = 7_203_181;

/** The migrations that ship with this build: in the checkout, or beside main.js in the artifact. */
export async function loadMigrations(): Promise<Migration[]> {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const candidate of ["migrations", "../../migrations"]) {
    const dir = join(here, candidate);
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir(dir)) {
        if (/^\d{4}_\w+\.sql$/.test(name)) names.push(name);
      }
    } catch {
      continue;
    }
    const read = async (name: string) => ({ name, sql: await Deno.readTextFile(join(dir, name)) });
    return await Promise.all(names.sort().map(read));
  }
  throw new Error(`Cannot find the migrations beside ${here}: this build is incomplete`);
}

/**
 * Brings a database to this build's schema; forward only. Answers the names it applied.
 *
 * @param sql the owner's connection, direct (no transaction pooler: the lock is the session's)
 * @throws if an applied migration was changed, or the database is newer than this build
 */
export async function migrate(
  sql: postgres.Sql,
  migrations: readonly Migration[],
  log: Logger,
): Promise<string[]> {
  const session = await sql.reserve();
  try {
    await lock(session);
    try {
      return await apply(session, migrations, log);
    } finally {
      await session`select pg_advisory_unlock(${LOCK})`.catch(() => {});
    }
  } finally {
    session.release();
  }
}

/** Polls: a waiter inside pg_advisory_lock holds a snapshot and deadlocks CREATE INDEX CONCURRENTLY. */
async function lock(session: postgres.ReservedSql): Promise<void> {
  for (;;) {
    const [row] = await session`select pg_try_advisory_lock(${LOCK}) as ours`;
    if (row?.["ours"]) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function apply(
  session: postgres.ReservedSql,
  migrations: readonly Migration[],
  log: Logger,
): Promise<string[]> {
  await session`
    create table if not exists schema_migrations (
      name text primary key, checksum text not null,
      applied_at timestamptz not null default now(), duration_ms integer not null)`;
  const rows = await session<{ name: string; checksum: string }[]>`
    select name, checksum from schema_migrations order by name`;
  refuseUnknown(rows.map(({ name }) => name), migrations);
  const done = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const [extension] = await session`select from pg_extension where extname = 'timescaledb'`;

  const applied: string[] = [];
  for (const migration of migrations) {
    const { name } = migration;
    const checksum = await sha256(migration.sql);
    const before = done.get(name);
    if (before === checksum) continue;
    if (before !== undefined) {
      throw new Error(
        `Cannot migrate as ${name} was changed after it was applied: restore the file of the ` +
          "version that applied it and put the change into a new migration",
      );
    }
    const directives = [...migration.sql.matchAll(/^-- migrate: (\S+)$/gm)].map(([, word]) => word);
    if (directives.includes("timescaledb") && !extension) continue;
    await applyOne(session, migration, checksum, !directives.includes("no-transaction"));
    log.info("migration applied", { migration: name });
    applied.push(name);
  }
  return applied;
}

function refuseUnknown(applied: string[], migrations: readonly Migration[]): void {
  const numbers = migrations.map(({ name }) => name.slice(0, 4));
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice) throw new Error(`Cannot migrate as two files have the number ${twice}`);
  const known = new Set(migrations.map(({ name }) => name));
  const newer = applied.filter((name) => !known.has(name));
  if (newer.length > 0) {
    throw new Error(
      `Cannot use this database as it is newer than this build (it has ${newer.join(", ")}): ` +
        "start the version that made it, or a later one",
    );
  }
}

async function applyOne(
  session: postgres.ReservedSql,
  { name, sql }: Migration,
  checksum: string,
  inTransaction: boolean,
): Promise<void> {
  const began = performance.now();
  try {
    if (inTransaction) await session`begin`;
    await session.unsafe(sql).simple();
    await session`
      insert into schema_migrations (name, checksum, duration_ms)
      values (${name}, ${checksum}, ${Math.round(performance.now() - began)})`;
    if (inTransaction) await session`commit`;
  } catch (error) {
    if (inTransaction) await session`rollback`.catch(() => {});
    throw new Error(`Cannot apply the migration ${name}: ${messageOf(error)}`, { cause: error });
  }
}

/** Line ends do not count: a checkout on Windows is the same migration. */
async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text.replaceAll("\r\n", "\n"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
