import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { ADMIN, startEmbeddedPostgres } from "@/core/adapters/embedded_postgres.ts";
import { connectPool } from "@/core/adapters/postgres_pool.ts";
import { recordingLog, silentLog } from "./support/log.ts";
import { startWriter } from "./support/writer.ts";

const ROUNDS = 20;

async function temporaryDirectory() {
  const path = await Deno.makeTempDir({ prefix: "tod-power-", dir: "/tmp" });
  await Deno.chmod(path, 0o755); // root's server runs as another user
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** The rows there are, read by a server opened after the kill, and how sound the data is. */
async function reopen(dataDir: string, log = silentLog): Promise<Set<number>> {
  const server = await startEmbeddedPostgres({
    dataDir,
    log,
    settings: { shared_buffers: "32MB" },
  });
  const sql = connectPool({ socketPath: server.socketPath, user: ADMIN, database: "tod" }, {
    max: 1,
    name: "test",
  });
  try {
    await sql`create extension if not exists amcheck`.catch(() => {}); // not in every build
    const [check] = await sql`select from pg_extension where extname = 'amcheck'`;
    if (check) await sql`select bt_index_check('acknowledged_pkey', true)`;
    const rows = await sql<{ n: number }[]>`select n::float8 as n from acknowledged`;
    return new Set(rows.map(({ n }) => n));
  } finally {
    await sql.end();
    await server.stop();
  }
}

Deno.test("power loss: kill -9 of everything at random moments loses no acknowledged row", async () => {
  await using dir = await temporaryDirectory();
  const seed = Number(
    Deno.env.get("TOD_TEST_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0],
  );
  let state = seed >>> 0;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  const all = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const writer = startWriter(dir.path, Math.max(0, ...all) + 1_000);
    await writer.reached(1 + random(400));
    await writer.kill("everything");
    for (const n of writer.acknowledged) all.add(n);
  }
  const kept = await reopen(dir.path);
  const lost = [...all].filter((n) => !kept.has(n));
  console.log(
    `power loss: ${ROUNDS} kills, ${all.size} rows acknowledged, ${kept.size} kept, ` +
      `${lost.length} lost (seed ${seed})`,
  );
  ok(all.size >= ROUNDS);
  deepEqual(lost, []);
});

Deno.test("power loss: kill -9 of the product alone leaves a server that the next start stops", async () => {
  await using dir = await temporaryDirectory();
  const writer = startWriter(dir.path);
  await writer.reached(50);
  await writer.kill("product");
  ok(await Deno.stat(`/proc/${writer.postmaster}`), "the server outlives its product");
  const log = recordingLog();
  const kept = await reopen(dir.path, log);
  deepEqual([...writer.acknowledged].filter((n) => !kept.has(n)), []);
  deepEqual(log.lines.filter(({ level }) => level === "warn").map(({ fields }) => fields["pid"]), [
    writer.postmaster,
  ]);
});

Deno.test("power loss: kill -9 of the postmaster alone, its children still there", async () => {
  await using dir = await temporaryDirectory();
  const writer = startWriter(dir.path);
  await writer.reached(50);
  Deno.kill(writer.postmaster, "SIGKILL");
  await writer.kill("product");
  const kept = await reopen(dir.path);
  deepEqual([...writer.acknowledged].filter((n) => !kept.has(n)), []);
});

Deno.test("power loss: kill -9 during the first start leaves nothing half made", async () => {
  for (const stage of ["staging", "initdb"] as const) {
    await using dir = await temporaryDirectory();
    const isThere = stage === "staging"
      ? (name: string) => /^postgres-.*\..*-/.test(name)
      : (name: string) => name.startsWith("pgdata.");
    await Deno.mkdir(join(dir.path, "db"));
    using watcher = Deno.watchFs(join(dir.path, "db"));
    const writer = startWriter(join(dir.path, "db"));
    for await (const { paths } of watcher) {
      if (paths.some((path) => isThere(path.slice(path.lastIndexOf("/") + 1)))) break;
    }
    await writer.kill("everything");
    const names = [...Deno.readDirSync(join(dir.path, "db"))].map(({ name }) => name);
    ok(names.some(isThere), `killed while ${stage} was under way: ${names.join(" ")}`);
    ok(!names.includes("pgdata"));

    const again = startWriter(join(dir.path, "db"));
    await again.reached(10);
    await again.kill("everything");
    const left = [...Deno.readDirSync(join(dir.path, "db"))].map(({ name }) => name);
    equal(left.filter(isThere).length, 0, `left over: ${left.join(" ")}`);
  }
});
