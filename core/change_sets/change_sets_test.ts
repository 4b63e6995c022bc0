import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { createApiKey } from "@/core/api_keys/api_keys.ts";
import { RouterReader } from "@/core/config_editor/router_reader.ts";
import { readTable } from "@/core/config_editor/editor.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { PushRequest } from "@/core/contract/pushes.ts";
import { saveSettings } from "@/core/directory/tenants.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Scope } from "@/core/scope.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { linkTo } from "@/tests/support/linked_router.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import type { RouterHost } from "@/tools/sim/host.ts";
import { commentChangeSet, createChangeSet, listChangeSets } from "./change_sets.ts";
import { findConflicts } from "./conflicts.ts";
import { addChanges, editChange, undoChange } from "./edit_changes.ts";
import { pushChangeSet } from "./push_set.ts";
import { readChangeSet, revealChangeSet } from "./read_set.ts";
import { askForReview, reviewChangeSet } from "./review.ts";

const FILTER = "/ip/firewall/filter";

async function open(routers = 1) {
  const fleet = await startFleet({
    routers: Array.from({ length: routers }, (_, at) => ({
      ...{ board: "hex" as const, version: "7.18.2", identity: `edge-${at + 1}` },
    })),
  });
  const test = await openInventory();
  const hosts = new Map<string, RouterHost>();
  const ids: string[] = [];
  for (const [at, host] of fleet.routers.entries()) {
    const { id } = await test.router(`edge-${at + 1}`);
    hosts.set(id, host);
    ids.push(id);
  }
  const link = linkTo(hosts);
  const reader = new RouterReader({ link });
  const pushed: PushRequest[] = [];
  const refusals = new Map<string, Error>();
  const ended = new Set<string>();
  const deps = {
    ...{ kms: test.platform.kms, clock: test.platform.clock, routers: reader },
    startPush: (_: Scope, request: PushRequest) => {
      const refusal = refusals.get(request.deviceId);
      if (refusal) return Promise.reject(refusal);
      pushed.push(request);
      return Promise.resolve({ id: crypto.randomUUID() });
    },
    previewPush: () => Promise.reject(new Error("nobody previews here")),
    mayPushAgain: (_: Scope, id: string) => Promise.resolve(ended.has(id)),
  };
  const { scope } = test;
  const person = (name: string): Scope => ({ ...scope, actor: `user:${name}` });
  return {
    ...test,
    ...{ fleet, ids, link, deps, pushed, refusals, ended, person },
    router: fleet.routers[0]!.router,
    set: (name = "Changes") => createChangeSet(scope, deps, { name }).then(({ id }) => id),
    add: (id: string, command: ConfigCommand, seen?: Record<string, string>, at = 0) =>
      addChanges(scope, deps, id, {
        deviceId: ids[at]!,
        changes: [{ command, ...(seen && { seen }) }],
      }),
    read: (id: string) => readChangeSet(scope, deps, id),
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

const by = (id: string) => ({ by: "id", id }) as const;
const comment = (id: string, text: string): ConfigCommand => ({
  ...{ action: "set", menu: FILTER, target: by(id), attributes: { comment: text } },
});

Deno.test("change sets: collected with what the router held, merged, taken back", async () => {
  await using test = await open();
  const { deps, scope, ids } = test;
  const id = await test.set();
  const table = await readTable(scope, deps, ids[0]!, FILTER);
  const rule = table.items[1]!;
  await test.add(id, comment(rule.id!, "bad packets"), { comment: rule.values["comment"]! });
  await test.add(id, {
    ...{ action: "set", menu: FILTER, target: by(rule.id!) },
    attributes: { disabled: "yes" },
  });
  await test.add(id, {
    ...{ action: "add", menu: FILTER, before: by(rule.id!) },
    attributes: { chain: "input", action: "drop", protocol: "tcp", "dst-port": "8291" },
  });
  let set = await test.read(id);
  equal(set.pending.length, 2, "one a rule");
  equal(set.revision, 3);
  deepEqual(set.pending[0]!.command, {
    ...{ action: "set", menu: FILTER, target: by(rule.id!) },
    attributes: { comment: "bad packets", disabled: "yes" },
  });
  equal(set.pending[0]!.base!["comment"], "invalid");
  equal(set.pending[1]!.place, "invalid input drop");
  equal(test.link.opened, 1, "one login for all of it");
  await undoChange(scope, deps, id, set.pending[1]!.id);
  await test.add(id, comment(rule.id!, "invalid"));
  set = await test.read(id);
  deepEqual(set.pending.map(({ command }) => "attributes" in command && command.attributes), [
    { disabled: "yes" },
  ]);
  const list = await listChangeSets(scope, { filter: "open", device: ids[0], limit: 10 });
  deepEqual(list.items.map(({ changes, devices }) => [changes, devices]), [[1, 1]]);
  equal(list.counts.open, 1);
  const foreign = scopeOf(test.db, test.globex);
  await rejects(readChangeSet(foreign, deps, id), NotFound);
  await rejects(test.add(id, comment("*FFFF", "x")), /gone from the router/);
  await rejects(
    test.add(id, comment(rule.id!, "x"), { comment: "something else" }),
    /comment is "invalid" now, you saw "something else"/,
  );
  await rejects(
    test.add(id, { action: "add", menu: FILTER, attributes: { chain: "input" }, before: null }),
    InvalidInput,
  );
});

Deno.test("change sets: secrets are encrypted, hidden, kept, and revealed with a reason", async () => {
  await using test = await open();
  const { deps, scope, admin } = test;
  const id = await test.set();
  await test.add(id, {
    ...{ action: "add", menu: "/ppp/secret", before: null },
    attributes: { name: "branch", password: "correct horse" },
  });
  const [row] = await admin<{ sealed: Uint8Array }[]>`select sealed from change_set_changes`;
  equal(new TextDecoder().decode(row!.sealed).includes("horse"), false);
  const { pending: [change] } = await test.read(id);
  equal(JSON.stringify(change).includes("horse"), false);
  ok(change!.command.action === "add");
  await editChange(scope, deps, id, change!.id, {
    command: {
      ...change!.command,
      attributes: { ...change!.command.attributes, comment: "north" },
    },
  });
  const { pending: [revealed] } = await revealChangeSet(scope, deps, id, "a check");
  deepEqual(revealed!.command.action === "add" && revealed!.command.attributes, {
    ...{ name: "branch", password: "correct horse", comment: "north" },
  });
  const viewer = scopeOf(test.db, test.acme, ["configs:read"]);
  await rejects(revealChangeSet(viewer, deps, id, "curious"), Forbidden);
  await pushChangeSet(scope, deps, id, { revision: 2 });
  ok(JSON.stringify(test.pushed[0]!.commands).includes("correct horse"));
  const details = JSON.stringify(await test.actions());
  ok(details.includes("change_set.revealed"));
});

Deno.test("change sets: a conflict tells what was, what is and what is wanted", async () => {
  await using test = await open();
  const { deps, scope, router } = test;
  const rows = router.edit(FILTER);
  const rule = rows[1]!;
  const id = await test.set();
  await test.add(id, comment(String(rule[".id"]), "mine"));
  await test.add(id, { action: "remove", menu: FILTER, target: by(String(rows[2]![".id"])) });
  await test.add(id, {
    ...{ action: "move", menu: FILTER, target: by(String(rows[0]![".id"])) },
    before: by(String(rows[3]![".id"])),
  });
  await test.add(id, {
    ...{ action: "add", menu: "/ip/pool", before: null },
    attributes: { name: "guests", ranges: "10.9.0.2-10.9.0.99" },
  });
  deepEqual((await findConflicts(scope, deps, id)).items, []);
  rule["comment"] = "theirs";
  rows.splice(2, 2);
  router.edit("/ip/pool").push({ ".id": "*A", name: "guests", ranges: "10.8.0.2-10.8.0.9" });
  router.changed(FILTER, { kind: "removed", id: "*3", path: FILTER } as never);
  const { items } = await findConflicts(scope, deps, id);
  deepEqual(items.map(({ kind }) => kind).sort(), ["changed", "exists", "gone", "place_gone"]);
  const changed = items.find(({ kind }) => kind === "changed")!;
  deepEqual(changed.attributes, [
    { name: "comment", then: "invalid", now: "theirs", wanted: "mine" },
  ]);
  const { revision } = await test.read(id);
  await rejects(pushChangeSet(scope, deps, id, { revision }), /holds something else now/);
  equal(test.pushed.length, 0);
  await pushChangeSet(scope, deps, id, { revision, acceptConflicts: true });
  equal(test.pushed.length, 1);
});

Deno.test("change sets: four eyes, whatever key they look through; an edit drops the review", async () => {
  await using test = await open();
  const { deps, scope, ids, person, platform, admin } = test;
  await saveSettings(scope, platform as never, { requireChangeReview: true });
  const [user] = await admin<{ id: string }[]>`
    insert into users (tenant_id, email, name, role) values (${test.acme}, 'a@example.net', 'Ann',
      'admin') returning id`;
  const ann: Scope = { ...scope, actor: `user:${user!.id}` };
  const { key } = await createApiKey(ann, platform, { name: "k", permissions: ["configs:write"] });
  const id = await test.set();
  const command = comment(String(test.router.edit(FILTER)[1]![".id"]), "new");
  await addChanges(ann, deps, id, { deviceId: ids[0]!, changes: [{ command }] });
  await askForReview(ann, deps, id);
  equal((await listChangeSets(scope, { filter: "waiting", limit: 10 })).items.length, 1);
  const { revision, needsReview } = await test.read(id);
  ok(needsReview);
  const verdict = { verdict: "approve", revision } as const;
  await rejects(pushChangeSet(scope, deps, id, { revision }), /without a review/);
  await rejects(reviewChangeSet(ann, deps, id, verdict), Forbidden);
  const annsKey: Scope = { ...scope, actor: `key:${key.id}` };
  await rejects(reviewChangeSet(annsKey, deps, id, verdict), Forbidden, "her key is she");
  await rejects(reviewChangeSet(scope, deps, id, verdict), Forbidden, "who began it wrote it");
  await commentChangeSet(person("bob"), deps, id, { text: "looks fine" });
  await rejects(
    reviewChangeSet(person("bob"), deps, id, { ...verdict, revision: revision - 1 }),
    /edited it meanwhile/,
  );
  await reviewChangeSet(person("bob"), deps, id, { ...verdict, text: "approved" });
  equal((await test.read(id)).status, "reviewed");
  await addChanges(person("carl"), deps, id, {
    deviceId: ids[0]!,
    changes: [{ command: { ...command, attributes: { comment: "newer" } } as ConfigCommand }],
  });
  const edited = await test.read(id);
  equal(edited.status, "draft");
  equal(edited.reviewedBy, null);
  equal(edited.comments.length, 2);
  await rejects(pushChangeSet(scope, deps, id, { revision: edited.revision }), Conflict);
  await rejects(pushChangeSet(scope, deps, id, { revision }), /edited it meanwhile/);
  await rejects(
    reviewChangeSet(person("carl"), deps, id, { ...verdict, revision: edited.revision }),
    Forbidden,
  );
  await reviewChangeSet(person("bob"), deps, id, { ...verdict, revision: edited.revision });
  await pushChangeSet(person("carl"), deps, id, { revision: edited.revision });
  equal(test.pushed[0]!.source.kind, "change_set");
  const actions = (await test.actions()).filter((action) => action.startsWith("change_set."));
  deepEqual(actions, [
    ...["change_set.created", "change_set.edited", "change_set.review_asked"],
    ...["change_set.commented", "change_set.approved", "change_set.edited"],
    ...["change_set.approved", "change_set.pushed"],
  ]);
  await rejects(undoChange(scope, deps, id, edited.pending[0]!.id), /it was pushed/);
});

Deno.test("change sets: each router is a unit; who refused is pushed again, who did not is not", async () => {
  await using test = await open(2);
  const { deps, scope, ids, refusals, ended } = test;
  const id = await test.set();
  for (const at of [0, 1]) {
    await test.add(
      id,
      {
        ...{ action: "add", menu: "/ip/pool", before: null },
        attributes: { name: "guests", ranges: "10.9.0.2-10.9.0.99" },
      },
      undefined,
      at,
    );
  }
  const { revision } = await test.read(id);
  refusals.set(
    ids[1]!,
    new InvalidInput("Cannot push this", [{ path: "typedName", message: "type the name" }]),
  );
  const first = await pushChangeSet(scope, deps, id, { revision });
  deepEqual(first.map(({ pushId, problem }) => [pushId !== null, problem]), [
    [true, null],
    [false, "Cannot push this: type the name"],
  ]);
  const { routers, status } = await test.read(id);
  equal(status, "pushed");
  match(routers[1]!.push!.problem!, /type the name/);
  refusals.clear();
  const again = await pushChangeSet(scope, deps, id, { revision, typedNames: { [ids[1]!]: "x" } });
  deepEqual(again.map(({ deviceId }) => deviceId), [ids[1]]);
  deepEqual(test.pushed.map(({ typedName }) => typedName), [null, "x"]);
  await rejects(pushChangeSet(scope, deps, id, { revision }), /nothing waits/);
  ended.add(first[0]!.pushId!);
  equal((await pushChangeSet(scope, deps, id, { revision })).length, 1, "reverted: once more");
});

Deno.test("the editor reads what is there, bounded, with secrets hidden", async () => {
  await using test = await open();
  const { deps, scope, ids, router } = test;
  router.edit("/ppp/secret").push({ ".id": "*1", name: "a\u0000b", password: "correct horse" });
  const secrets = await readTable(scope, deps, ids[0]!, "/ppp/secret");
  deepEqual(secrets.items[0]!.secrets.includes("password"), true);
  equal(JSON.stringify(secrets).includes("horse"), false);
  const clock = await readTable(scope, deps, ids[0]!, "/system/identity");
  equal(clock.isSingle, true);
  equal(clock.items[0]!.id, null);
  const list = router.edit("/ip/firewall/address-list");
  for (let n = 0; n < 2_100; n++) {
    list.push({
      ...{ ".id": `*${(n + 16).toString(16).toUpperCase()}`, list: "bots", address: `10.0.0.${n}` },
      dynamic: n < 2_050 ? "true" : "false",
    });
  }
  const large = await readTable(scope, deps, ids[0]!, "/ip/firewall/address-list");
  equal(large.items.length, 50);
  match(large.note!, /Only the 50 static items are shown, of 2100/);
  await rejects(readTable(scope, deps, ids[0]!, "/no/such/menu"), /does not have this menu/);
  test.fleet.routers[0]!.router.setPassword("another");
  equal((await readTable(scope, deps, ids[0]!, "/ip/pool")).total >= 0, true, "kept session");
});
