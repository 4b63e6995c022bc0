import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { InvalidInput } from "@/core/errors.ts";
import { openTestDb, type TestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { type NewEvent, recordEvents } from "./events.ts";
import { exportEvents } from "./export_events.ts";
import { type EventQuery, listEvents } from "./list_events.ts";
import { tallyEvents, type Tell } from "./tally_events.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

function makeEvent(minute: number, rest: Partial<NewEvent> = {}): NewEvent {
  const message = `event ${minute}`;
  return {
    ...{ at: at(minute), kind: "device.online", severity: "info", message } as const,
    ...{ deviceId: null, deviceName: null },
    ...rest,
  };
}

async function record(test: TestDb, events: NewEvent[]): Promise<void> {
  await test.db.tenant(test.acme, (sql) => recordEvents(sql, test.acme, events));
}

Deno.test("listEvents() finds by kind, group, severity, router, site, time and text, in its own tenant", async () => {
  await using test = await openTestDb();
  const { db, acme, globex } = test;
  const site = crypto.randomUUID();
  await db.tenant(acme, async (sql) => {
    await sql`insert into sites ${sql({ id: site, tenant_id: acme, name: "Vienna" })}`;
    await sql`insert into sites ${sql({ tenant_id: acme, name: "North", parent_id: site })}`;
  });
  const [below] = await test.admin<{ id: string }[]>`select id from sites where name = 'North'`;
  const device = await insertDevice(test, acme, { site_id: below!.id });
  await record(test, [
    makeEvent(0, { kind: "region.dark", severity: "critical" }),
    makeEvent(1, { deviceId: device, deviceName: "Core <b>" }),
    makeEvent(2, { kind: "device.login", message: "admin logged in" }),
    makeEvent(3, { kind: "device.login_failed", severity: "warning", message: "100% no" }),
  ]);
  // Of a version to come: it belongs to the group that its first part names.
  await db.tenant(acme, (sql) =>
    sql`insert into events (tenant_id, at, kind, severity, message)
        values (${acme}, ${at(4)}::text::timestamptz, 'alert.fired', 'critical', 'x')`);
  const found = async (query: EventQuery) =>
    (await listEvents(scopeOf(db, acme), query)).events.map((event) =>
      Number(event.at.slice(14, 16))
    );
  deepEqual(await found({}), [4, 3, 2, 1, 0]);
  deepEqual(await found({ kinds: ["login"] }), [3, 2]);
  deepEqual(await found({ kinds: ["alert", "device.login"] }), [4, 2]);
  deepEqual(await found({ kinds: ["device"] }), [1]);
  deepEqual(await found({ severities: ["critical"] }), [4, 0]);
  deepEqual(await found({ deviceId: device }), [1]);
  deepEqual(await found({ site: "vienna" }), [1]);
  deepEqual(await found({ site: "Vienna / North" }), [1]);
  deepEqual(await found({ q: "CORE <B>" }), [1]);
  deepEqual(await found({ q: "100%" }), [3]);
  deepEqual(await found({ from: at(1), to: at(3) }), [2, 1]);
  deepEqual((await listEvents(scopeOf(db, globex))).events, []);
});

Deno.test("listEvents() pages without gaps or repeats, and says where a long search goes on", async () => {
  await using test = await openTestDb();
  const { db, acme } = test;
  // All at one time: the place in the list is told by the id.
  await record(test, Array.from({ length: 7 }, (_, n) => makeEvent(0, { message: `n${n}` })));
  const pagesOf = async (query: EventQuery, searched?: number) => {
    const pages: string[][] = [];
    let cursor: string | undefined;
    let partial = 0;
    do {
      const page = await listEvents(
        scopeOf(db, acme),
        { ...query, cursor, limit: 3 },
        searched === undefined ? {} : { searched },
      );
      pages.push(page.events.map(({ message }) => message));
      partial += page.isPartial ? 1 : 0;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return { pages, partial };
  };
  deepEqual((await pagesOf({})).pages, [["n6", "n5", "n4"], ["n3", "n2", "n1"], ["n0"]]);
  deepEqual(await pagesOf({ q: "n1" }, 2), { pages: [[], [], ["n1"], []], partial: 3 });
  await rejects(listEvents(scopeOf(db, acme), { cursor: "bm8" }), InvalidInput);
  const csv = (await Array.fromAsync(exportEvents(scopeOf(db, acme), { q: "n3" }))).join("");
  ok(
    /^at,last_at,.*\r\n2026-01-01T12:00:00.000Z,,1,info,device.online,Came online,,n3\r\n$/.test(
      csv,
    ),
    csv,
  );
});

const tell: Tell = (_, { count, values, hasMore }) => ({
  message: `${count} by ${values["user"]?.join("+")}${hasMore["user"] ? "…" : ""}`,
  severity: count > 100 ? "critical" : "warning",
});

Deno.test("tallyEvents() keeps one row for what repeats, however often and by however many", async () => {
  await using test = await openTestDb();
  const { db, acme } = test;
  const device = await insertDevice(test, acme);
  const fail = (user: string, minute = 0, tally = "w1") => ({
    ...{ at: at(minute), kind: "device.login_failed" as const, deviceName: "core" },
    ...{ deviceId: device, tally, seen: { user } },
  });
  const write = (events: ReturnType<typeof fail>[]) =>
    db.tenant(acme, (sql) => tallyEvents(sql, acme, events, tell));
  const [first] = await write([fail("ad\0min", 5)]);
  equal(first!.message, "1 by admin");
  const [second, other] = await write([fail("root", 7), fail("admin", 6), fail("x", 8, "w2")]);
  deepEqual(
    [second!.id, second!.message, second!.count, second!.at, second!.lastAt],
    [first!.id, "3 by admin+root", 3, at(5), at(7)],
  );
  equal(other!.message, "1 by x");
  // Two at once, as two consumers of the bus would.
  const many = (name: string) => Array.from({ length: 500 }, (_, n) => fail(`${name}${n}`, 9));
  await Promise.all([write(many("a")), write(many("b"))]);
  const { events } = await listEvents(scopeOf(db, acme), { kinds: ["login"] });
  deepEqual(events.map(({ count, severity }) => [count, severity]), [[1, "warning"], [
    1_003,
    "critical",
  ]]);
  ok(events[1]!.message.endsWith("…") && events[1]!.message.length < 200, events[1]!.message);
});
