import { deepEqual, equal, match, rejects, throws } from "node:assert/strict";
import { silentLog } from "@/tests/support/log.ts";
import { temporaryDataDir } from "@/tests/support/product.ts";
import { startNats, startRedis } from "@/tests/support/servers.ts";
import { readConfig } from "./config.ts";
import { Unavailable } from "./errors.ts";
import { checkDependencies } from "./health.ts";
import { openPlatform } from "./platform.ts";
import { ensureDefaultTenant } from "./tenants/tenants.ts";

Deno.test("openPlatform() gives a web-only process neither database nor secret", async () => {
  const config = readConfig({ env: {}, args: ["--role=web", "--api-url=http://127.0.0.1:1"] });
  await using platform = await openPlatform(config, silentLog);
  for (const port of ["db", "bus", "rpc", "locks", "kms"] as const) {
    const use = () => (platform[port] as unknown as { check(): void }).check();
    throws(use, (error) => error instanceof Unavailable && error.message.includes(`no ${port}`));
  }
  const [api, ...rest] = await checkDependencies(platform);
  equal(rest.length, 0);
  equal(api!.isReady, false);
  match(api!.detail, /api role at http:\/\/127\.0\.0\.1:1 does not answer/);
});

Deno.test("openPlatform() runs on one box with nothing installed, twice on the same data", async () => {
  await using dir = await temporaryDataDir();
  const config = readConfig({ env: {}, args: [`--data-dir=${dir.path}`] });
  let sealed: Uint8Array;
  {
    await using platform = await openPlatform(config, silentLog);
    deepEqual(
      (await checkDependencies(platform)).map(({ name, isReady }) => [name, isReady]),
      [["database", true], ["bus", true], ["locks", true], ["kms", true]],
    );
    const { mode } = await Deno.stat(`${dir.path}/master.key`);
    equal(mode! & 0o777, 0o600);
    await rejects(openPlatform(config, silentLog), /another instance/i);
    const tenantId = await ensureDefaultTenant(platform.db);
    sealed = await platform.kms.encrypt(tenantId, new TextEncoder().encode("kept"), "device:1");
  }
  await using platform = await openPlatform(config, silentLog);
  const tenantId = await ensureDefaultTenant(platform.db);
  const opened = await platform.kms.decrypt(tenantId, sealed, "device:1");
  equal(new TextDecoder().decode(opened), "kept");
});

Deno.test("openPlatform() that fails halfway closes what it opened", async () => {
  await using dir = await temporaryDataDir();
  await using redis = await startRedis();
  await using nats = await startNats();
  const args = [`--data-dir=${dir.path}`, `--nats-url=${nats.url}`, `--redis-url=${redis.url}`];
  const config = readConfig({ env: {}, args });
  await nats.kill();
  await rejects(
    openPlatform(config, silentLog),
    (error) => error instanceof Unavailable && /Check TOD_NATS_URL/.test(error.message),
  );
  await nats.start();
  // The database's directory is free again: nothing of the first try runs on.
  await using platform = await openPlatform(config, silentLog);
  const details = (await checkDependencies(platform)).map(({ detail }) => detail).join("; ");
  match(details, /PostgreSQL \d+.*NATS 2\.\d+.*Redis \d+.*master key file/s);
});

Deno.test("openPlatform() refuses a master key that others may read, or of another size", async () => {
  await using dir = await temporaryDataDir();
  await Deno.mkdir(dir.path);
  const path = `${dir.path}/other.key`;
  const args = [`--data-dir=${dir.path}`, `--kms-master-key-path=${path}`];
  const config = readConfig({ env: {}, args });
  await Deno.writeFile(path, new Uint8Array(32), { mode: 0o644 });
  await Deno.chmod(path, 0o644);
  await rejects(openPlatform(config, silentLog), /chmod 600/);
  await Deno.writeFile(path, new Uint8Array(16), { mode: 0o600 });
  await Deno.chmod(path, 0o600);
  await rejects(openPlatform(config, silentLog), /32 bytes: it has 16/);
});
