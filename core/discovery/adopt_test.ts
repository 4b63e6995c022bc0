import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { addProfile } from "@/core/credentials/profiles.ts";
import { getDevice } from "@/core/devices/devices.ts";
import { listDevices } from "@/core/devices/list_devices.ts";
import { Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { startPoller } from "@/poller/mod.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { adoptRouters } from "./adopt.ts";

Deno.test("adoptRouters() stores what a login proved, and says of each router why not", async () => {
  await using fleet = await startFleet({
    ...{ seed: 11, addressBase: "127.77.21.1", password: "shared" },
    routers: [{ tls: "rsa", board: "rb5009" }, { tls: "none" }, { tls: "rsa" }, { tls: "rsa" }],
  });
  const [first, plain, other, fourth] = fleet.routers;
  other!.router.setPassword("another");
  await using test = await openTestDb();
  await using platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  const stop = new AbortController();
  const running = startPoller(platform, stop.signal);
  try {
    const login = { username: first!.username, password: "shared" };
    const { id: profileId } = await addProfile(scope, platform, { name: "All", ...login });
    const at = (router: typeof first, tlsMode: "pinned" | "plain" = "pinned") => ({
      address: router!.address,
      ...(tlsMode === "plain"
        ? { port: router!.port, tlsMode }
        : { port: router!.tlsPort, tlsMode }),
    });
    const adopt = (routers: Parameters<typeof adoptRouters>[2]["routers"], more = {}) =>
      adoptRouters(scope, platform, { profileId, routers, site: "North", ...more });

    // Two that make the same new site side by side.
    const results = await adopt([at(first), at(plain, "plain"), at(other), at(fourth)]);
    deepEqual(results.map(({ result }) => result), ["added", "failed", "failed", "added"]);
    match(results[1]!.reason!, /without TLS.*in clear/);
    match(results[2]!.reason!, /user name and password/);
    const device = await getDevice(scope, results[0]!.deviceId!);
    deepEqual([device.profile, device.site, device.tlsMode], ["All", "North", "pinned"]);
    equal(results[0]!.name, first!.router.identity);
    equal((await listDevices(scope, { limit: 9 })).total, 2);

    const [again, now] = await adopt([at(first), at(plain, "plain")], { allowPlain: true });
    deepEqual([again!.result, again!.deviceId, now!.result], ["present", device.id, "added"]);

    // The same router under another address: its serial number and name say so.
    await test.db.tenant(test.acme, (sql) =>
      sql`
      update devices set address = '203.0.113.7' where id = ${device.id}`);
    const [row] = await test.admin<{ serial: string | null }[]>`
      select serial_number as serial from device_latest where device_id = ${device.id}`;
    await test.db.tenant(test.acme, (sql) =>
      sql`
      update device_latest set identity = ${first!.router.identity},
        serial_number = ${serialOf(first!)} where device_id = ${device.id}`);
    ok(row);
    const [twin] = await adopt([at(first)]);
    deepEqual([twin!.result, twin!.deviceId], ["present", device.id]);
    match(twin!.reason!, /under 203\.0\.113\.7/);

    const tries = await test.admin<{ action: string }[]>`
      select action from audit_log where action = 'credential_profile.tried'`;
    equal(tries.length, 3, "each request is told before a password goes out");
    const [read] = await test.admin<{ count: string; actor: string }[]>`
      select count::text, actor from secret_reads where purpose = 'probe'`;
    deepEqual({ ...read }, { count: "3", actor: "user:test" });

    await rejects(adopt([]), InvalidInput);
    await rejects(adopt([at(first)], { profileId: crypto.randomUUID() }), NotFound);
    const globex = scopeOf(test.db, test.globex);
    await rejects(
      adoptRouters(globex, platform, { profileId, routers: [at(first)] }),
      NotFound,
      "another tenant's profile",
    );
    const few = { ...scope, permissions: new Set(["devices:write"] as const) };
    await rejects(
      adoptRouters(few, platform, { profileId, routers: [at(first)] }),
      Forbidden,
    );
  } finally {
    stop.abort();
    await running;
  }
});

function serialOf({ router }: { router: { rows(path: string): Record<string, unknown>[] } }) {
  return String(router.rows("/system/routerboard")[0]!["serial-number"]);
}
