import { join } from "node:path";
import { PostgresDb } from "@/core/adapters/db_postgres.ts";
import { ADMIN, DATABASE, startEmbeddedPostgres } from "@/core/adapters/embedded_postgres.ts";
import { runMigrations } from "@/core/adapters/open_database.ts";
import { connectPool, type Endpoint } from "@/core/adapters/postgres_pool.ts";
import type { Db } from "@/core/ports/db.ts";
import { silentLog } from "@/tests/support/log.ts";
import { freePort } from "@/tests/support/ports.ts";

/** Where `seed:scale` leaves its database and `bench:api` looks for it. */
export const SCALE_DIR = "data/scale";

export interface ScaleDatabase extends AsyncDisposable {
  readonly db: Db;
  /** Statistics for the planner, as autovacuum has them on a database that is older. */
  analyze(): Promise<void>;
}

/** `socket` is the way of the embedded defaults, `tcp` that of a PostgreSQL of one's own. */
export async function openScaleDatabase(
  dir: string,
  way: "socket" | "tcp" = "socket",
): Promise<ScaleDatabase> {
  await Deno.mkdir(dir, { recursive: true });
  const [port, password] = [await freePort(), crypto.randomUUID()];
  const server = await startEmbeddedPostgres({
    dataDir: join(await Deno.realPath(dir), "postgres"),
    log: silentLog,
    tcp: { port, password },
  });
  const as = (user: string): Endpoint =>
    way === "socket"
      ? { socketPath: server.socketPath, user, database: DATABASE }
      : { url: `postgres://${user}:${password}@127.0.0.1:${port}/${DATABASE}` };
  try {
    await runMigrations(as(ADMIN), silentLog);
    const db = await PostgresDb.open({ app: as("app_user"), poller: as("poller_user") });
    return {
      db,
      async analyze() {
        const admin = connectPool(as(ADMIN), { max: 1, name: "bench", statementTimeoutMs: 0 });
        await admin`vacuum analyze`;
        await admin.end();
      },
      async [Symbol.asyncDispose]() {
        await db[Symbol.asyncDispose]();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
