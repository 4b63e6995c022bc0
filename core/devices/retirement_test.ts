import { deepEqual, equal, rejects } from "node:assert/strict";
import { importDevices } from "@/core/device_import/import_devices.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { PreviousReadings } from "@/core/metrics/previous_readings.ts";
import { writeReports } from "@/core/metrics/write_reports.ts";
import { addSite, listSites, removeSite } from "@/core/sites/sites.ts";
import { listTags } from "@/core/tags/tags.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { makeSample } from "@/tests/support/samples.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { getDevice, updateDevice } from "./devices.ts";
import { fleetSummary } from "@/core/overview/fleet_summary.ts";
import { getPollTarget } from "./poll_targets.ts";
import { removeDevice, restoreDevice, retireDevice } from "./retirement.ts";

async function open() {
  const test = await openInventory();
  const now = Date.now();
  await ensureMetricPartitions(test.db, now - 86_400_000, now + 86_400_000);
  const previous = new PreviousReadings();
  return {
    ...test,
    poll: (deviceId: string, atMs = Date.now()) => {
      const report = makeSample(deviceId, atMs, { system: { identity: "gw" } });
      return writeReports({ db: test.db, previous, nowMs: atMs }, test.acme, [
        { tenantId: test.acme, report, atMs },
      ]);
    },
    count: async (table: string, id: string) =>
      (await test.admin`select from ${test.admin(table)} where device_id = ${id}`).length,
  };
}

Deno.test("a retired router is neither polled nor counted, and keeps its past; restored, all is back", async () => {
  await using test = await open();
  const { scope, platform, db } = test;
  const old = await test.router("old", { site: "North", tags: ["core"] });
  await test.router("other");
  await test.poll(old.id);
  equal((await fleetSummary(scope, platform)).online, 1);

  const told = test.hear(1);
  const retired = await retireDevice(scope, platform, old.id);
  deepEqual(await told, [`upsert default ${old.id}`]);
  deepEqual([retired.status, retired.reason, retired.revision], ["unknown", "retired", 2]);
  equal((await getPollTarget(db, old.id))!.isEnabled, false);
  deepEqual(await test.find(""), ["other"]);
  deepEqual(await test.find("status:retired"), ["old"]);
  deepEqual(await test.find("status:retired tag:core"), ["old"]);
  const { total, online, unknown } = await fleetSummary(scope, platform);
  deepEqual([total, online, unknown], [1, 0, 0]);
  equal((await listSites(scope))[0]!.devices, 0);
  equal((await listTags(scope))[0]!.devices, 0);
  equal((await retireDevice(scope, platform, old.id)).revision, 2, "twice is once");

  const late = await test.poll(old.id, Date.now() + 1_000);
  equal(late.unknown.length, 1, "what a poller still had in hand is not taken");
  deepEqual([await test.count("health_samples", old.id)], [1]);

  const back = test.hear(1);
  const restored = await restoreDevice(scope, platform, old.id);
  deepEqual(await back, [`upsert default ${old.id}`]);
  deepEqual([restored.retiredAt, restored.status, restored.site], [null, "pending", "North"]);
  equal((await getPollTarget(db, old.id))!.isEnabled, true);
  await test.poll(old.id, Date.now() + 2_000);
  equal((await getDevice(scope, old.id)).status, "online");
  const changes = await test.admin<{ status: string; reason: string }[]>`
    select status, reason from device_status_changes where device_id = ${old.id} order by at`;
  deepEqual(changes.map(({ status, reason }) => `${status} ${reason}`), [
    ...["online polled", "unknown retired", "online polled"],
  ], "the time out of service counts as neither up nor down");
  deepEqual((await test.actions()).filter((action) => /ed$/.test(action)).slice(-2), [
    ...["device.retired", "device.restored"],
  ]);
});

Deno.test("a retired router's address is free, and it comes back only while it is", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const old = await test.router("old", { address: "192.0.2.99" });
  await rejects(test.router("new", { address: "192.0.2.99" }), Conflict);
  await retireDevice(scope, platform, old.id);
  const report = await importDevices(scope, platform, {
    text: "address,name,user,password,security\n192.0.2.99,new,a,b,plain\n",
  });
  equal(report.counts.added, 1);
  await rejects(restoreDevice(scope, platform, old.id), /another router is managed at 192.0.2.99/);
  await updateDevice(scope, platform, old.id, { address: "192.0.2.98" });
  await restoreDevice(scope, platform, old.id);
  deepEqual(await test.find("192.0.2"), ["new", "old"]);
});

Deno.test("only a retired router is deleted, by its typed name, with all that was measured", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const site = (await addSite(scope, platform, { name: "North" })).id;
  const { id } = await test.router("old\u202e  name", { site: "North" });
  await test.poll(id);
  await rejects(removeDevice(scope, platform, id, "old\u202e name"), Conflict);
  await retireDevice(scope, platform, id);
  await rejects(removeSite(scope, platform, site), /holds 1 retired/);
  for (const typed of ["", "old", "192.0.2"]) {
    await rejects(removeDevice(scope, platform, id, typed), InvalidInput, typed);
  }
  const tables = ["health_samples", "device_latest", "device_state", "device_status_changes"];
  for (const table of tables.slice(0, 2)) equal(await test.count(table, id), 1, table);
  const told = test.hear(1);
  await removeDevice(scope, platform, id, "old\u202e name");
  deepEqual(await told, [`removed default ${id}`]);
  for (const table of tables) equal(await test.count(table, id), 0, table);
  await rejects(getDevice(scope, id), NotFound);
  await removeSite(scope, platform, site);
  equal((await test.admin`select from events where device_id = ${id}`).length >= 3, true);
});

Deno.test("retiring needs the right to change, and another tenant's router is not there", async () => {
  await using test = await open();
  const { id } = await test.router("mine");
  const viewer = scopeOf(test.db, test.acme, ["devices:read"]);
  const globex = scopeOf(test.db, test.globex);
  const { platform } = test;
  for (const [scope, refusal] of [[viewer, Forbidden], [globex, NotFound]] as const) {
    await rejects(retireDevice(scope, platform, id), refusal);
    await rejects(restoreDevice(scope, platform, id), refusal);
    await rejects(removeDevice(scope, platform, id, "mine"), refusal);
  }
  equal((await getDevice(test.scope, id)).retiredAt, null);
});
