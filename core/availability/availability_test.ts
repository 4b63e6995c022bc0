import { deepEqual, equal, rejects } from "node:assert/strict";
import { availability, type AvailabilitySlot, shareOf } from "@/core/contract/availability.ts";
import { updateDevice } from "@/core/devices/devices.ts";
import { NotFound } from "@/core/errors.ts";
import { pruneTenant } from "@/core/metrics/retention.ts";
import { openTestDb, type TestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { deviceAvailability } from "./device_availability.ts";
import { fleetAvailability } from "./fleet_availability.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-03-31T12:00:00Z");

/** A router whose status changed so many hours ago. */
async function plant(test: TestDb, ...changes: [hoursAgo: number, status: string][]) {
  const { db, acme } = test;
  const id = await insertDevice(test, acme);
  await db.tenant(acme, async (sql) => {
    for (const [hours, status] of changes) {
      const at = new Date(NOW - hours * HOUR);
      await sql`
        insert into device_status_changes (tenant_id, device_id, at, status, reason)
        values (${acme}, ${id}, ${at}, ${status}, 'polled')`;
      await sql`
        update device_latest set status = ${status}, status_since = ${at} where device_id = ${id}`;
    }
  });
  return id;
}

Deno.test("availability: what was measured counts, what nobody polled does not", async () => {
  await using test = await openTestDb();
  const scope = scopeOf(test.db, test.acme);
  const id = await plant(
    test,
    [200, "online"],
    [30, "offline"],
    [20, "online"],
    [10, "unknown"],
    [4, "offline"],
    [3, "online"],
  );
  const { spans, day, month } = await deviceAvailability(scope, id, NOW);
  const seen = spans.map(({ onlineSeconds, offlineSeconds, outages, longestOutageSeconds }) =>
    [onlineSeconds, offlineSeconds, longestOutageSeconds].map((s) => s / 3_600).concat(outages)
  );
  deepEqual(seen, [
    [13, 5, 4, 2], // the outage that was on when the day began counts with its part
    [151, 11, 10, 2],
    [183, 11, 10, 2],
  ]);
  equal(spans[0]!.share, 13 / 18);
  equal(day.length, 48);
  deepEqual(day.slice(0, 9).map(shareOf), [0, 0, 0, 0, 0, 0, 0, 0, 1]);
  deepEqual(day.slice(27, 30).map(shareOf), [1, null, null]);
  equal(month.length, 30);
  equal(shareOf(month[0]!), null, "before it was known");

  const fresh = await insertDevice(test, test.acme);
  equal((await deviceAvailability(scope, fresh, NOW)).spans[2]!.share, null);
  const theirs = await insertDevice(test, test.globex);
  await rejects(deviceAvailability(scope, theirs, NOW), NotFound);
});

Deno.test("availability: a fleet's slots are the sums of its routers'", async () => {
  await using test = await openTestDb();
  const scope = scopeOf(test.db, test.acme);
  const ids = [
    await plant(test, [100, "online"]),
    await plant(test, [30, "online"], [7.3, "offline"], [7.1, "online"], [0.2, "offline"]),
    await plant(test, [90, "offline"], [23.9, "online"], [5, "unknown"]),
    await plant(test, [2, "online"]),
    await plant(test, [50, "online"], [24, "offline"]),
  ];
  const query = {
    ...{ tenantId: test.acme, fromMs: NOW - 24 * HOUR, toMs: NOW, slots: 48 },
    ...{ online: 2, offline: 2 },
  };
  const fleet = await test.db.tenant(test.acme, (sql) => fleetAvailability(sql, query));
  const each = await Promise.all(
    ids.map(async (id) => (await deviceAvailability(scope, id, NOW)).day),
  );
  const rounded = ({ onlineSeconds, offlineSeconds }: AvailabilitySlot) => [
    Math.round(onlineSeconds),
    Math.round(offlineSeconds),
  ];
  const sums = each[0]!.map((_, slot) =>
    rounded({
      ...each[0]![slot]!,
      onlineSeconds: each.reduce((sum, day) => sum + day[slot]!.onlineSeconds, 0),
      offlineSeconds: each.reduce((sum, day) => sum + day[slot]!.offlineSeconds, 0),
    })
  );
  deepEqual(fleet.map(rounded), sums);
  equal(fleet[0]!.from, each[0]![0]!.from);

  const some = await test.db.tenant(
    test.acme,
    (sql) =>
      fleetAvailability(sql, {
        ...{ ...query, online: 1, offline: 0 },
        of: sql`select id from devices where id = ${ids[3]!}` as never,
      }),
  );
  deepEqual(some.map(rounded), each[3]!.map(rounded));
});

Deno.test("availability: a router that is switched off is neither there nor away", async () => {
  await using test = await openTestDb();
  await using platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  const id = await plant(test, [20, "online"]);
  const deps = { ...platform, clock: { ...platform.clock, now: () => NOW - 8 * HOUR } };
  await updateDevice(scope, deps, id, { isEnabled: false });
  const { spans } = await deviceAvailability(scope, id, NOW);
  equal(spans[0]!.onlineSeconds, 12 * 3_600);
  equal(spans[0]!.share, 1);
  await updateDevice(scope, deps, id, { isEnabled: false });
  const [row] = await test.admin`
    select count(*)::int as changes from device_status_changes where device_id = ${id}`;
  equal(row!["changes"], 2, "once");
});

Deno.test("availability: retention keeps the change that says how the kept time began", async () => {
  await using test = await openTestDb();
  const id = await plant(test, [100, "online"], [80, "offline"], [60, "online"], [3, "offline"]);
  await pruneTenant(test.db, test.acme, { rawDays: 1, fiveMinuteDays: 1, hourDays: 2 }, NOW);
  const rows = await test.admin<{ status: string }[]>`
    select status from device_status_changes where device_id = ${id} order by at`;
  deepEqual(rows.map(({ status }) => status), ["online", "offline"]);
});

Deno.test("availability: rounded down, so that 100 % is never said of an outage", () => {
  equal(availability(1), "100.00 %");
  equal(availability(0.999999), "99.99 %");
  equal(availability(0.9571), "95.71 %");
  equal(availability(null), "–");
});
