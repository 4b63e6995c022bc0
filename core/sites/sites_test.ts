import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { addDevice, getDevice, updateDevice } from "@/core/devices/devices.ts";
import { listDevices } from "@/core/devices/list_devices.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { PERMISSIONS } from "@/core/scope.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { addSite, listSites, removeSite, updateSite } from "./sites.ts";

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  const add = async (name: string, parentId: string | null = null) =>
    (await addSite(scope, platform, { name, parentId })).id;
  return {
    ...test,
    ...{ platform, scope, add },
    paths: async () => (await listSites(scope)).map(({ path }) => path),
    router: (address: string, site?: string, by = scope) =>
      addDevice(by, platform, {
        ...{ address, username: "tod", password: "x", tlsMode: "plain", region: "default" },
        ...(site && { site }),
      }),
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("sites: a tree whose paths follow every move and name", async () => {
  await using test = await open();
  const { scope, platform, add } = test;
  const customer = await add("Vienna Water");
  const north = await add("North", customer);
  const mast = await add("Mast", north);
  const other = await add("Graz Rail");
  deepEqual(await test.paths(), [
    "Graz Rail",
    "Vienna Water",
    "Vienna Water / North",
    "Vienna Water / North / Mast",
  ]);
  await updateSite(scope, platform, north, { name: "North hill", parentId: other });
  deepEqual(await test.paths(), [
    "Graz Rail",
    "Graz Rail / North hill",
    "Graz Rail / North hill / Mast",
    "Vienna Water",
  ]);

  const below = { parentId: mast };
  await rejects(updateSite(scope, platform, other, below), InvalidInput, "below itself");
  await rejects(updateSite(scope, platform, mast, below), InvalidInput, "itself");
  await rejects(add("north HILL", other), Conflict);
  await rejects(add("a / b"), InvalidInput);
  await rejects(addSite(scope, platform, { name: "x", latitude: 3 }), InvalidInput);
  await rejects(removeSite(scope, platform, other), /holds 1 site/);
  let deepest = mast;
  for (let depth = 4; depth <= 8; depth += 1) deepest = await add("deeper", deepest);
  await rejects(add("too deep", deepest), /Cannot place/);
  await rejects(
    updateSite(scope, platform, north, { parentId: customer }).then(() =>
      updateSite(scope, platform, customer, { parentId: other })
    ),
    /Cannot place/,
    "what stands below would be too deep",
  );
});

Deno.test("sites: two moves at once close no circle", async () => {
  await using test = await open();
  const { scope, platform, add } = test;
  for (let round = 0; round < 10; round += 1) {
    const [a, b] = [await add(`a${round}`), await add(`b${round}`)];
    const moves = await Promise.allSettled([
      updateSite(scope, platform, a, { parentId: b }),
      updateSite(scope, platform, b, { parentId: a }),
    ]);
    equal(moves.filter(({ status }) => status === "fulfilled").length, 1);
  }
});

Deno.test("sites: routers are placed by path or by a name that only one site has", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const device = await test.router("192.0.2.1", "Vienna Water / North");
  equal(device.site, "Vienna Water / North");
  equal((await test.router("192.0.2.2", "north")).siteId, device.siteId);
  await test.router("192.0.2.3", "Graz Rail / South");
  await test.router("192.0.2.4");
  const at = async (q: string) => (await listDevices(scope, { q, limit: 10 })).total;
  deepEqual(
    [await at('site:"vienna water"'), await at("site:south"), await at('site:"Graz Rail / North"')],
    [2, 1, 0],
  );
  const graz = (await listSites(scope)).find(({ name }) => name === "Graz Rail")!;
  await updateSite(scope, platform, graz.id, { name: "Rail" });
  equal(await at("site:rail"), 1);
  const [moved] = (await listDevices(scope, { q: "site:rail", limit: 1 })).items;
  equal(moved!.site, "Rail / South");
  await rejects(removeSite(scope, platform, device.siteId!), /holds 2 routers/);
  equal((await updateDevice(scope, platform, device.id, { site: null })).siteId, null);

  const few = { ...scope, permissions: new Set(["devices:read", "devices:write"] as const) };
  await rejects(test.router("192.0.2.5", "Nowhere", few), InvalidInput);
  equal((await test.router("192.0.2.5", "Rail", few)).site, "Rail");
  await rejects(addSite(few, platform, { name: "x" }), Forbidden);
});

Deno.test("sites: another tenant's are not there, neither as parent nor for routers", async () => {
  await using test = await open();
  const globex = scopeOf(test.db, test.globex, PERMISSIONS);
  const theirs = await addSite(globex, test.platform, { name: "Theirs" });
  const mine = await test.add("Mine");
  await rejects(test.add("x", theirs.id), InvalidInput);
  for (
    const act of [
      () => updateSite(test.scope, test.platform, theirs.id, { name: "y" }),
      () => removeSite(test.scope, test.platform, theirs.id),
    ]
  ) await rejects(act(), NotFound);
  await rejects(
    updateSite(test.scope, test.platform, mine, { parentId: theirs.id }),
    InvalidInput,
  );
  const device = await test.router("192.0.2.1", "Theirs");
  match((await getDevice(test.scope, device.id)).siteId!, /./);
  equal((await listSites(globex))[0]!.devices, 0);
  const actions = await test.admin<{ action: string }[]>`
    select action from audit_log where tenant_id = ${test.acme} order by seq`;
  deepEqual(actions.map(({ action }) => action), ["site.added", "site.added", "device.added"]);
});
