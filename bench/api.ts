/**
 * `deno task bench:api`: server time of what operators look at all day, over the fleet that
 * `seed:scale` planted; each on the way of the embedded defaults (socket) and of a PostgreSQL of one's
 * own (TCP). From the request to the last byte, in this process, one request at a time.
 * Options: --rounds=100 --way=socket|tcp (both) --dir=data/scale --minutes=0 (then load, to see memory)
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DbKeyStore } from "@/core/adapters/key_store.ts";
import { FileKms } from "@/core/adapters/kms_file.ts";
import { readMasterKey } from "@/core/adapters/master_key.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { makeUser, signIn } from "@/tests/support/identity.ts";
import { lookups } from "@/tests/support/lookups.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { EventLoopLag, quantile } from "./support/event_loop_lag.ts";
import { machine } from "./support/machine.ts";
import { openScaleDatabase, SCALE_DIR } from "./support/scale_database.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "100" },
    way: { type: "string" },
    dir: { type: "string", default: SCALE_DIR },
    minutes: { type: "string", default: "0" },
  },
});
const rounds = Number(values.rounds);

const someOf = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)]!;

interface Served extends AsyncDisposable {
  /** Asks like a browser that is signed in; answers the bytes. */
  get(path: string): Promise<number>;
  readonly deviceIds: readonly string[];
  /** Of those that have raw samples. */
  readonly rawIds: readonly string[];
}

async function serve(way: "socket" | "tcp"): Promise<Served> {
  await using opening = new AsyncDisposableStack();
  const scale = opening.use(await openScaleDatabase(values.dir, way));
  const { db } = scale;
  const key = await readMasterKey(join(values.dir, "master.key"));
  const kms = await FileKms.open(key, new DbKeyStore(db, false));
  const platform = opening.use(await openTestPlatform(db, [], { kms }));
  const http = opening.use(createHttpApp(platform));
  const tenantId = await ensureDefaultTenant(db);
  const auth = openAuth(platform);
  // Of an earlier run.
  await db.tenant(tenantId, (sql) => sql`delete from users where email like 'user%@example.net'`);
  const { result } = await signIn(auth, await makeUser(auth, tenantId, "super_admin"));
  if (result.next !== "done") throw new Error("asked for a second factor");
  const cookie = `tod_session=${result.tokens.access}`;
  const ids = await db.tenant(tenantId, (sql) =>
    sql<{ id: string; isRaw: boolean }[]>`
      select id, exists (select from health_samples h where h.device_id = d.id) as "isRaw"
      from devices d order by id`);
  if (ids.length === 0) throw new Error("Cannot measure an empty fleet: run deno task seed:scale");
  const opened = opening.move();
  return {
    deviceIds: ids.map(({ id }) => id),
    rawIds: ids.filter(({ isRaw }) => isRaw).map(({ id }) => id),
    async get(path) {
      const answer = await http.app.request(`http://localhost:8080${path}`, {
        headers: { cookie },
      });
      const body = await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      return body.byteLength;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function measure(way: "socket" | "tcp"): Promise<void> {
  await using served = await serve(way);
  console.log(
    `\n${way === "socket" ? "embedded (socket)" : "PostgreSQL (TCP)"}, ` +
      `${served.deviceIds.length} devices`.padEnd(36) +
      "min ms   p50 ms   p95 ms   max ms      KiB",
  );
  for (const { label, path } of lookups(served.deviceIds, served.rawIds)) {
    const took: number[] = [];
    let bytes = 0;
    await served.get(path()); // compiled and cached before it counts
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now();
      bytes = await served.get(path());
      took.push(performance.now() - began);
    }
    const cell = (value: number) => value.toFixed(1).padStart(9);
    const figures = [0, 0.5, 0.95, 1].map((q) => cell(quantile(took, q))).join("");
    console.log(`${label.padEnd(44)}${figures}${cell(bytes / 1_024)}`);
  }
}

/** Everything at random, four at a time: memory must level off. */
async function load(minutes: number): Promise<void> {
  await using served = await serve("socket");
  const paths = lookups(served.deviceIds, served.rawIds);
  const lag = new EventLoopLag();
  const end = Date.now() + minutes * 60_000;
  let requests = 0;
  const worker = async () => {
    while (Date.now() < end) {
      await served.get(someOf(paths).path());
      requests += 1;
    }
  };
  const mib = () => (Deno.memoryUsage().rss / 2 ** 20).toFixed(0);
  console.log(`\nload, four at a time: RSS ${mib()} MiB before`);
  const tick = setInterval(() => console.log(`${requests} requests, RSS ${mib()} MiB`), 60_000);
  await Promise.all(Array.from({ length: 4 }, worker));
  clearInterval(tick);
  console.log(`${requests} requests, RSS ${mib()} MiB, lag p99 ${lag.stop().p99.toFixed(1)} ms`);
}

console.log(`${machine()}; ${rounds} rounds`);
const ways = values.way === undefined
  ? ["socket", "tcp"] as const
  : [values.way as "socket" | "tcp"];
for (const way of ways) await measure(way);
if (Number(values.minutes) > 0) await load(Number(values.minutes));
