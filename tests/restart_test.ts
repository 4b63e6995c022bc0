import { equal, ok } from "node:assert/strict";
import postgres from "postgres";
import { startFleet } from "@/tools/sim/fleet.ts";
import { addRouter, followUntil, startProduct, temporaryDataDir } from "./support/product.ts";

const POLL_SECONDS = 1;
const ROUTERS = 6;

Deno.test("kill -9 while polling: no sample twice, no device lost, polling goes on", async () => {
  await using fleet = await startFleet({ count: ROUTERS, seed: 3 });
  await using dir = await temporaryDataDir();
  const env = { TOD_POLL_INTERVAL_SECONDS: String(POLL_SECONDS) };

  const first = await startProduct({ dataDir: dir.path, env });
  const ids: string[] = [];
  for (const router of fleet.routers) ids.push(await addRouter(first.access, router));
  await followUntil(
    first.access,
    (cells) => ids.every((id) => cells.get(id)?.status === "online"),
    30_000,
  );
  await first.kill();

  await using second = await startProduct({ dataDir: dir.path, env });
  const restarted = Date.now();
  const isPolledAgain = (at: string | null | undefined) => at != null && Date.parse(at) > restarted;
  await followUntil(
    second.access,
    (cells) => ids.every((id) => isPolledAgain(cells.get(id)?.sampledAt)),
    30_000,
  );
  const firstPollMs = Date.now() - restarted;

  const list = await fetch(`${second.url}/api/devices?limit=100`, { headers: second.user.headers })
    .then((answer) => answer.json());
  equal(list.total, ROUTERS, "no device is lost");
  const sql = postgres({
    path: `${dir.path}/postgres/.s.PGSQL.5432`,
    user: "admin",
    database: "tod",
    max: 1,
  });
  const [row] = await sql`
    select count(*)::int as samples, count(distinct (device_id, sampled_at))::int as distinct_samples,
      (select count(*)::int from (
        select device_id, sampled_at - lag(sampled_at) over (partition by device_id order by sampled_at)
          as gap from health_samples) as gaps where gap < interval '100 milliseconds') as too_close
    from health_samples`;
  await sql.end();
  ok(row!.samples >= ROUTERS * 2, `samples of both lives: ${row!.samples}`);
  equal(row!.samples, row!.distinct_samples);
  equal(row!.too_close, 0, "no poll was stored twice under two times");
  console.log(
    `after kill -9: ${ROUTERS} of ${ROUTERS} devices, ${row!.samples} samples, 0 twice; ` +
      `all polled again ${firstPollMs} ms after the start (interval ${POLL_SECONDS} s)`,
  );
  equal(await second.stop(), 0);
});

Deno.test("a killed router goes offline with a reason and comes back; a hung one delays nobody", async () => {
  await using fleet = await startFleet({ count: 6, seed: 5 });
  await using dir = await temporaryDataDir();
  await using product = await startProduct({
    dataDir: dir.path,
    env: {
      TOD_POLL_INTERVAL_SECONDS: String(POLL_SECONDS),
      TOD_CONNECT_TIMEOUT_MS: "900",
      TOD_COMMAND_TIMEOUT_MS: "900",
    },
  });
  const ids: string[] = [];
  for (const router of fleet.routers) ids.push(await addRouter(product.access, router));
  await followUntil(
    product.access,
    (cells) => ids.every((id) => cells.get(id)?.status === "online"),
    30_000,
  );
  const [dead, hung, ...others] = ids as [string, string, ...string[]];
  const read = (id: string) =>
    fetch(`${product.url}/api/devices/${id}`, { headers: product.user.headers }).then((answer) =>
      answer.json()
    );

  const logins = fleet.routers.map(({ counts }) => counts.logins);
  deepOnes(logins, "one login a router, however many polls");

  await fleet.routers[0]!.powerOff();
  fleet.routers[1]!.inject({ kind: "silent" });
  fleet.routers[1]!.dropConnections();
  await followUntil(product.access, (cells) => cells.get(dead)?.status === "offline", 30_000);
  await followUntil(product.access, (cells) => cells.get(hung)?.status === "offline", 30_000);
  const offline = await read(dead);
  ok(offline.statusDetail.length > 20, offline.statusDetail);
  ok(
    ["connection_refused", "connection_lost", "connect_timeout"].includes(offline.reason),
    offline.reason,
  );
  console.log(`offline: ${offline.reason}: ${offline.statusDetail}`);

  // The others go on at their pace beside a dead and a hung router.
  const from = Date.now();
  await followUntil(
    product.access,
    (cells) => others.every((id) => Date.parse(cells.get(id)?.sampledAt ?? "") > from),
    POLL_SECONDS * 1_000 + 3_000,
  );

  await fleet.routers[0]!.powerOn();
  const back = Date.now();
  await followUntil(product.access, (cells) => cells.get(dead)?.status === "online", 15_000);
  console.log(`back online ${Date.now() - back} ms after its return (interval ${POLL_SECONDS} s)`);
});

function deepOnes(counts: number[], why: string): void {
  equal(counts.every((count) => count === 1), true, `${why}: ${counts.join()}`);
}
