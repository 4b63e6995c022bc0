import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { getAuditEntry } from "@/core/audit/get_audit_entry.ts";
import { listAudit } from "@/core/audit/list_audit.ts";
import { Unavailable } from "@/core/errors.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { openAuditTest } from "@/tests/support/audit.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { addDevice, getDevice, updateDevice } from "./devices.ts";
import { removeDevice, retireDevice } from "./retirement.ts";

const ROUTER = {
  ...{ address: "192.0.2.1", username: "tod", password: "hunter2", region: "default" },
  tlsMode: "plain" as const,
};

Deno.test("devices: each add, change and removal is audited with who, what and from where", async () => {
  await using test = await openAuditTest();
  const { db, acme, platform } = test;
  const scope = { ...scopeOf(db, acme), requestId: "r-1", ip: "192.0.2.9" };
  const { id } = await addDevice(scope, platform, ROUTER);
  await updateDevice(scope, platform, id, { site: "North", username: "x", password: "hunter3" });
  await retireDevice(scope, platform, id);
  await removeDevice(scope, platform, id, ROUTER.address);
  const { items } = await listAudit(scope);
  deepEqual(items.map(({ action }) => action), [
    "device.removed",
    "device.retired",
    "device.changed",
    "site.added",
    "device.added",
  ]);
  ok(items.every((row) => row.actor === "user:test" && row.requestId === "r-1"));
  ok(items.every((row) => (row.targetId === id) === (row.targetKind === "device")));
  ok(items.every((row) => row.ip === "192.0.2.9"));
  const { details } = await getAuditEntry(scope, platform, "3");
  deepEqual(details, { changed: { site: { from: null, to: "North" } }, replaced: ["login"] });
});

Deno.test("devices: what cannot be audited does not happen", async () => {
  await using test = await openAuditTest();
  const { db, acme, platform } = test;
  const scope = scopeOf(db, acme);
  const { id } = await addDevice(scope, platform, ROUTER);
  const encrypt = () => Promise.reject(new Unavailable("KMS away"));
  const broken = { ...platform, kms: { encrypt } as unknown as Kms };
  await rejects(updateDevice(scope, broken, id, { site: "North" }), /KMS away/);
  await rejects(retireDevice(scope, broken, id), /KMS away/);
  await rejects(addDevice(scope, broken, { ...ROUTER, port: 9 }), /KMS away/);
  const device = await getDevice(scope, id);
  deepEqual([device.site, device.revision], [null, 1]);
  equal((await test.admin`select from devices`).length, 1);
  equal((await test.admin`select from events`).length, 1, "nor is it told as an event");
  equal((await listAudit(scope)).items.length, 1);
  await retireDevice(scope, platform, id);
  await rejects(removeDevice(scope, broken, id, ROUTER.address), /KMS away/);
  equal((await test.admin`select from devices`).length, 1);
});
