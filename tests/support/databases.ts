import postgres from "postgres";
import { PostgresDb } from "@/core/adapters/db_postgres.ts";
import { connectPool, type Endpoint } from "@/core/adapters/postgres_pool.ts";
import { ADMIN, startEmbeddedPostgres } from "@/core/adapters/embedded_postgres.ts";
import { runMigrations } from "@/core/adapters/open_database.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { freePort } from "./ports.ts";
import { silentLog } from "./log.ts";

/** One throw-away server a test process: a real PostgreSQL, both ways in, sync off for speed. */
interface TestServer {
  socketPath: string;
  port: number;
  password: string;
}
let server: Promise<TestServer> | undefined;
const TEMPLATE = "tod_template";

async function startServer(): Promise<TestServer> {
  const dataDir = await Deno.makeTempDir({ prefix: "tod-test-", dir: "/tmp" });
  await Deno.chmod(dataDir, 0o755);
  const port = await freePort();
  const password = crypto.randomUUID();
  const embedded = await startEmbeddedPostgres({
    dataDir,
    log: silentLog,
    tcp: { port, password },
    settings: {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      shared_buffers: "64MB",
      max_connections: "200",
    },
  });
  // Runs after the last test: the process must not leave a server or a directory behind.
  globalThis.addEventListener("unload", () => {
    try {
      Deno.kill(embedded.pid, "SIGQUIT");
    } catch { /* it is gone */ }
    try {
      Deno.removeSync(dataDir, { recursive: true });
    } catch { /* a dying server may still write; the next boot clears /tmp */ }
  });
  const admin = connectPool(
    { socketPath: embedded.socketPath, user: ADMIN, database: "postgres" },
    { max: 1, name: "test" },
  );
  await admin`create database ${admin(TEMPLATE)}`;
  await admin.end();
  const template: Endpoint = {
    socketPath: embedded.socketPath,
    user: ADMIN,
    database: TEMPLATE,
  };
  await runMigrations(template, silentLog);
  return { socketPath: embedded.socketPath, port, password };
}

export type DbMode = "socket" | "tcp";

export interface TestDb extends AsyncDisposable {
  readonly db: Db;
  readonly acme: TenantId;
  readonly globex: TenantId;
  /** Where a role connects, for tests that need a connection of their own. */
  endpoint(role: string): Endpoint;
  /** The owner's connection: for looking behind row-level security. */
  readonly admin: postgres.Sql;
}

/** A migrated database of its own with the tenants acme and globex. */
export async function openTestDb(mode: DbMode = "socket"): Promise<TestDb> {
  server ??= startServer();
  const { socketPath, port, password } = await server;
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const endpoint = (role: string, database = name): Endpoint =>
    mode === "socket"
      ? { socketPath, user: role, database }
      : { url: `postgres://${role}:${password}@127.0.0.1:${port}/${database}` };
  const maintenance = connectPool(endpoint(ADMIN, "postgres"), { max: 1, name: "test" });
  await maintenance`create database ${maintenance(name)} template ${maintenance(TEMPLATE)}`;
  const admin = connectPool(endpoint(ADMIN), { max: 2, name: "test" });
  const tenants = await admin<{ id: TenantId }[]>`
    insert into tenants (name, slug) values ('Acme', 'acme'), ('Globex', 'globex') returning id`;
  const db = await PostgresDb.open({
    app: endpoint("app_user"),
    poller: endpoint("poller_user"),
    poolSize: 6,
  });
  return {
    db,
    acme: tenants[0]!.id,
    globex: tenants[1]!.id,
    endpoint: (role) => endpoint(role),
    admin,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await admin.end({ timeout: 1 });
      await maintenance`drop database ${maintenance(name)} with (force)`;
      await maintenance.end({ timeout: 1 });
    },
  };
}
