/**
 * The PostgreSQL of one test run, a process of its own: `deno test` gives every test file a fresh
 * module graph, so a server held by one file would end with it. Ends when its owner is gone.
 *
 * Arguments: the owner's process id and the directory. Writes `ready.json` there, or `failed.txt`.
 */
import { join } from "node:path";
import { ADMIN, startEmbeddedPostgres } from "@/core/adapters/embedded_postgres.ts";
import { runMigrations } from "@/core/adapters/open_database.ts";
import { connectPool } from "@/core/adapters/postgres_pool.ts";
import { messageOf } from "@/core/errors.ts";
import { silentLog } from "./log.ts";
import { freePort } from "./ports.ts";

export interface TestServer {
  socketPath: string;
  port: number;
  password: string;
}

export const TEMPLATE = "tod_template";

async function serve(owner: number, dir: string): Promise<void> {
  const dataDir = join(dir, "pg");
  const [port, password] = [await freePort(), crypto.randomUUID()];
  const server = await startEmbeddedPostgres({
    dataDir,
    log: silentLog,
    tcp: { port, password },
    // Thrown away after the run, so sync is off; tests/power_loss_test.ts runs with it on.
    settings: {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      shared_buffers: "64MB",
      max_connections: "200",
      autovacuum: "off",
    },
  });
  const as = { socketPath: server.socketPath, user: ADMIN };
  const admin = connectPool({ ...as, database: "postgres" }, { max: 1, name: "test" });
  await admin`create database ${admin(TEMPLATE)}`;
  await admin.end();
  await runMigrations({ ...as, database: TEMPLATE }, silentLog);

  const ready: TestServer = { socketPath: server.socketPath, port, password };
  await Deno.writeTextFile(join(dir, "ready.tmp"), JSON.stringify(ready));
  await Deno.rename(join(dir, "ready.tmp"), join(dir, "ready.json"));
  const isOwned = () => Deno.stat(`/proc/${owner}`).then(() => true, () => false);
  while (await isOwned()) await new Promise((resolve) => setTimeout(resolve, 250));
  await server.stop();
}

if (import.meta.main) {
  const [owner, dir] = [Number(Deno.args[0]), Deno.args[1]!];
  try {
    await serve(owner, dir);
  } catch (error) {
    await Deno.writeTextFile(join(dir, "failed.txt"), messageOf(error));
    throw error;
  } finally {
    await Deno.remove(dir, { recursive: true }).catch(() => {});
  }
}
