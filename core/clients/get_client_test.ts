import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { Registry } from "prom-client";
import { Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { PreviousReadings } from "@/core/metrics/previous_readings.ts";
import { writeReports } from "@/core/metrics/write_reports.ts";
import type { DeviceSample } from "@/core/contract/sample.ts";
import type { TenantId } from "@/core/scope.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { silentLog } from "@/tests/support/log.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { makeSample } from "@/tests/support/samples.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { ClientHistory } from "./client_history.ts";
import { listDeviceClients } from "./device_clients.ts";
import { eraseClient } from "./erase_client.ts";
import { exportClients } from "./export_clients.ts";
import { getClient, listSightings } from "./get_client.ts";
import { listClients } from "./list_clients.ts";

const MAC = "A4:CF:12:AB:CD:01";
const OTHER = "A4:CF:12:AB:CD:02";

Deno.test({
  name: "a client is read, exported and erased by its own tenant alone, in any notation of its MAC",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openTestDb();
    await using platform = await openTestPlatform(test.db);
    const { db, acme, globex } = test;
    const nowMs = platform.clock.now();
    await ensureMetricPartitions(db, nowMs - 7_200_000, nowMs + 7_200_000);
    const history = new ClientHistory({ db, log: silentLog, registry: new Registry() });
    const previous = new PreviousReadings();
    const hear = async (tenantId: TenantId, id: string, agoMs: number, port: string) => {
      const row = (macAddress: string, hostName: string) => ({
        ...{ macAddress, hostName, addresses: ["10.0.0.5", "2001:db8::5"], port, isHere: true },
      });
      const atMs = nowMs - agoMs;
      const sample: DeviceSample = makeSample(id, atMs, {
        clients: { clients: [row(MAC, `=cmd|"x"`), row(OTHER, "other")], isCut: false },
        wireless: {
          ...{ drivers: ["wifi"], radios: [] },
          clients: [{
            ...{ interface: "wifi1", macAddress: MAC, ssid: "<guest>", signalDbm: -66 },
            ...{ snrDb: null, ccqPercent: null, txRateBps: null, rxRateBps: null },
            ...{ uptimeSeconds: 9, lastIp: null },
          }],
        },
      });
      await writeReports({ db, previous, nowMs }, tenantId, [{ tenantId, report: sample, atMs }]);
      await history.record(tenantId, [sample]);
    };
    const mine = await insertDevice(test, acme, { name: "mine" });
    const theirs = await insertDevice(test, globex, { name: "theirs" });
    await hear(acme, mine, 3_600_000, "ether2");
    await hear(acme, mine, 0, "ether3");
    await hear(globex, theirs, 0, "ether9");

    const scope = scopeOf(db, acme);
    for (const notation of [MAC, MAC.toLowerCase(), "a4cf.12ab.cd01", "A4-CF-12-AB-CD-01"]) {
      const { client, now } = await getClient(scope, notation, { nowMs });
      deepEqual(
        [client.macAddress, client.vendor, client.device, client.interface, client.ssid],
        [MAC, "Espressif Inc.", { id: mine, name: "mine" }, "wifi1", "<guest>"],
      );
      deepEqual(client.addresses, ["10.0.0.5", "2001:db8::5"]);
      deepEqual(now.map(({ device, reading }) => [device.name, reading.signalDbm]), [[
        "mine",
        -66,
      ]]);
    }
    for (
      const q of ["a4:cf:12", "ab-cd-01", "mac:CD01", "10.0.0.0/24", "espressif", "cmd", "<guest>"]
    ) {
      const { items } = await listClients(scope, { q, limit: 10, nowMs });
      ok(items.some(({ macAddress }) => macAddress === MAC), `${q} does not find it`);
    }
    const first = await listSightings(scope, OTHER, { limit: 1, nowMs });
    const second = await listSightings(scope, OTHER, {
      limit: 1,
      cursor: first.nextCursor!,
      nowMs,
    });
    deepEqual(
      [...first.items, ...second.items].map((stay) => [stay.interface, stay.isOpen]),
      [["ether3", true], ["ether2", false]],
    );
    equal(second.nextCursor, null);
    await rejects(listSightings(scope, OTHER, { limit: 1, cursor: "x", nowMs }), InvalidInput);
    for (const unknown of ["02:00:00:00:00:99", "nonsense", ""]) {
      await rejects(getClient(scope, unknown, { nowMs }), NotFound, unknown);
      await rejects(eraseClient(scope, platform, unknown), NotFound, unknown);
    }

    const csv = (await Array.fromAsync(await exportClients(scope, platform))).join("");
    ok(csv.includes(`"'=cmd|""x"""`), csv);
    ok(!csv.includes("theirs") && csv.split("\r\n").length === 4, csv);

    const viewer = scopeOf(db, acme, ["clients:read"]);
    await rejects(eraseClient(viewer, platform, MAC), Forbidden);
    await eraseClient(scope, platform, MAC.toLowerCase());
    await rejects(getClient(scope, MAC, { nowMs }), NotFound);
    const left = await listDeviceClients(scope, mine, { limit: 10 });
    deepEqual(left.items.map(({ macAddress }) => macAddress), [OTHER]);
    equal((await listClients(scope, { q: "cmd", limit: 10, nowMs })).total, 0);
    const rest = await db.tenant(acme, (sql) =>
      sql<{ kept: string }[]>`
        select string_agg(t::text, ' ') as kept from (
          select s::text from client_sightings s union all select w::text from client_words w
          union all select d::text from device_state d where section <> 'interfaces'
          union all select a::text from audit_log a) t`);
    ok(!rest[0]!.kept.toUpperCase().includes(MAC), rest[0]!.kept);
    const [entry] = await db.tenant(acme, (sql) =>
      sql<{ target: string }[]>`
        select target_id as target from audit_log where action = 'client.erased'`);
    equal(entry!.target, "A4:CF:12:··:··:··");
    // The other tenant's is another client, and nobody touched it.
    equal((await getClient(scopeOf(db, globex), MAC, { nowMs })).client.device!.name, "theirs");

    // Whoever is still there comes back as somebody new.
    await hear(acme, mine, -16 * 60_000, "ether4");
    const { client } = await getClient(scope, MAC, { nowMs });
    equal(Date.parse(client.firstSeen), nowMs + 16 * 60_000);
  },
});
