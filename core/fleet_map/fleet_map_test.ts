import { deepEqual, equal, match, rejects } from "node:assert/strict";
import type { Topology } from "@/core/contract/topology.ts";
import { Forbidden, NotFound } from "@/core/errors.ts";
import { addSector } from "@/core/sites/sectors.ts";
import { addSite } from "@/core/sites/sites.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { countsQuery, readFleetMap } from "./fleet_map.ts";
import { listPlaceRouters } from "./place_routers.ts";

const NOWHERE: Topology = { nodes: [], links: [], sites: [], computedAt: null };

Deno.test("map: routers stand on their site or the nearest above with coordinates", async () => {
  await using test = await openTestDb();
  await using platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  const site = async (name: string, parentId: string | null, at?: [number, number]) => {
    const [latitude, longitude] = at ?? [null, null];
    return (await addSite(scope, platform, { name, parentId, latitude, longitude })).id;
  };
  const customer = await site("Customer", null, [48.2, 16.4]);
  const cabinet = await site("Cabinet", await site("Floor", customer));
  const mast = await site("Mast", customer, [48.3, 16.5]);
  const lost = await site("Lost", null);
  const foreign = await addSite(scopeOf(test.db, test.globex), platform, {
    ...{ name: "Theirs", latitude: 1, longitude: 1 },
  });
  const ids: string[] = [];
  for (const site_id of [customer, cabinet, mast, mast, lost, null]) {
    ids.push(await insertDevice(test, test.acme, { site_id }));
  }
  await insertDevice(test, test.globex, { site_id: foreign.id });
  await test.db.tenant(test.acme, async (sql) => {
    await sql`update device_latest set status = 'offline' where device_id = ${ids[2]!}`;
    await sql`update devices set is_enabled = false where id = ${ids[1]!}`;
  });

  const end = (node: string) => ({
    ...{
      node,
      interface: "ether1",
      isRunning: true,
      speedBps: 1,
      rxBps: 1,
      txBps: 1,
      seenAt: null,
    },
  });
  const link = (a: string, b: string, utilisationPercent: number | null) => ({
    ...{ id: crypto.randomUUID(), kind: "wired", a: end(a), b: end(b), alsoOn: [], goneAt: null },
    ...{ firstSeenAt: "", lastSeenAt: "", utilisationPercent },
  });
  const topology = {
    ...NOWHERE,
    nodes: ids.map((key, index) => ({
      key,
      siteId: [customer, cabinet, mast, mast, lost, null][index]!,
    })),
    links: [
      { ...link(ids[1]!, ids[2]!, null), state: "stale" },
      { ...link(ids[3]!, ids[0]!, 40), state: "both" },
      { ...link(ids[0]!, ids[1]!, 90), state: "both" }, // within one place
      { ...link(ids[0]!, ids[4]!, 90), state: "both" }, // to nowhere
      { ...link(ids[0]!, ids[2]!, 99), state: "gone" },
    ],
  } as unknown as Topology;
  await addSector(scope, platform, cabinet, { name: "South", azimuth: 180 });
  await addSector(scope, platform, lost, { name: "Nowhere", azimuth: 1 });
  await addSector(scopeOf(test.db, test.globex), platform, foreign.id, { name: "X", azimuth: 2 });
  const topologies = { read: () => Promise.resolve(topology) };
  const map = await readFleetMap(scope, { topologies });
  const none = { online: 0, offline: 0, unknown: 0, pending: 0, disabled: 0 };
  deepEqual(map.places.map(({ path, counts }) => [path, counts]), [
    ["Customer", { ...none, pending: 1, disabled: 1 }],
    ["Customer / Mast", { ...none, offline: 1, pending: 1 }],
  ]);
  deepEqual(map.unplaced, [{ siteId: lost, path: "Lost", devices: 1 }]);
  equal(map.withoutSite, 1);
  deepEqual(map.sectors.map(({ siteId, name, azimuth }) => [siteId, name, azimuth]), [
    [customer, "South", 180],
  ], "where its site's routers stand; none of a site that stands nowhere");
  const [a, b] = [customer, mast].sort();
  deepEqual(map.links, [{ a, b, links: 2, state: "both", utilisationPercent: 40 }]);

  const here = await listPlaceRouters(scope, customer);
  deepEqual([here.total, here.items.map(({ id }) => id)], [2, [ids[0], ids[1]]], "not the mast's");
  equal(here.items[1]!.status, "disabled");
  equal((await listPlaceRouters(scope, mast)).items[0]!.status, "offline", "the worst first");
  await rejects(listPlaceRouters(scope, foreign.id), NotFound);

  const few = scopeOf(test.db, test.acme, ["sites:read"]);
  const unread = { read: () => Promise.reject(new Forbidden("must not be asked")) };
  deepEqual((await readFleetMap(few, { topologies: unread })).links, []);
  await rejects(readFleetMap(scopeOf(test.db, test.acme, []), { topologies }), Forbidden);

  await test.db.tenant(test.acme, async (sql) => {
    await sql`set local enable_seqscan = off`;
    const plan = await sql<{ "QUERY PLAN": string }[]>`explain ${countsQuery(sql)}`;
    match(plan.map((row) => row["QUERY PLAN"]).join("\n"), /Index.*devices/);
  });
});
