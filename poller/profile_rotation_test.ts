import { deepEqual, equal, ok } from "node:assert/strict";
import type { PollReport } from "@/core/contract/sample.ts";
import { addProfile, updateProfile } from "@/core/credentials/profiles.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { subjects } from "@/core/subjects.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { startPoller } from "./mod.ts";

Deno.test("a password changed on the routers and in the profile: they are polled again with it", async () => {
  await using fleet = await startFleet({ count: 3, seed: 8, password: "before" });
  await using test = await openTestDb();
  await using platform = await openTestPlatform(test.db, ["--poll-interval-seconds=1"]);
  const scope = scopeOf(test.db, test.acme);
  const stop = new AbortController();
  const reports = platform.bus.consume(subjects.everyReport, {
    ...{ group: "test", maxInFlight: 64, signal: stop.signal },
  })[Symbol.asyncIterator]();
  const running = startPoller(platform, stop.signal);
  try {
    const { id: profileId } = await addProfile(scope, platform, {
      ...{ name: "All", username: fleet.routers[0]!.username, password: "before" },
    });
    for (const { address, port } of fleet.routers) {
      await addDevice(scope, platform, {
        ...{ address, port, tlsMode: "plain", region: "default", profileId },
      });
    }
    const next = async () => {
      const { value } = await reports.next();
      value.ack();
      return JSON.parse(new TextDecoder().decode(value.data)) as PollReport;
    };
    const logins = () => fleet.routers.map(({ counts }) => counts.logins);
    const allPolledSince = async (since: number) => {
      const seen = new Set<string>();
      while (seen.size < 3) {
        const report = await next();
        if (report.kind === "sample" && Date.parse(report.sampledAt) >= since) {
          seen.add(report.deviceId);
        }
      }
    };
    await allPolledSince(0);
    deepEqual(logins(), [1, 1, 1]);

    for (const { router } of fleet.routers) router.setPassword("after");
    await allPolledSince(Date.now()); // what is open stays open: no login, no refusal
    deepEqual(logins(), [1, 1, 1]);

    const changed = Date.now();
    await updateProfile(scope, platform, profileId, { password: "after" });
    // A poll that was in flight at that moment counts for nothing: each logs in anew.
    while (logins().some((count) => count < 2)) await next();
    ok(Date.now() - changed < 1_500, `${Date.now() - changed} ms until all logged in anew`);
    await allPolledSince(Date.now());
    equal(fleet.routers.reduce((sum, { counts }) => sum + counts.failedLogins, 0), 0);

    await updateProfile(scope, platform, profileId, { password: "wrong" });
    for (let report = await next(); report.kind !== "status";) report = await next();
    ok(fleet.routers.some(({ counts }) => counts.failedLogins > 0));
  } finally {
    stop.abort();
    await running;
    await reports.return?.();
  }
});
