import { deepEqual, equal, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import type { ClientReading, DeviceSample, WirelessClient } from "@/core/contract/sample.ts";
import type { Db } from "@/core/ports/db.ts";
import { openTestDb, type TestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { silentLog } from "@/tests/support/log.ts";
import { makeInterface, makeSample } from "@/tests/support/samples.ts";
import { ClientHistory } from "./client_history.ts";
import { ClientMemory } from "./client_memory.ts";
import { pruneClients } from "./prune_clients.ts";

const START = Date.parse("2026-03-01T12:00:00Z");
const MAC = "A4:CF:12:00:00:01";
const minutes = (count: number) => START + count * 60_000;

const reading = (rest: Partial<ClientReading> = {}): ClientReading => ({
  ...{
    macAddress: MAC,
    addresses: ["10.0.0.5"],
    port: "ether2",
    interface: "bridge",
    isHere: true,
  },
  ...rest,
});
const whole = (...clients: ClientReading[]): Partial<DeviceSample> => ({
  clients: { clients, isCut: false },
});
const radioOf = (ssid: string, client: Partial<WirelessClient> = {}): Partial<DeviceSample> => ({
  wireless: {
    drivers: ["wifi"],
    radios: [],
    clients: [{
      ...{ interface: "wifi1", macAddress: MAC, ssid, signalDbm: -60, snrDb: null },
      ...{ ccqPercent: null, txRateBps: null, rxRateBps: null, uptimeSeconds: 1, lastIp: null },
      ...client,
    }],
  },
});

/** A history on a database whose transactions are counted. */
function historyOf(db: Db) {
  const counted = { transactions: 0 };
  const watched: Db = Object.create(db);
  watched.tenant = (tenantId, work) => {
    counted.transactions += 1;
    return db.tenant(tenantId, work);
  };
  const history = new ClientHistory({ db: watched, log: silentLog, registry: new Registry() });
  return { history, counted };
}

async function stays({ db, acme }: TestDb, mac = MAC): Promise<unknown[][]> {
  const rows = await db.tenant(acme, (sql) =>
    sql<Record<string, string | boolean | Date>[]>`
      select d.address as router, s.interface, s.ssid, host(s.ip) as ip, s.first_seen, s.last_seen,
        s.is_open
      from client_sightings s join devices d on d.id = s.device_id
      where s.mac = ${mac}::text::macaddr order by s.first_seen, s.id`);
  const minute = (at: unknown) => ((at as Date).getTime() - START) / 60_000;
  return rows.map((row) => [
    ...[row["router"], row["interface"], row["ssid"], row["ip"]],
    ...[minute(row["first_seen"]), minute(row["last_seen"]), row["is_open"]],
  ]);
}

const test_ = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });

test_(
  "ClientHistory keeps stays, not readings: who does not move costs one write in a quarter of an hour",
  async () => {
    await using test = await openTestDb();
    const id = await insertDevice(test, test.acme, { address: "192.0.2.1" });
    const { history, counted } = historyOf(test.db);
    for (let at = 0; at <= 60; at += 5) {
      await history.record(test.acme, [makeSample(id, minutes(at), whole(reading()))]);
    }
    // The memory is filled, then written at 0, 15, 30, 45 and 60 minutes.
    equal(counted.transactions, 1 + 5);
    deepEqual(await stays(test), [["192.0.2.1", "ether2", null, "10.0.0.5", 0, 60, true]]);
    // Told again, as a bus may: nothing new.
    await history.record(test.acme, [makeSample(id, minutes(60), whole(reading()))]);
    equal(counted.transactions, 6);
  },
);

test_("ClientHistory closes a stay by a move, with the time it was last seen there", async () => {
  await using test = await openTestDb();
  const id = await insertDevice(test, test.acme, { address: "192.0.2.1" });
  const { history } = historyOf(test.db);
  await history.record(test.acme, [makeSample(id, minutes(0), whole(reading()))]);
  await history.record(test.acme, [makeSample(id, minutes(5), whole(reading()))]);
  await history.record(test.acme, [
    makeSample(id, minutes(6), { ...radioOf("guest"), ...whole(reading({ port: "wifi1" })) }),
  ]);
  // A radio alone knows no address, which is no move.
  await history.record(test.acme, [makeSample(id, minutes(7), radioOf("guest"))]);
  await history.record(test.acme, [makeSample(id, minutes(8), radioOf("staff"))]);
  deepEqual(await stays(test), [
    ["192.0.2.1", "ether2", null, "10.0.0.5", 0, 5, false],
    ["192.0.2.1", "wifi1", "guest", "10.0.0.5", 6, 7, false],
    ["192.0.2.1", "wifi1", "staff", "10.0.0.5", 8, 8, true],
  ]);
});

test_(
  "ClientHistory forgives a short absence, ends a long one, and learns what another process wrote",
  async () => {
    await using test = await openTestDb();
    const id = await insertDevice(test, test.acme, { address: "192.0.2.1" });
    const { history } = historyOf(test.db);
    const tell = (at: number, ...clients: ClientReading[]) =>
      history.record(test.acme, [makeSample(id, minutes(at), whole(...clients))]);
    await tell(0, reading());
    await tell(5, reading());
    await tell(10);
    await tell(14, reading());
    deepEqual(await stays(test), [["192.0.2.1", "ether2", null, "10.0.0.5", 0, 0, true]]);
    await tell(20);
    await tell(25);
    deepEqual(await stays(test), [["192.0.2.1", "ether2", null, "10.0.0.5", 0, 14, false]]);
    await tell(40, reading());
    // Another process, without memory: the open stay goes on.
    const other = historyOf(test.db);
    await other.history.record(test.acme, [makeSample(id, minutes(60), whole(reading()))]);
    deepEqual((await stays(test)).slice(1), [[
      "192.0.2.1",
      "ether2",
      null,
      "10.0.0.5",
      40,
      60,
      true,
    ]]);
  },
);

test_(
  "ClientHistory knows the best place: a radio before a port, a port before an address, no trunk",
  async () => {
    await using test = await openTestDb();
    const { acme, db } = test;
    const [ap, aSwitch, core] = await Promise.all(
      ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map((address) =>
        insertDevice(test, acme, { address })
      ),
    ) as [string, string, string];
    const { history } = historyOf(db);
    const uplink = {
      ...{ interface: "ether1", address: null, macAddress: "48:A9:8A:00:00:09", identity: "ap" },
      ...{ platform: "MikroTik", board: null, version: null, remoteInterface: null },
      discoveredBy: "mndp",
    };
    await history.record(acme, [
      makeSample(core, minutes(0), whole(reading({ port: undefined, interface: "vlan10" }))),
      makeSample(aSwitch, minutes(0), {
        ...whole(reading({ port: "ether1", addresses: [] })),
        neighbors: [uplink],
        interfaces: [makeInterface("ether1", 0, 0, { macAddress: "48:A9:8A:00:00:77" })],
      }),
      makeSample(ap, minutes(0), { ...whole(reading({ port: "wifi1" })), ...radioOf("guest") }),
    ]);
    await history.record(acme, [
      makeSample(core, minutes(1), whole(reading({ port: undefined, interface: "vlan20" }))),
    ]);
    // The switch sees it on the port to the access point: that is no place.
    deepEqual((await stays(test)).map(([router, port]) => `${router} ${port}`).sort(), [
      ...["192.0.2.1 wifi1", "192.0.2.3 vlan10", "192.0.2.3 vlan20"],
    ]);
    const rows = await db.tenant(
      acme,
      (sql) =>
        sql<{ mac: string; kind: string; router: string; interface: string }[]>`
      select upper(c.mac::text) as mac, c.kind, d.address as router, c.interface from clients c
      join devices d on d.id = c.device_id order by c.mac`,
    );
    deepEqual(rows.map(({ mac, kind, router, interface: port }) => [mac, kind, router, port]), [
      ["48:A9:8A:00:00:77", "router", "192.0.2.2", "ether1"],
      [MAC, "client", "192.0.2.1", "wifi1"],
    ]);
    // Its access point fell silent: after a while the next best place counts.
    await history.record(acme, [
      makeSample(core, minutes(60), whole(reading({ port: undefined, interface: "vlan20" }))),
    ]);
    const [moved] = await db.tenant(
      acme,
      (sql) =>
        sql<
          { interface: string }[]
        >`select interface from clients where mac = ${MAC}::text::macaddr`,
    );
    equal(moved!.interface, "vlan20");
  },
);

test_(
  "ClientHistory survives hostile text, samples in one batch, a lost database and removed routers",
  async () => {
    await using test = await openTestDb();
    const { acme, db } = test;
    const id = await insertDevice(test, acme, { address: "192.0.2.1" });
    const hostile = `<script>alert(1)</script>‮=cmd|'/C'${"x".repeat(5_000)}`;
    let isDown = true;
    const flaky: Db = Object.create(db);
    flaky.tenant = (tenantId, work) =>
      isDown ? Promise.reject(new Error("away")) : db.tenant(tenantId, work);
    const history = new ClientHistory({ db: flaky, log: silentLog, registry: new Registry() });
    const samples = [0, 1, 2].map((at) =>
      makeSample(
        id,
        minutes(at),
        whole(reading({
          ...{ port: `ether${at}`, hostName: hostile, comment: hostile, addresses: ["nonsense"] },
        })),
      )
    );
    await history.record(acme, samples);
    isDown = false;
    await history.record(acme, [
      ...samples,
      makeSample(crypto.randomUUID(), minutes(2), whole(reading())),
    ]);
    deepEqual((await stays(test)).map(([, port, , ip]) => [port, ip]), [
      ["ether0", null],
      ["ether1", null],
      ["ether2", null],
    ]);
    const [row] = await db.tenant(
      acme,
      (sql) => sql<{ name: string; vendor: string }[]>`select name, vendor from clients`,
    );
    equal(row!.name, hostile.slice(0, 255));
    equal(row!.vendor, "Espressif Inc.");
  },
);

test_("pruneClients() forgets what is older than the retention, and nothing else", async () => {
  await using test = await openTestDb();
  const { acme, db } = test;
  const id = await insertDevice(test, acme);
  const { history } = historyOf(db);
  const DAY = 1_440;
  await history.record(acme, [
    makeSample(id, minutes(0), whole(reading(), reading({ macAddress: "A4:CF:12:00:00:02" }))),
  ]);
  await history.record(acme, [
    makeSample(id, minutes(80 * DAY), whole(reading({ port: "ether3" }))),
  ]);
  const count = async () => {
    const [row] = await db.tenant(acme, (sql) =>
      sql<{ clients: number; sightings: number }[]>`
        select (select count(*)::int from clients) as clients,
          (select count(*)::int from client_sightings) as sightings`);
    return [row!.clients, row!.sightings];
  };
  deepEqual(await count(), [2, 3]);
  await pruneClients(db, acme, 90, minutes(89 * DAY));
  deepEqual(await count(), [2, 3]);
  await pruneClients(db, acme, 90, minutes(92 * DAY));
  deepEqual(await count(), [1, 1]);
});

Deno.test("ClientMemory is bounded: what was longest unheard of goes first", () => {
  const memory = new ClientMemory(3);
  const observation = (deviceId: string, count: number) => ({
    ...{ deviceId, atMs: START, isWhole: true, own: [] },
    sightings: Array.from({ length: count }, (_, at) => ({
      ...{ mac: `02:00:00:00:00:0${at}`, kind: "client" as const, vendor: null, name: null },
      ...{ text: "", ip: null, ip6: null, ips: [], interface: "ether1", ssid: null, vlan: null },
      ...{ isWireless: false, rank: 1 },
    })),
  });
  for (const id of ["a", "b", "c"]) {
    memory.learn([id], []);
    memory.apply(observation(id, 2));
  }
  deepEqual(memory.unknown(["a", "b", "c"]), ["a", "b"]);
  ok(memory.apply(observation("c", 2)).seen.length === 0);
});
