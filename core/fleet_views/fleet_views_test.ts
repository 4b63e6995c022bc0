import { deepEqual, equal, rejects } from "node:assert/strict";
import { columnsOf, fleetAddress, type NewFleetView } from "@/core/contract/fleet_views.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { updateTag } from "@/core/tags/tags.ts";
import type { Scope } from "@/core/scope.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { addView, listViews, removeView, updateView } from "./fleet_views.ts";

async function open() {
  const test = await openInventory();
  const ann = { ...test.scope, actor: "user:ann" };
  const bob: Scope = { ...scopeOf(test.db, test.acme, ["devices:read"]), actor: "user:bob" };
  return {
    ...test,
    ...{ ann, bob },
    add: (by: Scope, input: NewFleetView) => addView(by, test.platform, input),
    names: async (by: Scope) => (await listViews(by)).map(({ name }) => name),
  };
}

Deno.test("views: one's own are one's own, shared ones everybody's", async () => {
  await using test = await open();
  const { ann, bob, platform } = test;
  const own = await test.add(ann, { name: "Mine", query: "tag:core", columns: ["name", "cpu"] });
  deepEqual([own.isOwn, own.isShared, own.sort, own.order], [true, false, "status", "asc"]);
  const shared = await test.add(ann, { name: "Ours", isShared: true });
  await test.add(bob, { name: "mine" });
  deepEqual(await test.names(ann), ["Mine", "Ours"]);
  deepEqual(await test.names(bob), ["mine", "Ours"]);
  await rejects(test.add(bob, { name: "MINE" }), Conflict);

  await rejects(updateView(bob, platform, own.id, { name: "x" }), NotFound);
  await rejects(removeView(bob, platform, own.id), NotFound);
  await rejects(updateView(bob, platform, shared.id, { name: "x" }), Forbidden);
  await rejects(removeView(bob, platform, shared.id), Forbidden);
  await rejects(test.add(bob, { name: "x", isShared: true }), Forbidden);
  const carl = { ...ann, actor: "user:carl" };
  await updateView(carl, platform, shared.id, { query: "status:offline" });
  equal((await updateView(carl, platform, shared.id, { isShared: false })).isShared, false);
  deepEqual(await test.names(carl), [], "it went back to whose it is");
  deepEqual(await test.names(ann), ["Mine", "Ours"]);
  await removeView(ann, platform, own.id);
  deepEqual(await test.actions(), ["view.shared", "view.changed", "view.changed"]);
});

Deno.test("views: bounded, checked, and still true when a tag gets another name", async () => {
  await using test = await open();
  const { ann, platform } = test;
  for (
    const input of [
      { name: "" },
      { name: "a\nb" },
      { name: "x", sort: "password" },
      { name: "x", columns: ["secret"] },
      { name: "x", query: "q".repeat(501) },
    ]
  ) await rejects(test.add(ann, input as NewFleetView), InvalidInput, JSON.stringify(input));
  const device = await test.router("one", { tags: ["core"] });
  const view = await test.add(ann, { name: "x", query: "tag:core -tag:CORE" });
  await updateTag(test.scope, platform, device.tags[0]!.id, { name: "heart of it" });
  const [now] = await listViews(ann);
  equal(now!.query, 'tag:"heart of it" -tag:"heart of it"');
  await test.admin`update fleet_views set columns = '{name,dropped_since}' where id = ${view.id}`;
  deepEqual((await listViews(ann))[0]!.columns, ["name"]);
  await test.admin`
    insert into fleet_views (tenant_id, owner, name)
    select ${test.acme}, 'user:ann', 'v' || n from generate_series(1, 49) n`;
  await rejects(test.add(ann, { name: "one more" }), /50 is the limit/);
});

Deno.test("views: another tenant's are not there, be they shared", async () => {
  await using test = await open();
  const globex = scopeOf(test.db, test.globex);
  const { id } = await test.add(globex, { name: "theirs", isShared: true });
  deepEqual(await test.names(test.scope), []);
  await rejects(updateView(test.scope, test.platform, id, { name: "x" }), NotFound);
  await rejects(removeView(test.scope, test.platform, id), NotFound);
});

Deno.test("fleetAddress() and columnsOf(): an address says all that is shown, and no more", () => {
  deepEqual(columnsOf(["cpu,name", "cpu", "evil"]), ["name", "cpu"]);
  deepEqual(columnsOf(["cpu"]), ["name", "cpu"], "a row without a name is none");
  deepEqual(columnsOf([]), []);
  const state = { q: 'tag:"a b"', sort: "cpu", order: "desc", columns: ["name"] } as const;
  const url = new URL(fleetAddress(state, { view: "1" }), "http://localhost");
  deepEqual(Object.fromEntries(url.searchParams), {
    ...{ q: 'tag:"a b"', sort: "cpu", order: "desc", columns: "name", view: "1" },
  });
});
