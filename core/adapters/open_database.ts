import { join } from "node:path";
import type { Config } from "@/core/config.ts";
import type { Logger } from "@/core/log.ts";
import type { Db } from "@/core/ports/db.ts";
import { PostgresDb } from "./db_postgres.ts";
import { connectPool, type Endpoint } from "./postgres_pool.ts";
import {
  ADMIN,
  DATABASE,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "./embedded_postgres.ts";
import { loadMigrations, migrate } from "./migrate.ts";

export interface OpenDatabase extends AsyncDisposable {
  readonly db: Db;
  /** Rejects if the embedded server ends by itself; never settles otherwise. */
  readonly failed: Promise<never>;
}

/**
 * The database as configured. Embedded: starts the private server and brings its schema up to date.
 * Server: expects a schema that `tod migrate` made, and migrates by itself when it has the owner's URL.
 */
export async function openDatabase(config: Config, log: Logger): Promise<OpenDatabase> {
  const { database, dataDir } = config;
  if (database.mode === "server") {
    if (database.adminUrl) await runMigrations({ url: database.adminUrl }, log);
    const db = await PostgresDb.open({
      ...(database.appUrl && { app: { url: database.appUrl } }),
      ...(database.pollerUrl && { poller: { url: database.pollerUrl } }),
    });
    return {
      db,
      failed: new Promise<never>(() => {}),
      [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
    };
  }

  // Its own folder: started by root, the server's user must not own the master key's.
  const server = await startEmbeddedPostgres({ dataDir: join(dataDir, "postgres"), log });
  const as = (user: string): Endpoint => ({
    socketPath: server.socketPath,
    user,
    database: DATABASE,
  });
  try {
    await runMigrations(as(ADMIN), log);
    const db = await PostgresDb.open({ app: as("app_user"), poller: as("poller_user") });
    let stopping = false;
    return {
      db,
      failed: failure(server, () => stopping),
      async [Symbol.asyncDispose]() {
        stopping = true;
        await db[Symbol.asyncDispose]();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Applies this build's migrations as the owner. Answers the names. */
export async function runMigrations(owner: Endpoint, log: Logger): Promise<string[]> {
  const sql = connectPool(owner, { max: 1, name: "migrate", statementTimeoutMs: 0 });
  try {
    return await migrate(sql, await loadMigrations(), log);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function failure(server: EmbeddedPostgres, isStopping: () => boolean): Promise<never> {
  await server.exited;
  if (isStopping()) return await new Promise<never>(() => {});
  throw new Error("The embedded database server ended by itself: see the log, then start again");
}
