import { deepEqual, equal, rejects } from "node:assert/strict";
import { exportReads } from "@/core/audit/export_reads.ts";
import { csvRecords } from "@/core/csv.ts";
import { type AuditTest, openAuditTest } from "@/tests/support/audit.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { listReads } from "./list_reads.ts";
import { noteSecretRead } from "./record.ts";
import { summarizeReads } from "./summarize_reads.ts";

/** Three days: two devices polled, one person who looks at one of them twice within an hour. */
async function openReads() {
  const test = await openAuditTest();
  const { db, acme } = test;
  const [north, south] = [
    await insertDevice(test, acme, { name: "=north" }),
    await insertDevice(test, acme, { name: "south" }),
  ];
  const note = (at: string, rest: Partial<Parameters<typeof noteSecretRead>[2]> = {}) =>
    db.tenant(acme, (sql) =>
      noteSecretRead(sql, acme, {
        ...{ actor: "poller:box", purpose: "poll", secret: "device.credential", deviceId: north },
        at: new Date(at),
        ...rest,
      }));
  for (const day of ["01", "03"]) {
    for (const hour of ["00", "11", "23"]) {
      await note(`2026-01-${day}T${hour}:59:59.999Z`);
      await note(`2026-01-${day}T${hour}:59:59.999Z`, { deviceId: south });
    }
  }
  const person = { actor: "user:1", purpose: "winbox", requestId: "r-1" };
  await note("2026-01-02T10:00:00Z", person);
  await note("2026-01-02T10:59:59Z", { ...person, requestId: "r-2" });
  await note("2026-01-02T11:00:00Z", { ...person, requestId: undefined });
  return { ...test, north, south };
}

const DAYS = { from: "2026-01-01T00:00:00Z", to: "2026-01-04T00:00:00Z" };

Deno.test("transparency: polling is a row a day, people a row an hour, paged newest first", async () => {
  await using test = await openReads();
  const scope = scopeOf(test.db, test.acme);
  const items = [];
  let cursor: string | undefined;
  do {
    const page = await listReads(scope, { limit: 2, cursor });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  deepEqual(
    items.map(({ bucket, span, count, deviceName }) => [bucket, span, count, deviceName]),
    [
      ["2026-01-03T00:00:00.000Z", "day", 3, "south"],
      ["2026-01-03T00:00:00.000Z", "day", 3, "=north"],
      ["2026-01-02T11:00:00.000Z", "hour", 1, "=north"],
      ["2026-01-02T10:00:00.000Z", "hour", 2, "=north"],
      ["2026-01-01T00:00:00.000Z", "day", 3, "south"],
      ["2026-01-01T00:00:00.000Z", "day", 3, "=north"],
    ],
  );
  equal(items[3]!.lastRequestId, "r-2");
  deepEqual([items[3]!.firstAt, items[3]!.lastAt], [
    "2026-01-02T10:00:00.000Z",
    "2026-01-02T10:59:59.000Z",
  ]);
  await rejects(listReads(scope, { cursor: "AAAA" }), /Cannot continue this list/);
});

Deno.test("transparency: filters, sums and days without a read", async () => {
  await using test = await openReads();
  const { db, acme, globex, north, south } = test;
  const scope = scopeOf(db, acme);
  const count = async (filter: Parameters<typeof listReads>[1]) =>
    (await listReads(scope, filter)).items.length;
  equal(await count({ actor: "user:1" }), 2);
  equal(await count({ purpose: "poll", deviceId: south }), 2);
  equal(await count({ from: "2026-01-02T11:00:00Z", to: "2026-01-03T01:00:00+01:00" }), 1);
  equal(await count({ secret: "x" }), 0);
  const sum = await summarizeReads(scope, DAYS);
  deepEqual([sum.total, sum.other, sum.devices], [15, 3, 2]);
  deepEqual(sum.byPurpose.map(({ key, count }) => [key, count]), [["poll", 12], ["winbox", 3]]);
  deepEqual(sum.byActor.map(({ key, count }) => [key, count]), [["poller:box", 12], ["user:1", 3]]);
  deepEqual(sum.byDevice.map(({ key, label, count }) => [key, label, count]), [
    [north, "=north", 9],
    [south, "south", 6],
  ]);
  deepEqual(sum.overTime, [
    { day: "2026-01-01", polling: 6, other: 0 },
    { day: "2026-01-02", polling: 0, other: 3 },
    { day: "2026-01-03", polling: 6, other: 0 },
  ]);
  const one = await summarizeReads(scope, { ...DAYS, deviceId: south, purpose: "poll" });
  deepEqual([one.total, one.byDevice.length], [6, 1]);
  const none = await summarizeReads(scopeOf(db, globex), DAYS);
  deepEqual([none.total, none.byActor, none.overTime.length], [0, [], 3]);
  await rejects(summarizeReads(scope, { from: DAYS.to, to: DAYS.from }), /Cannot sum/);
  await rejects(
    summarizeReads(scope, { from: "2020-01-01T00:00:00Z", to: DAYS.to }),
    /Cannot sum/,
  );
});

Deno.test("transparency: another tenant, a missing permission, a removed device", async () => {
  await using test = await openReads();
  const { db, acme, globex, north } = test;
  deepEqual((await listReads(scopeOf(db, globex))).items, []);
  await rejects(listReads(scopeOf(db, acme, ["audit:read"])), /transparency:read/);
  await test.admin`delete from devices where id = ${north}`;
  const [, row] = (await listReads(scopeOf(db, acme))).items;
  deepEqual([row!.deviceId, row!.deviceName, row!.count], [north, null, 3]);
});

async function records({ db, acme, platform }: AuditTest, filter = {}) {
  const pieces = await exportReads(scopeOf(db, acme), platform, filter);
  return await Array.fromAsync(csvRecords(pieces));
}

Deno.test("transparency: the CSV has every row, no formula, and is audited", async () => {
  await using test = await openReads();
  const pieces = await exportReads(scopeOf(test.db, test.acme), test.platform);
  const text = (await Array.fromAsync(pieces)).join("");
  equal(text.includes(",=north"), false);
  const rows = await records(test);
  deepEqual([rows.length, rows[0]![0], rows[2]![7]], [7, "bucket", "=north"]);
  equal((await records(test, { actor: "user:1" })).length, 3);
  const audited = await test.admin`select action from audit_log`;
  deepEqual(audited.map(({ action }) => action), Array(3).fill("transparency.exported"));
});
