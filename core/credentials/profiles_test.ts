import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { importDevices } from "@/core/device_import/import_devices.ts";
import { addDevice, getDevice, updateDevice } from "@/core/devices/devices.ts";
import { exportDevices } from "@/core/devices/export_devices.ts";
import { listDevices } from "@/core/devices/list_devices.ts";
import { removeDevice, retireDevice } from "@/core/devices/retirement.ts";
import { getPollTarget, readCredential } from "@/core/devices/poll_targets.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { PERMISSIONS } from "@/core/scope.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { addProfile, getProfile, listProfiles, removeProfile, updateProfile } from "./profiles.ts";

const LOGIN = { username: "tod", password: "a secret of tests" };
const NO_READS = { reads: { note() {} }, purpose: "poll" as const };

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  return {
    ...test,
    ...{ platform, scope },
    profile: async (name = "Towers") => (await addProfile(scope, platform, { name, ...LOGIN })).id,
    router: (address: string, login: Record<string, string>, by = scope) =>
      addDevice(by, platform, { address, tlsMode: "plain", region: "default", ...login }),
    loginOf: async (deviceId: string) =>
      await readCredential(test.db, platform.kms, { tenantId: test.acme, deviceId }, NO_READS),
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("profiles: a router has a login of its own or a profile, and changes between them", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const profileId = await test.profile();
  const device = await test.router("192.0.2.1", { profileId });
  deepEqual([device.profile, device.profileId], ["Towers", profileId]);
  deepEqual(await test.loginOf(device.id), LOGIN);
  const before = (await getPollTarget(test.db, device.id))!.credentialAt;

  const own = { username: "own", password: "other" };
  equal((await updateDevice(scope, platform, device.id, own)).profile, null);
  deepEqual(await test.loginOf(device.id), own);
  await updateDevice(scope, platform, device.id, { profileId });
  deepEqual(await test.loginOf(device.id), LOGIN);
  ok((await getPollTarget(test.db, device.id))!.credentialAt !== before);
  const [row] = await test.admin`select ciphertext from device_credentials`;
  equal(row!["ciphertext"], null, "the own login is gone, not kept behind the profile");

  for (const login of [{}, { username: "x" }, { profileId, ...own }]) {
    await rejects(test.router("192.0.2.9", login as Record<string, string>), InvalidInput);
  }
  await rejects(updateDevice(scope, platform, device.id, { profileId, ...own }), InvalidInput);
  const nowhere = crypto.randomUUID();
  await rejects(test.router("192.0.2.9", { profileId: nowhere }), InvalidInput);
  equal((await listDevices(scope, { limit: 9, q: "profile:towers" })).total, 1);
});

Deno.test("profiles: the password is in no answer, list, export or audit entry", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const profileId = await test.profile();
  const device = await test.router("192.0.2.1", { profileId });
  const seen = JSON.stringify([
    ...await listProfiles(scope),
    await updateProfile(scope, platform, profileId, { password: "another secret of tests" }),
    await getDevice(scope, device.id),
    await Array.fromAsync(await exportDevices(scope, platform)),
  ]);
  match(seen, /Towers/);
  ok(!/secret of tests/.test(seen), seen);
  equal((await test.loginOf(device.id)).password, "another secret of tests");
  const stored = await test.admin<{ text: string }[]>`
    select encode(ciphertext, 'escape') as text from credential_profiles`;
  ok(!/secret of tests/.test(stored[0]!.text));
  const actions = await test.admin<{ action: string }[]>`
    select action from audit_log where tenant_id = ${test.acme} order by seq`;
  deepEqual(actions.map(({ action }) => action), [
    ...["credential_profile.added", "device.added", "credential_profile.changed"],
    "devices.exported",
  ]);
});

Deno.test("profiles: names are unique, another user name needs its password, one in use stays", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const profileId = await test.profile();
  await rejects(test.profile("TOWERS"), Conflict);
  await rejects(updateProfile(scope, platform, profileId, { username: "new" }), InvalidInput);
  const renamed = { name: "Masts", username: "new", password: "p" };
  equal((await updateProfile(scope, platform, profileId, renamed)).username, "new");
  const devices = [
    await test.router("192.0.2.1", { profileId }),
    await test.router("192.0.2.2", { profileId }),
  ];
  equal((await getProfile(scope, profileId)).devices, 2);
  await rejects(removeProfile(scope, platform, profileId), /Masts: 2 routers log in with it/);
  await retireDevice(scope, platform, devices[0]!.id);
  await rejects(
    removeProfile(scope, platform, profileId),
    /2 routers log in with it/,
    "for restoring",
  );
  await removeDevice(scope, platform, devices[0]!.id, devices[0]!.address);
  await rejects(removeProfile(scope, platform, profileId), /1 router logs in with it/);
  await updateDevice(scope, platform, devices[1]!.id, LOGIN);
  await removeProfile(scope, platform, profileId);
  deepEqual(await listProfiles(scope), []);
});

Deno.test("profiles: an import takes them by name, from the row or for all rows", async () => {
  await using test = await open();
  const { scope, platform } = test;
  await test.profile();
  const text = "address,user,password,profile\n192.0.2.1,,,towers\n192.0.2.2,a,b,\n" +
    "192.0.2.3,,,nowhere\n192.0.2.4,,,\n";
  const report = await importDevices(scope, platform, { text, defaults: { profile: "Towers" } });
  deepEqual(report.rows.map(({ result }) => result), ["added", "added", "bad", "added"]);
  equal(report.rows[2]!.reason, "profile: there is no nowhere");
  const { items } = await listDevices(scope, { limit: 9, sort: "address" });
  deepEqual(items.map(({ profile }) => profile), ["Towers", null, "Towers"]);

  const csv = (await Array.fromAsync(await exportDevices(scope, platform))).join("");
  await test.admin`delete from devices`;
  equal((await importDevices(scope, platform, { text: csv, defaults: LOGIN })).counts.added, 3);
  equal((await listProfiles(scope))[0]!.devices, 2);
});

Deno.test("profiles: only who may see them gives them, and another tenant's are not there", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const profileId = await test.profile();
  const device = await test.router("192.0.2.1", { profileId });
  const few = { ...scope, permissions: new Set(["devices:read", "devices:write"] as const) };
  await rejects(test.router("192.0.2.2", { profileId }, few), Forbidden);
  // Its password would go to the new address.
  await rejects(updateDevice(few, platform, device.id, { address: "192.0.2.3" }), Forbidden);
  equal((await updateDevice(few, platform, device.id, { name: "Tower" })).name, "Tower");
  await rejects(addProfile(few, platform, { name: "x", ...LOGIN }), Forbidden);
  await rejects(listProfiles(few), Forbidden);
  const plan = await importDevices(few, platform, {
    ...{ text: "address,profile\n192.0.2.4,towers\n", defaults: {} },
  });
  equal(plan.counts.bad, 1);

  const globex = scopeOf(test.db, test.globex, PERMISSIONS);
  deepEqual(await listProfiles(globex), []);
  await rejects(test.router("192.0.2.1", { profileId }, globex), InvalidInput);
  await rejects(updateProfile(globex, platform, profileId, { name: "y" }), NotFound);
  await rejects(removeProfile(globex, platform, profileId), NotFound);
});
