import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { getAuditEntry } from "@/core/audit/get_audit_entry.ts";
import { listAudit } from "@/core/audit/list_audit.ts";
import type { BulkChange, BulkRequest } from "@/core/contract/bulk.ts";
import { getDevice } from "@/core/devices/devices.ts";
import { retireDevice } from "@/core/devices/retirement.ts";
import { Conflict, Forbidden, InvalidInput, NotFound, Unavailable } from "@/core/errors.ts";
import { addGroup } from "@/core/groups/groups.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { changeDevices } from "./change_devices.ts";
import { getBulkChange, listBulkChanges } from "./results.ts";

async function open() {
  const test = await openInventory();
  const { scope, platform } = test;
  const ids: string[] = [];
  for (const name of ["a", "b", "c"]) ids.push((await test.router(name)).id);
  const run = (input: BulkRequest, by = scope) => changeDevices(by, platform, input);
  return {
    ...test,
    ids,
    run,
    /** Changes routers chosen by id; answers the counts. */
    change: async (change: BulkChange, some = ids) => {
      const { changed, unchanged, refused } = await run({ ids: some, change });
      return [changed, unchanged, refused];
    },
  };
}

Deno.test("bulk: each change reaches every chosen router, and only what differs counts", async () => {
  await using test = await open();
  const { scope, platform, ids } = test;
  const [a, b] = ids as [string, string];
  deepEqual(await test.change({ action: "tags", add: ["x", "y"], remove: [] }), [3, 0, 0]);
  deepEqual(await test.change({ action: "tags", add: ["X"], remove: ["y"] }, [a]), [1, 0, 0]);
  deepEqual(await test.change({ action: "tags", add: ["x"], remove: [] }), [0, 3, 0]);
  deepEqual(await test.find("tag:x -tag:y"), ["a"]);
  const { id: groupId } = await addGroup(scope, platform, { name: "ring" });
  deepEqual(await test.change({ action: "group", groupId, isMember: true }, [a, b]), [2, 0, 0]);
  deepEqual(await test.change({ action: "group", groupId, isMember: false }, ids), [2, 1, 0]);
  deepEqual(await test.change({ action: "site", site: "Vienna / North" }), [3, 0, 0]);
  deepEqual(await test.change({ action: "site", site: null }, [b]), [1, 0, 0]);
  deepEqual(await test.find("site:vienna"), ["a", "c"]);
  deepEqual(await test.change({ action: "interval", pollIntervalSeconds: 60 }), [3, 0, 0]);
  deepEqual(await test.change({ action: "polling", isEnabled: false }, [a]), [1, 0, 0]);
  deepEqual(await test.find("status:disabled"), ["a"]);
  const device = await getDevice(scope, a);
  deepEqual([device.pollIntervalSeconds, device.revision], [60, 6]);
  deepEqual(await test.change({ action: "retire" }), [3, 0, 0]);
  deepEqual(await test.find(""), []);
  deepEqual(await test.change({ action: "restore" }, [a, b]), [2, 0, 0]);
  deepEqual(await test.find(""), ["a", "b"]);
});

Deno.test("bulk: pollers hear of what concerns them, of each router once", async () => {
  await using test = await open();
  const [a, b, c] = test.ids as [string, string, string];
  const heard = test.hear(4);
  await test.change({ action: "tags", add: ["quiet"], remove: [] });
  await test.change({ action: "region", region: "east" }, [a, b]);
  deepEqual(
    (await heard).sort(),
    [
      ...[`removed default ${a}`, `removed default ${b}`, `upsert east ${a}`, `upsert east ${b}`],
    ].sort(),
  );
  const retired = test.hear(1);
  await test.change({ action: "retire" }, [c]);
  deepEqual(await retired, [`upsert default ${c}`]);
});

Deno.test("bulk: what cannot be done is refused row by row, and stays readable with its reason", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const [a, b] = test.ids as [string, string];
  await retireDevice(scope, platform, a);
  await test.router("heir", { address: (await getDevice(scope, a)).address });
  const gone = crypto.randomUUID();
  const { id } = await test.run({ ids: [a, b, gone], change: { action: "restore" } });
  const result = await getBulkChange(scope, id, { limit: 10 });
  deepEqual([result.changed, result.unchanged, result.refused], [0, 1, 2]);
  const reasons = new Map(result.rows.map((row) => [row.deviceId, row.reason]));
  match(reasons.get(a)!, /another router is managed at its address/);
  match(reasons.get(gone)!, /no such router/);
  const refused = await getBulkChange(scope, id, { result: "refused", limit: 1 });
  equal(refused.rows.length, 1);
  const rest = await getBulkChange(scope, id, {
    ...{ result: "refused", after: refused.nextAfter!, limit: 1 },
  });
  deepEqual([rest.rows.length, rest.nextAfter], [1, null]);
  equal((await listBulkChanges(scope, 5))[0]!.id, id);

  const many = Array.from({ length: 19 }, (_, n) => `t${n}`);
  await test.change({ action: "tags", add: many, remove: [] }, [b]);
  deepEqual(await test.change({ action: "tags", add: ["u", "v"], remove: [] }), [2, 0, 1]);
  equal((await getDevice(scope, b)).tags.length, 19);
});

Deno.test("bulk: all that fit a query, unless others fit by now than were seen", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const change = { action: "site", site: "North" } as const;
  await rejects(test.run({ q: "192.0.2", expected: 2, change }), /3 fit the search by now, not 2/);
  await rejects(test.run({ q: "colour:x", expected: 3, change }), InvalidInput);
  await rejects(test.run({ q: "tag:typo", expected: 3, change }), InvalidInput);
  await rejects(test.run({ q: "a", change }), InvalidInput);
  await rejects(test.run({ change }), InvalidInput);
  await rejects(test.run({ ids: [], change }), InvalidInput);
  deepEqual(await test.find("site:north"), [], "nothing was done");
  const { id, changed } = await test.run({ q: "192.0.2", expected: 3, change });
  equal(changed, 3);
  const { items } = await listAudit(scope);
  const entries = items.filter(({ action }) => action === "device.bulk_changed");
  equal(entries.length, 1, "one entry");
  equal(entries[0]!.targetId, id);
  const details = (await getAuditEntry(scope, platform, entries[0]!.seq)).details!;
  deepEqual([details["changed"], details["query"], details["change"]], [3, "192.0.2", change]);
  const events = await test.admin`select message from events where device_id is null`;
  match(events[0]!["message"], /3 routers were changed at once: Put on the site North/);
});

Deno.test("bulk: needs its rights, cannot be done unaudited, and stays within the tenant", async () => {
  await using test = await open();
  const { db, acme, ids, platform } = test;
  const viewer = scopeOf(db, acme, ["devices:read", "groups:write"]);
  await rejects(test.run({ ids, change: { action: "retire" } }, viewer), Forbidden);
  const { id: groupId } = await addGroup(test.scope, platform, { name: "ring" });
  const few = scopeOf(db, acme, ["devices:read", "devices:write"]);
  const join = { action: "group", groupId, isMember: true } as const;
  await rejects(test.run({ ids, change: join }, few), Forbidden);
  await rejects(test.run({ ids, change: { action: "site", site: "new" } }, few), InvalidInput);
  const byRule = await addGroup(test.scope, platform, { name: "rule", rule: "x" });
  await rejects(test.run({ ids, change: { ...join, groupId: byRule.id } }), Conflict);
  const encrypt = () => Promise.reject(new Unavailable("KMS away"));
  const broken = { ...platform, kms: { encrypt } as unknown as Kms };
  await rejects(
    changeDevices(test.scope, broken, { ids, change: { action: "retire" } }),
    /KMS away/,
  );
  equal((await test.find("")).length, 3);

  const globex = scopeOf(db, test.globex);
  const { id, changed, refused } = await test.run({ ids, change: { action: "retire" } }, globex);
  deepEqual([changed, refused], [0, 3]);
  await rejects(test.run({ ids, change: join }, globex), NotFound);
  await rejects(getBulkChange(test.scope, id, { limit: 1 }), NotFound);
  deepEqual(await listBulkChanges(test.scope, 5), []);
});

Deno.test("bulk: ten thousand routers are one transaction of a few seconds", async () => {
  await using test = await openInventory();
  await test.db.tenant(test.acme, (sql) =>
    sql`
    insert into devices (tenant_id, address, port, tls_mode)
    select ${test.acme}, 'router-' || n, 8729, 'pinned' from generate_series(1, 10000) n`);
  const began = performance.now();
  const { changed } = await changeDevices(test.scope, test.platform, {
    ...{ q: "", expected: 10_000, change: { action: "tags", add: ["a", "b"], remove: [] } },
  });
  const took = performance.now() - began;
  equal(changed, 10_000);
  console.log(`two tags on 10,000 routers: ${took.toFixed(0)} ms`);
  ok(took < 15_000, `${took} ms`);
});
