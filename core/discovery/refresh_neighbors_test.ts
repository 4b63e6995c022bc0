import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import ouis from "oui-data" with { type: "json" };
import { Forbidden, NotFound } from "@/core/errors.ts";
import type { TenantId } from "@/core/scope.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { MIKROTIK_PREFIXES } from "./mikrotik_macs.ts";
import { ignoreSeenRouter, listSeenRouters } from "./neighbors.ts";
import { refreshNeighbors } from "./refresh_neighbors.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const MINUTE_MS = 60_000;

type Said = Record<string, string | null>;

const neighbor = (mac: string, rest: Said = {}): Said => ({
  ...{ interface: "ether1", address: null, macAddress: mac, identity: "MikroTik" },
  ...{ platform: "MikroTik", board: "hAP ax3", version: "7.16.2 (stable)" },
  ...rest,
});

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  return {
    ...test,
    ...{ platform, scope },
    device: (rest: Record<string, string> = {}, tenantId: TenantId = test.acme) =>
      insertDevice(test, tenantId, rest),
    says: async (
      deviceId: string,
      section: "neighbors" | "interfaces",
      data: Said[],
      { tenantId = test.acme, at = NOW }: { tenantId?: TenantId; at?: number } = {},
    ) => {
      const time = new Date(at).toISOString();
      await test.db.tenant(tenantId, (sql) =>
        sql`
        insert into device_state (tenant_id, device_id, section, sampled_at, data)
        values (${tenantId}, ${deviceId}, ${section}, ${time}::text::timestamptz,
                ${JSON.stringify(data)}::text::jsonb)
        on conflict (tenant_id, device_id, section) do update
          set data = excluded.data, sampled_at = excluded.sampled_at`);
    },
    refresh: (at = NOW, tenantId: TenantId = test.acme) => refreshNeighbors(test.db, tenantId, at),
    seen: async (options: { q?: string; ignored?: boolean } = {}) =>
      (await listSeenRouters(scope, { limit: 50, ...options })).items,
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("the beginnings of MikroTik's MAC addresses are those the IEEE names", () => {
  const named = Object.entries(ouis as Record<string, string>)
    .filter(([, owner]) => /mikrotik|routerboard/i.test(owner))
    .map(([prefix]) => prefix.replace(/(..)(..)(..)/, "$1:$2:$3"));
  deepEqual(MIKROTIK_PREFIXES.toSorted(), named.toSorted());
});

Deno.test("neighbours: unmanaged MikroTik routers, each once, with who sees them", async () => {
  await using test = await open();
  const a = await test.device({ name: "Core", region: "eu" });
  const b = await test.device({ name: "Edge" });
  await test.says(a, "interfaces", [{ macAddress: "02:00:00:00:00:A1" }]);
  await test.says(a, "neighbors", [
    // On another link it shows the next MAC of its block.
    neighbor("64:D1:54:00:00:01", { identity: "tower", address: "10.0.0.7" }),
    neighbor("02:00:00:00:00:F1", { identity: "switch", platform: "cisco", board: null }),
    neighbor("64:D1:54:00:01:01"),
    neighbor("64:D1:54:00:01:02"),
  ]);
  await test.says(b, "neighbors", [
    neighbor("64:d1:54:00:00:02", { identity: "tower", address: "10.0.1.7", interface: "sfp1" }),
    neighbor("02:00:00:00:00:a1", { identity: "Core" }),
    // LLDP names no platform; the MAC tells.
    neighbor("6C:3B:6B:00:00:01", { identity: "ap", platform: null, board: null, version: null }),
  ], { at: NOW + MINUTE_MS });
  await test.refresh();
  const seen = await test.seen();
  deepEqual(seen.map(({ identity }) => identity), ["ap", "MikroTik", "MikroTik", "tower"]);
  const tower = seen[3]!;
  deepEqual(tower.macs, ["64:D1:54:00:00:01", "64:D1:54:00:00:02"]);
  deepEqual(tower.addresses, ["10.0.0.7", "10.0.1.7"]);
  deepEqual(tower.seenBy.map((by) => [by.deviceName, by.interface]), [
    ["Edge", "sfp1"],
    ["Core", "ether1"],
  ]);
  deepEqual([tower.seers, tower.region, tower.board], [2, "default", "hAP ax3"]);
  equal((await test.seen({ q: "d1:54:00:01 ax3" })).length, 2);
  equal((await test.seen({ q: "100%" })).length, 0);

  const first = await listSeenRouters(test.scope, { limit: 2 });
  const second = await listSeenRouters(test.scope, { limit: 2, cursor: first.nextCursor! });
  deepEqual([...first.items, ...second.items].map(({ id }) => id), seen.map(({ id }) => id));
  deepEqual([first.total, second.nextCursor], [4, null]);
});

Deno.test("neighbours: what is managed by address or by the MAC of any interface is not listed", async () => {
  await using test = await open();
  const seer = await test.device();
  await test.says(seer, "neighbors", [
    neighbor("64:D1:54:00:00:01", { identity: "one", address: "10.0.0.1" }),
    neighbor("64:D1:54:00:00:02", { identity: "one", address: "10.0.9.1" }),
    neighbor("64:D1:54:00:02:01", { identity: "two", address: "10.0.0.2" }),
    neighbor("64:D1:54:00:03:01", { identity: "three" }),
  ]);
  await test.refresh();
  equal((await test.seen()).length, 3);

  // Adopted: gone at once by its address, without waiting for the next round.
  await test.device({ address: "10.0.0.1" });
  deepEqual((await test.seen()).map(({ identity }) => identity), ["three", "two"]);
  const under = await test.device({ address: "203.0.113.9", name: "Two" });
  await test.says(under, "interfaces", [{ macAddress: null }, { macAddress: "64:d1:54:00:02:01" }]);
  await test.refresh();
  deepEqual((await test.seen()).map(({ identity }) => identity), ["three"]);
  equal((await test.admin`select from seen_routers`).length, 1, "the others are not kept");

  // Of the same name and board, but another MAC and no address: shown, with the doubt.
  await test.db.tenant(test.acme, (sql) =>
    sql`
    update device_latest set identity = 'Three', board_name = 'hAP ax3' where device_id = ${under}`);
  await test.refresh();
  equal((await test.seen())[0]!.likely!.deviceName, "Two");
});

Deno.test("neighbours: ignored ones are remembered, those not seen for a week forgotten", async () => {
  await using test = await open();
  const seer = await test.device();
  const both = [
    neighbor("64:D1:54:00:00:01", { identity: "printer room" }),
    neighbor("64:D1:54:00:01:01", { identity: "customer's" }),
  ];
  await test.says(seer, "neighbors", both);
  await test.refresh();
  const [theirs] = await test.seen({ q: "customer" });
  await ignoreSeenRouter(test.scope, test.platform, theirs!.id, true);
  await test.says(seer, "neighbors", both, { at: NOW + 30 * MINUTE_MS });
  await test.refresh(NOW + 30 * MINUTE_MS);
  deepEqual((await test.seen()).map(({ identity }) => identity), ["printer room"]);
  const [ignored] = await test.seen({ ignored: true });
  deepEqual([ignored!.identity, ignored!.ignoredBy], ["customer's", "user:test"]);
  equal(Date.parse(ignored!.lastSeenAt), NOW + 30 * MINUTE_MS);
  equal(Date.parse(ignored!.firstSeenAt), NOW);

  await test.says(seer, "neighbors", [], { at: NOW + MINUTE_MS });
  await test.refresh(NOW + 6 * 24 * 60 * MINUTE_MS);
  equal((await test.seen()).length, 1, "away for a while");
  await test.refresh(NOW + 8 * 24 * 60 * MINUTE_MS);
  equal((await test.seen()).length, 0);
  equal((await test.seen({ ignored: true })).length, 1);
  await ignoreSeenRouter(test.scope, test.platform, theirs!.id, false);
  equal((await test.seen()).length, 1);
});

Deno.test("neighbours: hostile words, empty readings, other tenants", async () => {
  await using test = await open();
  const seer = await test.device();
  const long = "<script>alert(1)</script>".repeat(100);
  await test.says(seer, "neighbors", [
    neighbor("64:D1:54:00:00:01", { identity: long, board: long, version: long, interface: long }),
    neighbor("", { identity: "" }),
    neighbor("x".repeat(4_000), { identity: "=cmd", address: "y".repeat(4_000) }),
  ]);
  const theirs = await test.device({}, test.globex);
  await test.says(theirs, "neighbors", [neighbor("64:D1:54:00:00:09")], {
    tenantId: test.globex,
  });
  await test.refresh();
  await test.refresh(NOW, test.globex);
  const seen = await test.seen();
  deepEqual(seen.map(({ identity }) => identity.length), [200, 4]);
  const globex = scopeOf(test.db, test.globex);
  const [foreign] = (await listSeenRouters(globex, { limit: 9 })).items;
  ok(!seen.some(({ id }) => id === foreign!.id));
  await rejects(ignoreSeenRouter(test.scope, test.platform, foreign!.id, true), NotFound);
  const few = { ...test.scope, permissions: new Set(["devices:read"] as const) };
  await rejects(listSeenRouters(few, { limit: 9 }), Forbidden);
});
