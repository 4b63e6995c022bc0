/**
 * A product in small, for the tests that kill it: opens the embedded database of the directory in its
 * first argument as the product does, then commits one row after the other and says the number of each
 * on stdout only when its commit was acknowledged. Lines: `pid <postmaster>`, `ready`, `<n>` ….
 */
import { join } from "node:path";
import { ADMIN, startEmbeddedPostgres } from "@/core/adapters/embedded_postgres.ts";
import { connectPool } from "@/core/adapters/postgres_pool.ts";
import { silentLog } from "./log.ts";

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
const [dataDir, from = "0"] = Deno.args;
const server = await startEmbeddedPostgres({
  dataDir: join(dataDir!),
  log: silentLog,
  settings: { shared_buffers: "32MB" },
});
say(`pid ${server.pid}`);
const sql = connectPool({ socketPath: server.socketPath, user: ADMIN, database: "tod" }, {
  max: 4,
  name: "writer",
});
await sql`create table if not exists acknowledged (n bigint primary key, filler text not null)`;
say("ready");
let next = Number(from);
// Several at once, so that a kill finds commits at every stage.
await Promise.all(Array.from({ length: 4 }, async () => {
  for (;;) {
    const n = ++next;
    await sql`insert into acknowledged values (${n}, ${"x".repeat(200)})`;
    say(String(n));
  }
}));
