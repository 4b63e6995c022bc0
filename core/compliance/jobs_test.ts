import { deepEqual, equal, ok } from "node:assert/strict";
import { storeExport } from "@/core/configs/store_version.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { deviceCompliance } from "./device_compliance.ts";
import { runComplianceJobs } from "./jobs.ts";
import { complianceOverview } from "./overview.ts";

Deno.test("the compliance job: library, results, counts and the day, in one round of its own", async () => {
  await using test = await openInventory();
  const { scope, platform, acme } = test;
  const { id } = await test.router("one");
  await storeExport(platform, {
    ...{ tenantId: acme, deviceId: id, text: "/ip dns\nset servers=192.0.2.53\n" },
    ...{ trigger: "manual", actor: "user:test" },
  });
  const stop = new AbortController();
  let rounds = 0;
  // It sleeps when nothing is left to do; the second time the minute has passed.
  let now = Date.now();
  const sleep = () => {
    rounds += 1;
    now += 61_000;
    if (rounds === 2) stop.abort();
    return Promise.resolve();
  };
  const clock = { ...platform.clock, now: () => now, sleep };
  await runComplianceJobs({ ...platform, clock }, stop.signal);
  equal(rounds, 2);
  const { rules, score } = await deviceCompliance(scope, id);
  ok(rules.length >= 40 && score !== null);
  const overview = await complianceOverview(scope, platform);
  ok(overview.worstRules.some(({ title }) => title === "Telnet is off"));
  deepEqual(overview.days.map(({ failing }) => failing), [1]);
  const metrics = await platform.registry.metrics();
  ok(/tod_compliance_checks_total [1-9]/.test(metrics), metrics);
});
