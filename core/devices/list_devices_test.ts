import { deepEqual, equal, rejects } from "node:assert/strict";
import { encodeCursor } from "@/core/cursor.ts";
import { InvalidInput, PreconditionFailed } from "@/core/errors.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { addDevice, updateDevice } from "./devices.ts";
import { DEVICE_SORTS, listDevices } from "./list_devices.ts";

const DEVICES = 57;

/** Devices with many ties and many unknown values: what breaks a page boundary. */
async function openFleet() {
  const test = await openTestDb();
  await test.db.tenant(test.acme, async (sql) => {
    await sql`
      insert into sites (tenant_id, name)
      select ${test.acme}::uuid, 'site ' || n from generate_series(0, 2) n`;
    await sql`
      insert into devices (tenant_id, name, address, port, tls_mode, site_id)
      select ${test.acme}::uuid, case when n % 3 = 0 then null else 'router ' || n % 5 end,
        '192.0.2.' || n, 8729, 'pinned',
        case when n % 4 = 0 then null else (select id from sites where name = 'site ' || n % 3) end
      from generate_series(1, ${DEVICES}) n`;
    await sql`
      insert into device_latest (tenant_id, device_id, status, reason, version, model, cpu_percent,
        rx_bps, uptime_seconds, health_score, sampled_at)
      select tenant_id, id, (array['online', 'offline', 'unknown'])[1 + n % 3], 'polled',
        case when n % 2 = 0 then '7.' || n % 4 || '.1' end, 'hEX', case when n % 5 > 0 then n % 7 / 3.0 end,
        case when n % 3 > 0 then n % 6 end, n, n % 9, case when n % 4 > 0 then now() - n % 3 * interval '1 s' end
      from (select *, row_number() over (order by id) as n from devices) d where n % 6 > 0`;
  });
  return test;
}

Deno.test("listDevices() pages through every sort in both orders, each device exactly once", async () => {
  await using test = await openFleet();
  const scope = scopeOf(test.db, test.acme);
  for (const sort of DEVICE_SORTS) {
    for (const order of ["asc", "desc"] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listDevices(scope, { sort, order, cursor, limit: 7 });
        equal(page.total, DEVICES);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      equal(seen.length, DEVICES, `${sort} ${order}`);
      equal(new Set(seen).size, DEVICES, `${sort} ${order}`);
    }
  }
});

Deno.test("listDevices() filters as the query language says", async () => {
  await using test = await openFleet();
  const scope = scopeOf(test.db, test.acme);
  const all = (await listDevices(scope, { limit: 500 })).items;
  const newer = (version: string | null) => version !== null && Number(version.split(".")[1]) < 2;
  for (
    const [q, fits] of [
      ["status:offline", ({ status }) => status === "offline"],
      ["status:pending", ({ status }) => status === "pending"],
      ["version:7.1", ({ version }) => version === "7.1.1"],
      ["version:<7.2", ({ version }) => newer(version)],
      ['site:"Site 1"', ({ site }) => site === "site 1"],
      ["health:>=5", ({ healthScore }) => (healthScore ?? -1) >= 5],
      ["192.0.2.1", ({ address }) => address.includes("192.0.2.1")],
      ["site:nowhere", () => false],
      ["%", () => false],
    ] as [string, (device: typeof all[number]) => boolean][]
  ) {
    const { items } = await listDevices(scope, { q, limit: 500 });
    deepEqual(items.map(({ id }) => id), all.filter(fits).map(({ id }) => id), q);
  }
});

Deno.test("listDevices() refuses a cursor that somebody made", async () => {
  await using test = await openFleet();
  const scope = scopeOf(test.db, test.acme);
  const id = crypto.randomUUID();
  for (
    const place of [
      { sort: "cpu asc", value: "1", id: "no uuid" },
      { sort: "cpu asc", value: "1); drop table devices", id },
      { sort: "name asc", value: "x", id },
    ]
  ) {
    const options = { sort: "cpu", order: "asc", cursor: encodeCursor(place), limit: 5 } as const;
    await rejects(listDevices(scope, options), InvalidInput);
  }
  await rejects(listDevices(scope, { cursor: "%%%", limit: 5 }), InvalidInput);
});

Deno.test("updateDevice() lets one of two edits of the same revision win", async () => {
  await using test = await openTestDb();
  await using platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  const input = { address: "192.0.2.1", username: "tod", password: "x" };
  const { id } = await addDevice(scope, platform, {
    ...input,
    tlsMode: "plain",
    region: "default",
  });
  const edits = await Promise.allSettled(
    ["North", "South"].map((site) =>
      updateDevice(scope, platform, id, { site }, { ifRevision: 1 })
    ),
  );
  deepEqual(edits.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const lost = edits.find((edit) => edit.status === "rejected");
  equal(lost?.reason instanceof PreconditionFailed, true);
});
