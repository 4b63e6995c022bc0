import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { changeDevices } from "@/core/bulk_edit/change_devices.ts";
import { compassPoint, type NewSector } from "@/core/contract/sectors.ts";
import { getDevice, updateDevice } from "@/core/devices/devices.ts";
import { retireDevice } from "@/core/devices/retirement.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { addSector, listSectors, removeSector, updateSector } from "./sectors.ts";
import { addSite, removeSite } from "./sites.ts";

async function open() {
  const test = await openInventory();
  const { scope, platform } = test;
  const site =
    (await addSite(scope, platform, { name: "Mast", latitude: 48.2, longitude: 16.4 })).id;
  return {
    ...test,
    site,
    add: (name: string, azimuth: number, more: Partial<NewSector> = {}, at = site) =>
      addSector(scope, platform, at, { name, azimuth, ...more }),
    put: (id: string, sectorId: string | null) => updateDevice(scope, platform, id, { sectorId }),
    sector: async (id: string) => (await getDevice(scope, id)).sector,
  };
}

Deno.test("sectors: where a site's antennas look, and which routers stand there", async () => {
  await using test = await open();
  const { scope, platform, site } = test;
  const south = await test.add("South", 180, { beamwidth: 90 });
  const north = await test.add("North", 0);
  const [first, second] = await listSectors(scope, site);
  deepEqual([first!.name, second!.name], ["North", "South"], "by azimuth");
  deepEqual([first!.site, first!.latitude, first!.beamwidth], ["Mast", 48.2, null]);
  await rejects(test.add("north", 90), Conflict);
  for (const azimuth of [-1, 360, 1.5, NaN]) {
    await rejects(test.add("x", azimuth), InvalidInput, String(azimuth));
  }
  await rejects(test.add("x", 0, { beamwidth: 361 }), InvalidInput);

  const device = await test.router("ap", { site: "Mast" });
  equal((await test.put(device.id, south.id)).sector, "South");
  deepEqual(await test.find("sector:south"), ["ap"]);
  equal((await listSectors(scope))[1]!.devices, 1);
  await updateSector(scope, platform, south.id, { name: "South-west", azimuth: 225 });
  equal(await test.sector(device.id), "South-west");
  await retireDevice(scope, platform, device.id);
  equal((await listSectors(scope))[1]!.devices, 0);
  await removeSector(scope, platform, south.id);
  const kept = await getDevice(scope, device.id);
  deepEqual([kept.sector, kept.site], [null, "Mast"], "its routers stay on the site");
  await removeSector(scope, platform, north.id);
  deepEqual((await test.actions()).filter((action) => action.startsWith("sector.")), [
    ...["sector.added", "sector.added", "sector.changed", "sector.removed", "sector.removed"],
  ]);
});

Deno.test("sectors: a router stands on one of its own site, and leaves it with the site", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const hill = (await addSite(scope, platform, { name: "Hill" })).id;
  const here = await test.add("East", 90);
  const there = await test.add("West", 270, {}, hill);
  const { id } = await test.router("ap", { site: "Mast" });
  const stray = await test.router("stray");
  await rejects(test.put(id, there.id), InvalidInput, "of another site");
  await rejects(test.put(stray.id, here.id), InvalidInput, "on no site");
  await rejects(test.put(id, crypto.randomUUID()), InvalidInput);
  await test.put(id, here.id);
  equal((await updateDevice(scope, platform, id, { name: "new name" })).sector, "East");
  equal((await updateDevice(scope, platform, id, { site: "Mast" })).sector, "East", "the same");
  equal(
    (await updateDevice(scope, platform, id, { site: "Hill", sectorId: there.id })).sector,
    "West",
  );
  await changeDevices(scope, platform, { ids: [id], change: { action: "site", site: "Mast" } });
  equal(await test.sector(id), null);
  await test.put(id, here.id);
  equal((await updateDevice(scope, platform, id, { site: null })).sectorId, null);
  await removeSite(scope, platform, hill);
  deepEqual(
    (await listSectors(scope)).map(({ name }) => name),
    ["East"],
    "they go with their site",
  );
});

Deno.test("site:= finds what stands right there, by path or id; site: with what is below", async () => {
  await using test = await open();
  await test.router("below", { site: "Mast / Cabinet" });
  await test.router("here", { site: "Mast" });
  deepEqual(await test.find("site:mast"), ["below", "here"]);
  deepEqual(await test.find(`site:${test.site}`), ["below", "here"]);
  deepEqual(await test.find("site:=mast"), ["here"]);
  deepEqual(await test.find(`site:=${test.site}`), ["here"]);
  deepEqual(await test.find('-site:="Mast / Cabinet"'), ["here"]);
});

Deno.test("sectors: need their right, and another tenant's are not there", async () => {
  await using test = await open();
  const globex = scopeOf(test.db, test.globex);
  const theirs = (await addSite(globex, test.platform, { name: "Theirs" })).id;
  const sector = await addSector(globex, test.platform, theirs, { name: "x", azimuth: 1 });
  await rejects(listSectors(test.scope, theirs), NotFound);
  await rejects(test.add("y", 1, {}, theirs), NotFound);
  await rejects(updateSector(test.scope, test.platform, sector.id, { azimuth: 2 }), NotFound);
  await rejects(removeSector(test.scope, test.platform, sector.id), NotFound);
  deepEqual(await listSectors(test.scope), []);
  const { id } = await test.router("mine", { site: "Mast" });
  await rejects(test.put(id, sector.id), InvalidInput);
  const viewer = scopeOf(test.db, test.acme, ["sites:read", "devices:read"]);
  await rejects(
    addSector(viewer, test.platform, test.site, { name: "x", azimuth: 1 }),
    Forbidden,
  );
  equal((await listSectors(viewer, test.site)).length, 0);
});

Deno.test("compassPoint() says where an antenna looks", () => {
  const points = [0, 22, 23, 90, 200, 338, 359].map(compassPoint).join();
  match(points, /^N,N,NE,E,S,N,N$/);
});
