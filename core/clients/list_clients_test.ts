import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { FILTERS } from "@/tests/support/client_searches.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { plantClients } from "@/tests/support/plant_clients.ts";
import { watchPlans } from "@/tests/support/plan_spy.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { InvalidInput } from "@/core/errors.ts";
import { CLIENT_SORTS } from "@/core/contract/clients.ts";
import { addressRange } from "./address_range.ts";
import { listClients } from "./list_clients.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const CLIENTS = 30_000;

Deno.test({
  name:
    "listClients() finds by any part, pages by every order, and reads no big table from end to end",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using test = await openTestDb();
    const { db, acme, globex } = test;
    for (const name of ["core 1", "core 2", "edge"]) await insertDevice(test, acme, { name });
    await insertDevice(test, globex, { name: "theirs" });
    await plantClients(db, acme, { clients: CLIENTS, now: NOW });
    await plantClients(db, globex, { clients: 100, now: NOW });
    await test.admin`analyze`;
    const watched = watchPlans(db);
    const scope = scopeOf(watched.db, acme);
    const find = (q: string, rest: object = {}) =>
      listClients(scope, { q, limit: 50, nowMs: NOW, ...rest });

    await t.step("searches", async () => {
      const scanned: string[] = [];
      for (const [q, fits] of FILTERS) {
        const { items, problems } = await find(q);
        const cut = problems.filter((text) => text.includes("means very many clients"));
        deepEqual(problems.length, cut.length, q);
        ok(items.length > 0, `${q} finds nothing`);
        for (const item of items) ok(fits(item), `${q} found ${JSON.stringify(item)}`);
        scanned.push(
          ...watched.scanned().filter((table) => table.startsWith("client")).map((table) =>
            `${q}: ${table}`
          ),
        );
      }
      deepEqual(scanned, []);
    });

    await t.step("orders", async () => {
      for (const sort of CLIENT_SORTS) {
        for (const order of ["asc", "desc"] as const) {
          const whole = await find("vendor:apple", { sort, order, limit: 120 });
          const macs: string[] = [];
          let cursor: string | undefined;
          while (macs.length < 120) {
            const page = await find("vendor:apple", { sort, order, cursor, limit: 50 });
            macs.push(...page.items.map(({ macAddress }) => macAddress));
            cursor = page.nextCursor!;
          }
          deepEqual(macs.slice(0, 120), whole.items.map(({ macAddress }) => macAddress), sort);
          deepEqual(watched.scanned().filter((table) => table.startsWith("client")), [], sort);
        }
      }
    });

    await t.step("counts, problems and cursors", async () => {
      const all = await find("");
      deepEqual([all.total, all.hasMore], [1_000, true]);
      const [first] = all.items;
      const one = await find(first!.macAddress);
      deepEqual([one.total, one.hasMore, one.items[0]!.isHere], [1, false, true]);
      equal((await find("is:router")).total, 0);
      equal((await find("iphone")).problems.length, 1);
      equal((await find("is:away")).items.length, 50);
      equal((await find("ip:300.1.1.1")).problems.length, 1);
      equal((await find("is:nothing")).problems.length, 1);
      for (const hostile of ["'; drop table clients; --", "%", "\\", "a\u0000b", "(((", "‮"]) {
        equal((await find(`${hostile} name:"${hostile.replaceAll('"', "")}"`)).total, 0);
      }
      await rejects(find("", { cursor: "nonsense" }), InvalidInput);
      const forged = btoa(JSON.stringify(["new desc", "x", "y"])).replace(/=+$/, "");
      await rejects(find("", { cursor: forged }), InvalidInput);
      await rejects(find("", { cursor: all.nextCursor!, sort: "name" }), InvalidInput);
    });

    await t.step("another tenant", async () => {
      const theirs = await listClients(scopeOf(db, globex), { q: "", limit: 500, nowMs: NOW });
      equal(theirs.items.length, 100);
      equal((await find("router:theirs")).total, 0);
    });
  },
});

Deno.test("addressRange() reads addresses, networks and beginnings of one", () => {
  deepEqual(addressRange("10.0.0.5"), ["10.0.0.5", "10.0.0.5"]);
  deepEqual(addressRange("10.20.30.40/16"), ["10.20.0.0", "10.20.255.255"]);
  deepEqual(addressRange("10.20"), ["10.20.0.0", "10.20.255.255"]);
  deepEqual(addressRange("192.168.1."), ["192.168.1.0", "192.168.1.255"]);
  deepEqual(addressRange("0.0.0.0/0"), ["0.0.0.0", "255.255.255.255"]);
  deepEqual(addressRange("2001:db8::/32"), [
    "2001:db8:0:0:0:0:0:0",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
  ]);
  deepEqual(addressRange("::ffff:10.0.0.1"), ["0:0:0:0:0:ffff:a00:1", "0:0:0:0:0:ffff:a00:1"]);
  for (
    const text of ["", "10", "10.0.0.256", "10.0.0.0/33", "1/2/3", "::/129", "x", "7.18.2.1.1"]
  ) {
    equal(addressRange(text), undefined, text);
  }
});
