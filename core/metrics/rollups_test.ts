import { deepEqual, equal } from "node:assert/strict";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { DAY_MS, ensureMetricPartitions } from "./partitions.ts";
import { dropOldPartitions, pruneTenant } from "./retention.ts";
import { advanceRollup, BUCKET_MS } from "./rollups.ts";

const T0 = Date.UTC(2026, 0, 15, 12, 0, 0);
const MINUTE = 60_000;
const never = new AbortController().signal;
const options = { sanitizeResources: false, sanitizeOps: false }; // one server a test process

interface Row {
  atMs: number;
  device: string;
  name: string;
  cpu: number | null;
  rx: number | null;
}

Deno.test({
  name: "advanceRollup() equals brute force over random data, late data too",
  ...options,
  fn: async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`seed ${seed}`);
    let state = seed;
    const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    await using test = await openTestDb();
    const { db, acme, globex } = test;
    await ensureMetricPartitions(db, T0 - 2 * DAY_MS, T0 + DAY_MS);
    const devices = [await insertDevice(test, acme), await insertDevice(test, acme)];
    const foreign = await insertDevice(test, globex);
    const rows: Row[] = [];
    const add = async (count: number, fromMs: number, toMs: number) => {
      const fresh = Array.from({ length: count }, () => ({
        atMs: Math.floor(fromMs + random() * (toMs - fromMs)),
        device: devices[Math.floor(random() * 2)]!,
        name: `ether${Math.floor(random() * 2)}`,
        cpu: random() < 0.2 ? null : Math.floor(random() * 100),
        rx: random() < 0.2 ? null : Math.floor(random() * 1e9),
      }));
      const unique = fresh.filter((row) => !rows.some(({ atMs }) => atMs === row.atMs));
      rows.push(...unique);
      for (const [tenant, of] of [[acme, unique], [globex, []]] as const) {
        await db.tenant(tenant, async (sql) => {
          for (const { atMs, device, name, cpu, rx } of of) {
            const at = new Date(atMs);
            await sql`insert into health_samples (tenant_id, device_id, sampled_at, cpu_percent)
              values (${tenant}, ${device}, ${at}, ${cpu})`;
            await sql`insert into interface_samples (tenant_id, device_id, interface, sampled_at,
              rx_bps, is_running) values (${tenant}, ${device}, ${name}, ${at}, ${rx}, true)`;
          }
        });
      }
    };
    await db.tenant(
      globex,
      (sql) =>
        sql`insert into health_samples (tenant_id, device_id, sampled_at, cpu_percent)
        values (${globex}, ${foreign}, ${new Date(T0 - 90 * MINUTE)}, 50)`,
    );

    const advance = async (nowMs: number) => {
      for (const tier of ["5m", "1h"] as const) {
        await advanceRollup(db, tier, { tenants: [acme, globex], nowMs, signal: never });
      }
    };
    const check = async (closed: Record<"5m" | "1h", number>) => {
      for (const tier of ["5m", "1h"] as const) {
        const width = BUCKET_MS[tier];
        const inside = rows.filter(({ atMs }) => atMs < closed[tier]);
        const groups = Map.groupBy(
          inside,
          ({ atMs, device, name }) => `${device} ${name} ${Math.floor(atMs / width) * width}`,
        );
        const want = new Map([...groups].map(([key, group]) => {
          const rx = group.map(({ rx }) => rx).filter((value) => value !== null);
          const sum = rx.reduce((sum, value) => sum + value, 0);
          return [key, [group.length, rx.length, sum, rx.length ? Math.max(...rx) : null]];
        }));
        const found = await db.tenant(acme, (sql) =>
          sql`
          select device_id, interface, bucket, n, rx_n, coalesce(rx_sum, 0) as sum,
            rx_max::float8 as max from ${sql(`interface_${tier}`)}`);
        const got = new Map(found.map((row) => [
          `${row["device_id"]} ${row["interface"]} ${row["bucket"].getTime()}`,
          [row["n"], row["rx_n"], row["sum"], row["max"]],
        ]));
        deepEqual(Object.fromEntries([...got].sort()), Object.fromEntries([...want].sort()));
        const [cpu] = await db.tenant(acme, (sql) =>
          sql`
          select sum(n)::int as n, sum(cpu_n)::int as cpu_n, sum(cpu_sum) as cpu_sum,
            max(cpu_max)::int as cpu_max from ${sql(`health_${tier}`)}`);
        const values = inside.map(({ cpu }) => cpu).filter((value) => value !== null);
        deepEqual(Object.values(cpu!), [
          inside.length,
          values.length,
          values.reduce((sum, value) => sum + value, 0),
          Math.max(...values),
        ]);
      }
    };

    await add(150, T0 - 3 * 60 * MINUTE, T0);
    await advance(T0 + 7 * MINUTE); // the bucket that is open stays open
    await check({ "5m": T0 + 5 * MINUTE, "1h": T0 });
    await advance(T0 + 7 * MINUTE);
    await check({ "5m": T0 + 5 * MINUTE, "1h": T0 });
    // A sample that came just after its bucket closed, found by the overlap.
    await add(10, T0 - 2 * MINUTE, T0);
    await advance(T0 + 12 * MINUTE);
    await check({ "5m": T0 + 10 * MINUTE, "1h": T0 });
    // Two hours late: ingest puts the watermark back.
    await add(10, T0 - 130 * MINUTE, T0 - 125 * MINUTE);
    await db.system((sql) =>
      sql`update rollup_progress set done_until = ${new Date(T0 - 130 * MINUTE)}
        where rollup = '5m'`
    );
    await advance(T0 + 12 * MINUTE);
    await check({ "5m": T0 + 10 * MINUTE, "1h": T0 });
    const foreignRows = await db.tenant(globex, (sql) => sql`select n from health_5m`);
    equal(foreignRows.length, 1);
    await db.tenant(acme, async (sql) => {
      equal((await sql`select from health_5m where device_id = ${foreign}`).length, 0);
    });
  },
});

Deno.test({
  name: "dropOldPartitions() drops by tier and keeps what retention covers",
  ...options,
  fn: async () => {
    await using test = await openTestDb();
    const { db, admin } = test;
    await ensureMetricPartitions(db, T0 - 20 * DAY_MS, T0 + 7 * DAY_MS);
    equal(await ensureMetricPartitions(db, T0 - 20 * DAY_MS, T0 + 7 * DAY_MS), 0);
    const retention = { rawDays: 14, fiveMinuteDays: 18, hourDays: 730, logDays: 30 };
    // Days -20…-15 of four raw tables, days -20…-19 of four 5-minute tables, no month.
    equal(await dropOldPartitions(db, retention, T0), 6 * 4 + 2 * 4);
    equal(await dropOldPartitions(db, retention, T0), 0);
    const oldest = async (parent: string) => {
      const [row] = await admin`
        select min(relname) as name from pg_class where relname like ${`${parent}\\_p%`}
          and relkind = 'r'`;
      return row?.["name"];
    };
    equal(await oldest("health_samples"), "health_samples_p20260101");
    equal(await oldest("sensor_5m"), "sensor_5m_p20251228");
    equal(await oldest("health_1h"), "health_1h_p20251201");
  },
});

Deno.test({
  name: "pruneTenant() deletes old events and answers of one tenant",
  ...options,
  fn: async () => {
    await using test = await openTestDb();
    const { db, acme, globex, admin } = test;
    const age = (days: number) => new Date(T0 - days * DAY_MS);
    for (const tenant of [acme, globex]) {
      for (const days of [1, 40]) {
        await admin`insert into events (tenant_id, at, kind, severity, message)
          values (${tenant}, ${age(days)}, 'device.added', 'info', 'x')`;
        await admin`insert into idempotency_keys (tenant_id, key, actor, route, request_hash, status,
          body, created_at) values (${tenant}, ${`k${days}`}, 'a', 'r', 'h', 201, '{}',
          ${age(days - 0.5)})`;
      }
    }
    const retention = { rawDays: 1, fiveMinuteDays: 2, hourDays: 30, logDays: 30 };
    await pruneTenant(db, acme, retention, T0);
    const counts = await admin`
      select t.slug, (select count(*)::int from events e where e.tenant_id = t.id) as events,
        (select count(*)::int from idempotency_keys k where k.tenant_id = t.id) as keys
      from tenants t order by slug`;
    deepEqual(counts.map((row) => Object.values(row)), [["acme", 1, 1], ["globex", 2, 2]]);
  },
});
