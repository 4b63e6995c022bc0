import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { PostgresDb } from "@/core/adapters/db_postgres.ts";
import { connectPool, type Endpoint } from "@/core/adapters/postgres_pool.ts";
import { ADMIN } from "@/core/adapters/embedded_postgres.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { TEMPLATE, type TestServer } from "./database_server.ts";

/** Where this test process keeps its server; the start time, as process ids come again. */
async function serverDirectory(): Promise<string> {
  const stat = await Deno.readTextFile("/proc/self/stat");
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return `/tmp/tod-test-${Deno.pid}-${started}`;
}

/**
 * The server of this run, started by the first test that asks. Its process belongs to no test (setsid,
 * nothing piped), so that the sanitizers stay on everywhere.
 */
async function testServer(): Promise<TestServer> {
  const dir = await serverDirectory();
  const isFirst = await Deno.mkdir(dir, { mode: 0o755 }).then(() => true, () => false);
  if (isFirst) {
    const program = fileURLToPath(new URL("./database_server.ts", import.meta.url));
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const start = 'setsid "$@" </dev/null >"$0/server.log" 2>&1 &';
    const run = [Deno.execPath(), "run", "-A", "--no-check", program, String(Deno.pid), dir];
    await new Deno.Command("sh", { args: ["-c", start, dir, ...run], cwd: root }).output();
  }
  const read = (name: string) => Deno.readTextFile(join(dir, name)).catch(() => undefined);
  for (const deadline = Date.now() + 60_000;;) {
    const ready = await read("ready.json");
    if (ready) return JSON.parse(ready);
    const failed = await read("failed.txt");
    if (failed || Date.now() > deadline) {
      throw new Error(`Cannot start the test database: ${failed ?? await read("server.log")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
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
  const { socketPath, port, password } = await testServer();
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
