import { deepEqual, equal, rejects } from "node:assert/strict";
import { NotFound } from "@/core/errors.ts";
import { PreviousReadings } from "@/core/metrics/previous_readings.ts";
import { writeReports } from "@/core/metrics/write_reports.ts";
import { ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import type { DeviceSample } from "@/core/contract/sample.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { makeSample } from "@/tests/support/samples.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { listDeviceClients } from "./device_clients.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const client = (at: number, rest: object = {}) => ({
  macAddress: `A4:CF:12:00:00:${at.toString(16).padStart(2, "0").toUpperCase()}`,
  addresses: [`10.0.0.${at}`],
  isHere: true,
  ...rest,
});

Deno.test({
  name: "listDeviceClients() pages, sorts and searches what a router last told",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openTestDb();
    const { db, acme, globex } = test;
    await ensureMetricPartitions(db, NOW, NOW);
    const id = await insertDevice(test, acme);
    const clients: DeviceSample["clients"] = {
      clients: [
        client(1, {
          hostName: "Printer",
          port: "ether2",
          lease: { status: "bound", isReserved: true },
        }),
        client(12, { hostName: "cam", port: "ether3", vlan: 20 }),
        client(3, { isHere: false, comment: "spare" }),
        {
          addresses: ["100.64.0.1"],
          ppp: { name: "cust-7", service: "l2tp", uptimeSeconds: 5 },
          isHere: true,
        },
      ],
      isCut: false,
    };
    const report = makeSample(id, NOW, { clients });
    await writeReports({ db, previous: new PreviousReadings(), nowMs: NOW }, acme, [
      { tenantId: acme, report, atMs: NOW },
    ]);
    const scope = scopeOf(db, acme);
    const names = async (options: object) =>
      (await listDeviceClients(scope, id, { limit: 10, ...options })).items
        .map(({ name, macAddress }) => name ?? macAddress);

    deepEqual(await names({}), ["cam", "cust-7", "Printer", "A4:CF:12:00:00:03"]);
    deepEqual(await names({ sort: "address" }), ["Printer", "cam", "cust-7", "A4:CF:12:00:00:03"]);
    deepEqual(await names({ here: true }), ["cam", "cust-7", "Printer"]);
    deepEqual(await names({ q: "espressif PRINT" }), ["Printer"]);
    deepEqual(await names({ q: "0000.0c" }), ["cam"]);
    deepEqual(await names({ q: "cust-7" }), ["cust-7"]);
    deepEqual(await names({ q: "spare" }), ["A4:CF:12:00:00:03"]);

    const first = await listDeviceClients(scope, id, { limit: 2 });
    deepEqual(first.counts, { here: 3, wireless: 0, wired: 3, remembered: 1 });
    equal(first.total, 4);
    const rest = await listDeviceClients(scope, id, { limit: 2, cursor: first.nextCursor! });
    deepEqual(rest.items.map(({ name }) => name), ["Printer", null]);
    equal(rest.nextCursor, null);
    await rejects(listDeviceClients(scopeOf(db, globex), id, { limit: 2 }), NotFound);
    await rejects(listDeviceClients(scope, "nonsense", { limit: 2 }), NotFound);
  },
});
