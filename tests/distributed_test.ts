import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { startFleet } from "@/tools/sim/fleet.ts";
import { openTestDb } from "./support/databases.ts";
import { addRouter, followUntil, startProduct } from "./support/product.ts";
import { startNats, startRedis } from "./support/servers.ts";

/** Where the tests of one distributed installation keep the secret that api and poller share. */
async function masterKeyFile(): Promise<AsyncDisposable & { path: string; dir: string }> {
  // Inside the checkout, as the permission sets read there; the folder is ignored by git.
  const parent = new URL("../dist", import.meta.url).pathname;
  await Deno.mkdir(parent, { recursive: true });
  const dir = await Deno.makeTempDir({ dir: parent, prefix: "test-" });
  const path = join(dir, "master.key");
  await Deno.writeFile(path, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o600 });
  return {
    dir,
    path,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** What `/health/ready` names once it is not ready; its answer may be a second old. */
async function brokenDependencies(url: string): Promise<string[]> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    const answer = await fetch(`${url}/health/ready`);
    const { dependencies } = await answer.json();
    const broken: { name: string }[] = dependencies.filter(
      ({ isReady }: { isReady: boolean }) => !isReady,
    );
    if (broken.length > 1) return broken.map(({ name }) => name).sort();
  }
  throw new Error("it stayed ready");
}

Deno.test("web, api and poller run apart, each with its own few permissions", async () => {
  await using stack = new AsyncDisposableStack();
  const fleet = stack.use(await startFleet({ count: 3, seed: 7 }));
  const test = stack.use(await openTestDb("tcp"));
  const [nats, redis] = [stack.use(await startNats()), stack.use(await startRedis())];
  const key = stack.use(await masterKeyFile());
  const urlOf = (role: string): string => {
    const endpoint = test.endpoint(role);
    return "url" in endpoint ? endpoint.url : "";
  };
  const shared = {
    TOD_NATS_URL: nats.url,
    TOD_REDIS_URL: redis.url,
    TOD_KMS_MASTER_KEY_PATH: key.path,
    TOD_POLL_INTERVAL_SECONDS: "1",
  };
  const start = async (role: string, env: Record<string, string>, upAt = "ready") =>
    stack.use(
      await startProduct({
        dataDir: key.dir,
        permissions: role,
        args: [`--role=${role}`],
        env,
        upAt,
      }),
    );

  const api = await start("api", { ...shared, TOD_DATABASE_URL: urlOf("app_user") });
  const web = await start("web", { TOD_API_URL: api.url });
  const poller = await start("poller", {
    ...shared,
    TOD_DATABASE_POLLER_URL: urlOf("poller_user"),
  }, "polling");

  const access = { url: web.url, headers: api.user.headers };
  // Through the web role, which holds no database and no secret.
  const ids: string[] = [];
  for (const router of fleet.routers) ids.push(await addRouter(access, router));
  const areOnline =
    (after: number) => (cells: Map<string, { status: string; sampledAt: string | null }>) =>
      ids.every((id) => {
        const { status, sampledAt } = cells.get(id) ?? { status: "", sampledAt: null };
        return status === "online" && sampledAt !== null && Date.parse(sampledAt) > after;
      });
  await followUntil(access, areOnline(0), 30_000);
  const page = await fetch(`${web.url}/`, { headers: { cookie: api.user.cookies.join("; ") } });
  equal(page.status, 200);
  match(await page.text(), /<!doctype html>/i);

  for (const { url } of [api, web]) {
    const ready = await fetch(`${url}/health/ready`);
    const { dependencies } = await ready.json();
    equal(ready.status, 200, JSON.stringify(dependencies));
    equal(dependencies.length > 0, true);
  }

  // Both servers die and come back: polling, storing and the live stream go on by themselves.
  await Promise.all([nats.kill(), redis.kill()]);
  deepEqual(await brokenDependencies(api.url), ["bus", "locks"]);
  await Promise.all([nats.start(), redis.start()]);
  await followUntil(access, areOnline(Date.now()), 30_000);

  const samples = await test.admin`
    select count(*)::int as all, count(distinct (device_id, sampled_at))::int as once
    from health_samples`;
  equal(samples[0]!["all"], samples[0]!["once"]);
  ok(samples[0]!["all"] >= ids.length * 2);
  for (const [name, product] of Object.entries({ poller, web, api })) {
    equal(await product.stop(), 0, `${name}: ${product.log()}`);
  }
});
