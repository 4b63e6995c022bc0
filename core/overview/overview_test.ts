import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { shareOf } from "@/core/contract/availability.ts";
import { radioReasons } from "@/core/contract/overview.ts";
import { Forbidden } from "@/core/errors.ts";
import { ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { systemClock } from "@/core/ports/clock.ts";
import { PERMISSIONS, type TenantId } from "@/core/scope.ts";
import { openTestDb, type TestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { noteFleet, pruneFleetHistory } from "./fleet_history.ts";
import { fleetSummary } from "./fleet_summary.ts";
import { fleetTrends } from "./fleet_trends.ts";
import { Recent } from "./recent.ts";
import { recentTrouble } from "./recent_trouble.ts";
import { tenantsOverview } from "./tenants_overview.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse("2026-03-31T12:02:00Z");
const deps = { clock: { ...systemClock, now: () => NOW } };
const at = (ms: number) => new Date(ms);

type Latest = Record<string, string | number | string[] | null>;

async function router(
  test: TestDb,
  tenantId: TenantId,
  name: string,
  latest: Latest,
  device: Record<string, string | boolean> = {},
): Promise<string> {
  const id = await insertDevice(test, tenantId, { name, ...device });
  await test.db.tenant(tenantId, async (sql) => {
    await sql`update device_latest set ${sql(latest)} where device_id = ${id}`;
  });
  return id;
}

async function site(test: TestDb, name: string, parentId: string | null = null): Promise<string> {
  const [row] = await test.db.tenant(test.acme, (sql) =>
    sql<{ id: string }[]>`
      insert into sites (tenant_id, name, parent_id) values (${test.acme}, ${name}, ${parentId})
      returning id`);
  return row!.id;
}

const WELL = { status: "online", health_score: 100, version: "7.16", rx_bps: 1_000, tx_bps: 10 };

Deno.test("overview: counts, causes in words, worst routers and sites; of a part as of the whole", async () => {
  await using test = await openTestDb();
  const { acme, globex } = test;
  const scope = scopeOf(test.db, acme);
  const north = await site(test, "North");
  const tower = await site(test, "Tower", north);
  await router(test, acme, "a", { ...WELL, wireless_clients: 7 }, { site_id: north });
  const busy = await router(
    test,
    acme,
    "b",
    { ...WELL, version: "7.9", health_score: 70, cpu_percent: 99, health_reasons: ["CPU 99 %"] },
    { site_id: tower },
  );
  const gone = await router(test, acme, "c", {
    ...{ status: "offline", health_score: 0, health_reasons: ["Offline: no answer"] },
    ...{ version: "7.16", rx_bps: 999, cpu_percent: 99 },
  }, { site_id: tower });
  await router(test, acme, "d", { ...WELL, health_score: 95, memory_percent: 91 });
  await router(test, acme, "e", { ...WELL }, { is_enabled: false });
  await router(test, acme, "f", { ...WELL }, { retired_at: at(NOW).toISOString() });
  await router(test, globex, "theirs", { status: "offline", health_score: 0 });
  await test.db.tenant(acme, (sql) =>
    sql`
    insert into device_status_changes (tenant_id, device_id, at, status, reason) values
      (${acme}, ${gone}, ${at(NOW - 90 * HOUR)}, 'online', 'polled'),
      (${acme}, ${gone}, ${at(NOW - 6 * HOUR)}, 'offline', 'no_answer')`);

  const all = await fleetSummary(scope, deps);
  const { total, online, offline, pending, disabled, rxBps, wirelessClients } = all;
  deepEqual(
    { total, online, offline, pending, disabled, rxBps, wirelessClients },
    { total: 5, online: 3, offline: 1, pending: 0, disabled: 1, rxBps: 3_000, wirelessClients: 7 },
  );
  deepEqual(all.health, { good: 2, fair: 1, poor: 1 });
  deepEqual(all.causes, [
    { cause: "offline", devices: 1 },
    { cause: "cpu", devices: 1 },
    { cause: "memory", devices: 1 },
  ]);
  deepEqual(all.versions, [
    { version: "7.16", devices: 4 },
    { version: "7.9", devices: 1 },
  ]);
  deepEqual(all.worst.map(({ id }) => id), [gone, busy]);
  deepEqual(all.worst[0]!.healthReasons, ["Offline: no answer"]);
  equal(all.worst[0]!.site, "North / Tower");
  deepEqual(all.worst[0]!.day, [...Array(36).fill(1), ...Array(12).fill(0)]);
  deepEqual(all.sites, [
    { id: tower, path: "North / Tower", devices: 2, offline: 1, averageHealth: 35 },
  ]);

  const part = await fleetSummary(scope, deps, `site:"North / Tower"`);
  equal(part.total, 2);
  deepEqual(part.worst.map(({ id }) => id), [gone, busy]);
  deepEqual((await fleetSummary(scope, deps, "color:red")).problems.length, 1);
  await rejects(
    fleetSummary({ ...scope, permissions: new Set(["devices:read"]) }, deps),
    Forbidden,
  );
});

Deno.test("overview: radios are listed by the rules that the page names", async () => {
  await using test = await openTestDb();
  const { acme, db } = test;
  const last = Date.parse("2026-03-31T11:55:00Z");
  await ensureMetricPartitions(db, NOW - 2 * HOUR, NOW);
  await db.system((sql) =>
    sql`
    insert into rollup_progress (rollup, done_until) values ('5m', ${at(last + 5 * MINUTE)})
    on conflict (rollup) do update set done_until = excluded.done_until`
  );
  const plant = async (
    name: string,
    now: { clients: number; signal?: number; noise?: number; ccq?: number },
    clientsBefore?: number,
  ) => {
    const id = await router(test, acme, name, WELL);
    await db.tenant(acme, async (sql) => {
      const add = (ms: number, clients: number, rest: typeof now | undefined) =>
        sql`insert into radio_5m ${
          sql({
            ...{ tenant_id: acme, device_id: id, interface: "wifi1", bucket: at(ms), n: 5 },
            ...{ clients_sum: clients * 5, clients_max: clients },
            ...{ signal_n: rest?.signal ? 5 : 0, signal_sum: (rest?.signal ?? 0) * 5 },
            ...{ noise_n: rest?.noise ? 5 : 0, noise_sum: (rest?.noise ?? 0) * 5 },
            ...{ ccq_n: rest?.ccq ? 5 : 0, ccq_sum: (rest?.ccq ?? 0) * 5 },
          })
        }`;
      await add(last, now.clients, now);
      if (clientsBefore !== undefined) await add(last - HOUR, clientsBefore, undefined);
      await sql`
        insert into device_state (tenant_id, device_id, section, sampled_at, data) values
          (${acme}, ${id}, 'wireless', now(), ${
        sql.json({ drivers: [], clients: [], radios: [{ interface: "wifi1", ssid: `of ${name}` }] })
      })`;
    });
    return id;
  };
  await plant("well", { clients: 9, signal: -75, noise: -85, ccq: 60 }, 10);
  await plant("weak", { clients: 2, signal: -76 });
  const lost = await plant("lost", { clients: 5, signal: -60 }, 10);
  await plant("small", { clients: 1 }, 4);
  await plant("loud", { clients: 3, noise: -80, ccq: 59 }, 3);
  const { radios } = await fleetSummary(scopeOf(db, acme), deps);
  deepEqual(radios.items.map((radio) => [radio.deviceName, radio.ssid, radioReasons(radio)]), [
    ["lost", "of lost", ["5 of the 10 clients of an hour ago"]],
    ["weak", "of weak", ["Weak signal: −76 dBm on average"]],
    ["loud", "of loud", ["CCQ 59 %", "Noise −80 dBm"]],
  ]);
  equal(radios.total, 3);
  equal(radios.from, at(last).toISOString());
  const part = await fleetSummary(scopeOf(db, acme), deps, "lost");
  deepEqual(part.radios.items.map(({ deviceId }) => deviceId), [lost]);
  const later = { clock: { ...deps.clock, now: () => NOW + 3 * HOUR } };
  equal((await fleetSummary(scopeOf(db, acme), later)).radios.from, null, "rollups stand still");
});

Deno.test("overview: traffic is noted every five minutes, once, for the fleet and its sites", async () => {
  await using test = await openTestDb();
  const { acme, globex, db } = test;
  const scope = scopeOf(db, acme);
  const north = await site(test, "North");
  const tower = await site(test, "Tower", north);
  await router(test, acme, "a", WELL, { site_id: tower });
  const other = await router(test, acme, "b", { ...WELL, rx_bps: 500 });
  for (const ago of [3 * HOUR, 10 * MINUTE, 5 * MINUTE, 4 * MINUTE]) {
    await noteFleet(db, acme, NOW - ago);
  }
  await noteFleet(db, globex, NOW);
  const { traffic } = await fleetTrends(scope, deps, { hours: 24 });
  deepEqual(traffic!.rxBps, [1_500, null, 1_500, 1_500], "a gap where nothing was noted");
  const north24 = await fleetTrends(scope, deps, { q: `site:North`, hours: 24 });
  deepEqual(north24.traffic!.rxBps, [1_000, null, 1_000, 1_000]);
  equal((await fleetTrends(scope, deps, { q: "b", hours: 24 })).traffic, null);
  equal((await fleetTrends(scopeOf(db, globex), deps, { hours: 24 })).traffic!.times.length, 0);

  await db.tenant(acme, (sql) =>
    sql`
    insert into device_status_changes (tenant_id, device_id, at, status, reason) values
      (${acme}, ${other}, ${at(NOW - 12 * HOUR)}, 'online', 'polled')`);
  await db.tenant(acme, (sql) => sql`delete from devices where id <> ${other}`);
  const { share, availability } = await fleetTrends(scope, deps, { hours: 24 });
  equal(share, 1);
  deepEqual(availability.map(shareOf).slice(22, 26), [null, null, 1, 1]);

  await pruneFleetHistory(db, acme, 365, NOW + 33 * 24 * HOUR);
  const counts = await test.admin`
    select (select count(*)::int from fleet_history) as fleet,
      (select count(*)::int from site_history) as sites`;
  deepEqual({ ...counts[0] }, { fleet: 3, sites: 0 });
});

Deno.test("overview: trouble is what is more than information", async () => {
  await using test = await openTestDb();
  const { acme, db } = test;
  const scope = scopeOf(db, acme);
  const id = await router(test, acme, "a", WELL);
  await db.tenant(acme, (sql) =>
    sql`
    insert into events (tenant_id, at, kind, severity, device_id, message) values
      (${acme}, ${at(NOW - 3)}, 'device.offline', 'critical', ${id}, 'one'),
      (${acme}, ${at(NOW - 2)}, 'device.online', 'info', ${id}, 'two'),
      (${acme}, ${at(NOW - 1)}, 'region.dark', 'warning', null, 'three')`);
  const texts = async (q?: string) =>
    (await recentTrouble(scope, { q, limit: 5 })).map(({ message }) => message);
  deepEqual(await texts(), ["three", "one"]);
  deepEqual(await texts("a"), ["one"]);
  deepEqual(await texts("nothing"), []);
});

Deno.test("overview: across tenants, worst first, for who may read them", async () => {
  await using test = await openTestDb();
  const { acme, globex, db } = test;
  await router(test, acme, "a", WELL);
  await router(test, globex, "g", {
    ...{ status: "offline", health_score: 0, health_reasons: ["Offline: no answer"] },
  });
  const scope = { ...scopeOf(db, acme), permissions: new Set(PERMISSIONS) };
  const rows = await tenantsOverview(scope, deps);
  const seen = rows.map(({ name, total, offline, worst }) => [name, total, offline, worst?.reason]);
  deepEqual(seen.slice(0, 2), [
    ["Globex", 1, 1, "Offline: no answer"],
    ["Acme", 1, 0, undefined],
  ]);
  const operator = { ...scope, permissions: new Set(["fleet:read"] as const) };
  await rejects(tenantsOverview(operator, deps), Forbidden);
});

Deno.test("recent: one computation for all who ask, kept as long as it was dear", async () => {
  let now = 0;
  let made = 0;
  const clock = { ...systemClock, monotonic: () => now };
  const recent = new Recent<number>(clock, 20, 1_000);
  const make = async () => {
    await Promise.resolve();
    now += 10;
    return ++made;
  };
  deepEqual(await Promise.all([recent.get("a", make), recent.get("a", make)]), [1, 1]);
  now += 199;
  equal(await recent.get("a", make), 1);
  now += 2;
  equal(await recent.get("a", make), 2);
  equal(await recent.get("b", make), 3);
  await rejects(recent.get("c", () => Promise.reject(new Error("no"))));
  ok(await recent.get("c", make), "a failure is not kept");
});
