import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { updateDevice } from "@/core/devices/devices.ts";
import { restoreDevice, retireDevice } from "@/core/devices/retirement.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { nestingProblem } from "@/core/fleet_query/named_groups.ts";
import { removeTag, updateTag } from "@/core/tags/tags.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { plantFleet } from "@/tests/support/plant_fleet.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { addGroup, getGroup, listGroups, removeGroup, updateGroup } from "./groups.ts";
import { changeMembers } from "./members.ts";
import { deviceIdsOfGroup } from "./read_groups.ts";

async function open() {
  const test = await openInventory();
  const { scope, platform, db } = test;
  return {
    ...test,
    group: (name: string, rule: string | null = null) => addGroup(scope, platform, { name, rule }),
    change: (id: string, patch: Parameters<typeof updateGroup>[3]) =>
      updateGroup(scope, platform, id, patch),
    choose: (id: string, add: string[], remove: string[] = []) =>
      changeMembers(scope, platform, id, { add, remove }),
    ids: (id: string) => db.tenant(scope.tenantId, (sql) => deviceIdsOfGroup(sql, id)),
  };
}

Deno.test("groups: chosen members, found by the query, counted, without retired ones", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const [one, two] = [await test.router("one"), await test.router("two")];
  await test.router("three");
  const { id } = await test.group("North ring");
  equal((await test.choose(id, [one.id, two.id, crypto.randomUUID()])).devices, 2);
  equal((await test.choose(id, [one.id])).devices, 2, "twice is once");
  deepEqual(await test.find('group:"north RING"'), ["one", "two"]);
  deepEqual(await test.find('-group:"north ring"'), ["three"]);
  deepEqual(await test.problems("group:nord"), ["There is no group nord"]);
  deepEqual(await test.find("-group:nord"), ["one", "three", "two"]);

  await retireDevice(scope, platform, one.id);
  deepEqual(await test.ids(id), [two.id]);
  equal((await getGroup(scope, id)).devices, 1);
  await restoreDevice(scope, platform, one.id);
  deepEqual(await test.ids(id), [one.id, two.id].sort());
  equal((await test.choose(id, [], [one.id])).devices, 1);
  await removeGroup(scope, platform, id);
  await rejects(test.ids(id), NotFound);
  deepEqual((await test.actions()).filter((action) => action.startsWith("group.")), [
    ...["group.added", "group.members_changed", "group.members_changed"],
    ...["group.members_changed", "group.removed"],
  ]);
});

Deno.test("groups: a rule fits what is so now, and follows the names it uses", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const one = await test.router("one", { tags: ["core"], site: "Vienna / North" });
  const two = await test.router("two", { site: "Vienna" });
  const core = await test.group("Core", "tag:core site:Vienna");
  deepEqual(await test.ids(core.id), [one.id]);
  await updateDevice(scope, platform, two.id, { tags: ["Core"] });
  deepEqual(await test.ids(core.id), [one.id, two.id].sort(), "at once");
  await updateDevice(scope, platform, one.id, { tags: [] });
  deepEqual(await test.find("group:core"), ["two"]);

  const rest = await test.group("Rest", "site:vienna -group:Core");
  deepEqual(await test.ids(rest.id), [one.id]);
  await updateTag(scope, platform, await tagId(test), { name: "back bone" });
  equal((await getGroup(scope, core.id)).rule, 'tag:"back bone" site:Vienna');
  await test.change(core.id, { name: "Heart" });
  equal((await getGroup(scope, rest.id)).rule, 'site:vienna -group:"Heart"');
  deepEqual(await test.ids(rest.id), [one.id]);
  await rejects(removeTag(scope, platform, await tagId(test)), /the group Heart names it/);
  await rejects(removeGroup(scope, platform, core.id), /the group Rest names it/);
  await rejects(test.choose(core.id, [one.id]), Conflict);
  await test.change(core.id, { rule: null });
  deepEqual(await test.ids(core.id), []);
  await test.choose(core.id, [one.id]);
  await test.change(core.id, { rule: 'tag:"back bone"' });
  await test.change(core.id, { rule: null });
  deepEqual(await test.ids(core.id), [], "a rule forgets the chosen ones");
});

/** Whether an error says why, in its message or in its issues. */
function because(reason: RegExp) {
  return (error: Error) => {
    const issues = error instanceof InvalidInput ? JSON.stringify(error.issues) : "";
    match(`${error.message} ${issues}`, reason);
    return true;
  };
}

async function tagId({ admin }: { admin: Awaited<ReturnType<typeof open>>["admin"] }) {
  const [tag] = await admin<{ id: string }[]>`select id from tags`;
  return tag!.id;
}

Deno.test("groups: rules in a circle are refused, however they come about", async () => {
  await using test = await open();
  const a = await test.group("a", "hex");
  const b = await test.group("b", "group:a");
  const c = await test.group("c", "-group:b x");
  await rejects(test.change(a.id, { rule: "group:a" }), because(/circle: a → a/));
  await rejects(test.change(a.id, { rule: "status:online group:C" }), because(/circle/));
  await rejects(test.group("d", "group:d2"), because(/names the group d2, which there is not/));
  await test.change(a.id, { rule: null });
  // Two at once, of which each alone is fine.
  await test.change(b.id, { rule: "x" });
  await test.change(c.id, { rule: "x" });
  const saves = await Promise.allSettled([
    test.change(b.id, { rule: "group:c" }),
    test.change(c.id, { rule: "group:b" }),
  ]);
  deepEqual(saves.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);

  const deep = new Map(
    [1, 2, 3, 4, 5].map((n) => [`g${n}`, {
      ...{ id: `${n}`, name: `g${n}`, rule: n === 1 ? "x" : `group:g${n - 1}` },
    }]),
  );
  match(nestingProblem(deep)!, /5 deep/);
  deep.delete("g5");
  equal(nestingProblem(deep), undefined);
  // A circle that got into the table all the same: it ends, and says so.
  await test.admin`update device_groups set rule = 'group:c' where id = ${b.id}`;
  await test.admin`update device_groups set rule = 'group:b' where id = ${c.id}`;
  deepEqual(await test.find("group:b"), []);
  match((await test.problems("group:b")).join(), /too many groups/);
});

Deno.test("groups: what cannot be a rule or a name is refused with its reason", async () => {
  await using test = await open();
  await test.group("There");
  for (
    const [name, rule, reason] of [
      ["x", "colour:red", /colour: is no filter/],
      ["x", "tag:none-such", /no tag none-such/],
      ["x", "status:retired", /no group has any/],
      ["x", '""', /is empty/],
      ["x", "r".repeat(501), /500/],
      ['a"b', null, /must not contain/],
      ["there", null, /one of this name/],
    ] as const
  ) {
    await rejects(test.group(name, rule), because(reason), `${name} ${rule}`);
  }
  equal((await listGroups(test.scope)).length, 1, "nothing half done");
  const viewer = scopeOf(test.db, test.acme, ["groups:read", "devices:read"]);
  await rejects(addGroup(viewer, test.platform, { name: "x" }), Forbidden);
  equal((await listGroups(viewer)).length, 1);
});

Deno.test("groups: another tenant's are not there, nor do its routers get in", async () => {
  await using test = await open();
  const globex = scopeOf(test.db, test.globex);
  const theirs = await addGroup(globex, test.platform, { name: "theirs", rule: "192" });
  const foreign = await test.router("foreign", {}, globex);
  await rejects(getGroup(test.scope, theirs.id), NotFound);
  await rejects(test.change(theirs.id, { name: "mine" }), NotFound);
  await rejects(test.choose(theirs.id, []), NotFound);
  await rejects(test.ids(theirs.id), NotFound);
  await rejects(removeGroup(test.scope, test.platform, theirs.id), NotFound);
  const mine = await test.group("mine");
  equal((await test.choose(mine.id, [foreign.id])).devices, 0);
  const rule = await test.group("by rule", "192");
  deepEqual(await test.ids(rule.id), []);
  equal((await getGroup(globex, theirs.id)).devices, 1);
});

Deno.test("groups: a hundred rules over a thousand routers are counted in bounded time", async () => {
  await using test = await open();
  const { acme, db, scope } = test;
  await plantFleet(db, {
    ...{ tenantId: acme, devices: 1_000, days: 0, fiveMinuteDays: 0, rawDevices: 0 },
    ...{ interfaces: 0, now: Date.now() },
  });
  await db.tenant(acme, (sql) =>
    sql`
    insert into device_groups (tenant_id, name, rule)
    select ${acme}, 'group ' || n, 'site:"Site ' || n || '" version:<7.16 health:>20 -hap'
    from generate_series(1, 100) n`);
  const began = performance.now();
  const groups = await listGroups(scope);
  const took = performance.now() - began;
  equal(groups.length, 102, "two were planted");
  console.log(`100 rules over 1,000 routers: ${took.toFixed(0)} ms`);
  equal(took < 5_000, true, `${took} ms`);
});

Deno.test("groups: a router is put into chosen ones as it is added, or it is not added at all", async () => {
  await using test = await open();
  const [north, south] = [await test.group("North"), await test.group("South")];
  const byRule = await test.group("By rule", "model:hex");
  const one = await test.router("one", { groups: [north.id, south.id, north.id] });
  deepEqual(await test.ids(north.id), [one.id]);
  deepEqual(await test.ids(south.id), [one.id]);
  for (const id of [byRule.id, crypto.randomUUID()]) {
    await rejects(test.router("two", { groups: [north.id, id] }), InvalidInput);
  }
  deepEqual(await test.find("two"), []);
});
