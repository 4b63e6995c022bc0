import { deepEqual, equal, rejects } from "node:assert/strict";
import { exportDevices } from "@/core/devices/export_devices.ts";
import { getDevice, updateDevice } from "@/core/devices/devices.ts";
import { importDevices } from "@/core/device_import/import_devices.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Permission } from "@/core/scope.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { addTag, listTags, removeTag, updateTag } from "./tags.ts";

Deno.test("tags: made on the way, found by the query, counted, renamed, taken off", async () => {
  await using test = await openInventory();
  const { scope, platform } = test;
  const one = await test.router("one", { tags: ["Core", "Backhaul link"] });
  await test.router("two", { tags: ["core"] });
  await test.router("three");
  deepEqual(one.tags.map(({ name }) => name), ["Backhaul link", "Core"]);
  deepEqual(await test.find("tag:CORE"), ["one", "two"]);
  deepEqual(await test.find('tag:core tag:"backhaul link"'), ["one"]);
  deepEqual(await test.find("-tag:core"), ["three"]);
  deepEqual(await test.problems("tag:cor"), ["There is no tag cor"]);
  const tags = await listTags(scope);
  deepEqual(tags.map(({ name, devices }) => [name, devices]), [["Backhaul link", 1], ["Core", 2]]);
  equal(new Set(tags.map(({ color }) => color)).size, 2, "told apart by colour");

  const core = tags[1]!.id;
  await updateTag(scope, platform, core, { name: "Spine", color: "red" });
  deepEqual(await test.find("tag:spine"), ["one", "two"]);
  await rejects(updateTag(scope, platform, core, { name: "backhaul LINK" }), Conflict);
  await rejects(addTag(scope, platform, { name: "SPINE" }), Conflict);
  for (const name of ["", "a,b", 'a"b', "a\nb", "x".repeat(51)]) {
    await rejects(addTag(scope, platform, { name }), InvalidInput, JSON.stringify(name));
  }
  await updateDevice(scope, platform, one.id, { tags: ["Spine", "New"] });
  const now = await getDevice(scope, one.id);
  deepEqual(now.tags.map(({ name, color }) => `${name} ${color}`).length, 2);
  equal(now.revision, 2);
  await removeTag(scope, platform, core);
  deepEqual((await getDevice(scope, one.id)).tags.map(({ name }) => name), ["New"]);
  await removeTag(scope, platform, tags[0]!.id);
  deepEqual((await test.actions()).filter((action) => action.startsWith("tag.")), [
    ...["tag.added", "tag.changed", "tag.added", "tag.removed", "tag.removed"],
  ]);
});

Deno.test("tags: who may not make them chooses among those that there are", async () => {
  await using test = await openInventory();
  await addTag(test.scope, test.platform, { name: "core" });
  const few: Permission[] = ["devices:read", "devices:write"];
  const scope = scopeOf(test.db, test.acme, few);
  await rejects(test.router("one", { tags: ["core", "edge"] }, scope), InvalidInput);
  equal((await test.router("one", { tags: ["Core"] }, scope)).tags[0]!.name, "core");
  await rejects(addTag(scope, test.platform, { name: "x" }), Forbidden);
  await rejects(listTags(scope), Forbidden);
  const report = await importDevices(scope, test.platform, {
    text: "address,user,password,tags\n192.0.2.50,a,b,core; edge\n192.0.2.51,a,b,core\n",
  });
  deepEqual(report.rows.map(({ result }) => result), ["bad", "added"]);
});

Deno.test("tags: an export's column is an import's column", async () => {
  await using test = await openInventory();
  await test.router("one", { tags: ["b", "A tag"] });
  let csv = "";
  for await (const piece of await exportDevices(test.scope, test.platform)) csv += piece;
  const [, tags] = csv.split("\r\n").map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)[4]);
  equal(tags, '"A tag, b"');
  const globex = scopeOf(test.db, test.globex);
  await importDevices(globex, test.platform, {
    ...{ text: csv, defaults: { username: "tod", password: "x", tags: ["imported"] } },
  });
  deepEqual((await listTags(globex)).map(({ name, devices }) => [name, devices]), [
    ...[["A tag", 1], ["b", 1], ["imported", 1]] as const,
  ]);
  deepEqual(await test.find("tag:b tag:imported", globex), ["one"]);
});

Deno.test("tags: another tenant's are not there", async () => {
  await using test = await openInventory();
  const globex = scopeOf(test.db, test.globex);
  const { id } = await addTag(globex, test.platform, { name: "theirs" });
  await rejects(updateTag(test.scope, test.platform, id, { name: "mine" }), NotFound);
  await rejects(removeTag(test.scope, test.platform, id), NotFound);
  deepEqual(await listTags(test.scope), []);
  const device = await test.router("one", { tags: ["theirs"] });
  equal(device.tags[0]!.id === id, false, "one of this name is made here");
  await rejects(
    test.db.tenant(test.acme, (sql) =>
      sql`
      insert into device_tags (tenant_id, device_id, tag_id)
      values (${test.acme}, ${device.id}, ${id})`),
    /foreign key/,
  );
});
