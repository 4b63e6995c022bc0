import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import type { NeighborReading } from "@/core/contract/sample.ts";
import type { TopologyLink } from "@/core/contract/topology.ts";
import { getDevice } from "@/core/devices/devices.ts";
import { removeDevice, retireDevice } from "@/core/devices/retirement.ts";
import { Forbidden, NotFound } from "@/core/errors.ts";
import type { TenantId } from "@/core/scope.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { findPath } from "./find_path.ts";
import { refreshTopology } from "./jobs.ts";
import { listPositions, placeNodes, resetPositions } from "./positions.ts";
import { fleetQuery } from "./read_fleet.ts";
import { linksQuery, nodesQuery, portsQuery } from "./read_topology.ts";
import { Topologies } from "./topology.ts";

const START = Date.parse("2026-03-01T12:00:00Z");
const MINUTE = 60_000;
const mac = (index: number, port: number) => `48:A9:8A:00:0${index}:0${port}`;

async function open() {
  const test = await openTestDb();
  let nowMs = START;
  const clock = { now: () => nowMs, monotonic: () => nowMs, sleep: () => Promise.resolve() };
  const platform = await openTestPlatform(test.db, [], { clock });
  const topologies = new Topologies({ ...platform, staleMs: 15 * MINUTE });
  const scope = scopeOf(test.db, test.acme);
  /** Devices with ports ether1 to ether3; `neighbors` is what each says. */
  const add = async (index: number, tenantId: TenantId = test.acme) => {
    const rest = { name: `router-${index}`, address: `10.0.0.${index}` };
    const id = await insertDevice(test, tenantId, rest);
    const ports = [1, 2, 3].map((port) => ({
      ...{ name: `ether${port}`, type: "ether", macAddress: mac(index, port), isRunning: true },
      ...{ speedBps: 1e9, rxBps: 1e8 * port, txBps: null },
    }));
    await say(id, "interfaces", ports, tenantId);
    return id;
  };
  const say = async (id: string, section: string, data: unknown, tenantId = test.acme) => {
    await test.db.tenant(tenantId, (sql) =>
      sql`
      insert into device_state (tenant_id, device_id, section, sampled_at, data)
      values (${tenantId}, ${id}, ${section}, ${new Date(nowMs)}, ${sql.json(data as never)})
      on conflict (tenant_id, device_id, section) do update
        set sampled_at = excluded.sampled_at, data = excluded.data`);
  };
  const sees = (
    id: string,
    list: [port: number, index: number, far: number, rest?: Partial<NeighborReading>][],
    tenantId?: TenantId,
  ) =>
    say(
      id,
      "neighbors",
      list.map(([port, index, far, rest]) => ({
        ...{ interface: `ether${port}`, address: `10.0.0.${index}`, macAddress: mac(index, far) },
        ...{ identity: `id-${index}`, platform: "MikroTik", board: "hEX", version: "7.18" },
        ...{ remoteInterface: `ether${far}`, discoveredBy: "lldp", ...rest },
      })),
      tenantId,
    );
  return {
    ...test,
    ...{ platform, topologies, scope, add, sees },
    refresh: (tenantId: TenantId = test.acme) => refreshTopology(platform, tenantId),
    pass: (ms: number) => {
      nowMs += ms;
      topologies.forget(test.acme);
    },
    read: async () => {
      topologies.forget(test.acme);
      return await topologies.read(scope);
    },
    async [Symbol.asyncDispose]() {
      await topologies[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

const brief = ({ a, b, state }: TopologyLink) =>
  `${[a, b].map(({ interface: name }) => name ?? "?").sort().join("=")} ${state}`;

Deno.test("topology: a link has one row from its first word to its last", async () => {
  await using test = await open();
  const [one, two] = [await test.add(1), await test.add(2)];
  await test.sees(one, [[1, 2, 2, { remoteInterface: null, macAddress: null }]]);
  equal(await test.refresh(), true);
  equal(await test.refresh(), false, "nothing was said since");
  let [link] = (await test.read()).links;
  equal(brief(link!), "?=ether1 one_side");
  const { id, firstSeenAt } = link!;

  test.pass(MINUTE);
  await test.sees(two, [[2, 1, 1]]);
  equal(await test.refresh(), true);
  [link] = (await test.read()).links;
  equal(brief(link!), "ether1=ether2 both");
  deepEqual(
    [link!.id, link!.firstSeenAt],
    [id, firstSeenAt],
    "the same cable, now with both ports",
  );
  // ether2 of the second: 200 Mbps of 1 Gbps; ether1 of the first has less.
  equal(link!.utilisationPercent, 20);

  test.pass(16 * MINUTE);
  equal(brief((await test.read()).links[0]!), "ether1=ether2 stale");
  await test.sees(one, []);
  await test.sees(two, []);
  await test.refresh();
  [link] = (await test.read()).links;
  equal(brief(link!), "ether1=ether2 gone");
  test.pass(25 * 60 * MINUTE);
  deepEqual((await test.read()).links, [], "a day later it is out of the picture");
  await test.sees(one, [[1, 2, 2]]);
  await test.refresh();
  [link] = (await test.read()).links;
  deepEqual([link!.id, link!.firstSeenAt, link!.goneAt], [id, firstSeenAt, null], "back again");
});

Deno.test("topology: another tenant's routers are strangers, and nobody reads the other's picture", async () => {
  await using test = await open();
  const own = await test.add(1);
  await test.add(2, test.globex);
  await test.sees(own, [[1, 2, 2]]);
  await test.refresh();
  await test.refresh(test.globex);
  const { nodes, links } = await test.read();
  deepEqual(nodes.map(({ kind }) => kind).sort(), ["device", "unmanaged"]);
  equal(links.length, 1);
  equal(nodes.find(({ kind }) => kind === "unmanaged")!.key, `mac:${mac(2, 2)}`);
  const theirs = await test.topologies.read(scopeOf(test.db, test.globex));
  deepEqual([theirs.nodes.length, theirs.links.length], [1, 0]);
  await rejects(test.topologies.read(scopeOf(test.db, test.acme, ["fleet:read"])), Forbidden);
});

Deno.test("topology: a removed router takes its links along; its neighbour then sees a stranger", async () => {
  await using test = await open();
  const [one, two] = [await test.add(1), await test.add(2)];
  await test.sees(one, [[1, 2, 2]]);
  await test.sees(two, [[2, 1, 1]]);
  await test.refresh();
  await retireDevice(test.scope, test.platform, two);
  const without = await test.read();
  deepEqual([without.nodes.length, without.links.length], [1, 0], "retired");
  const { address } = await getDevice(test.scope, two);
  await removeDevice(test.scope, test.platform, two, address);
  equal((await test.read()).links.length, 0);
  test.pass(MINUTE);
  await test.sees(one, [[1, 2, 2]]);
  await test.refresh();
  const { nodes, links } = await test.read();
  deepEqual([nodes.length, links.length, links[0]!.state], [2, 1, "one_side"]);
});

Deno.test("topology: nodes are placed for everybody, foreign ones never", async () => {
  await using test = await open();
  const [own, foreign] = [await test.add(1), await test.add(2, test.globex)];
  await test.sees(own, [[1, 3, 1]]);
  await test.refresh();
  const { scope, platform } = test;
  const stranger = `mac:${mac(3, 1)}`;
  await placeNodes(scope, platform, [{ node: own, x: 1, y: 2 }, { node: stranger, x: 3, y: 4.5 }]);
  await placeNodes(scope, platform, [{ node: own, x: 7, y: 8 }]);
  deepEqual(
    await listPositions(scope),
    [
      { node: own, x: 7, y: 8 },
      { node: stranger, x: 3, y: 4.5 },
    ].sort((x, y) => x.node < y.node ? -1 : 1),
  );
  for (const node of [foreign, "mac:00", `site:${foreign}`]) {
    await rejects(placeNodes(scope, platform, [{ node, x: 0, y: 0 }]), NotFound);
  }
  const viewer = scopeOf(test.db, test.acme, ["topology:read"]);
  await rejects(placeNodes(viewer, platform, [{ node: own, x: 0, y: 0 }]), Forbidden);
  await resetPositions(scope, platform);
  deepEqual(await listPositions(scope), []);
});

Deno.test("topology: the path over the fewest links, doubtful ones last, never to another tenant", async () => {
  await using test = await open();
  const ids: string[] = [];
  for (const index of [1, 2, 3, 4, 5]) ids.push(await test.add(index));
  const [one, two, three, four, five] = ids as [string, string, string, string, string];
  // 1 - 2 - 3 - 4, and a short cut 1 - 4 that nobody saw lately; 5 stands alone.
  await test.sees(one, [[3, 4, 3]]);
  await test.refresh();
  test.pass(20 * MINUTE);
  await test.sees(two, [[1, 1, 1], [2, 3, 1]]);
  await test.sees(three, [[1, 2, 2], [2, 4, 1]]);
  await test.sees(four, [[1, 3, 2]]);
  // The first one still says what it said: its words are as old as the short cut.
  await test.refresh();
  const topology = await test.read();
  const way = (from: string, to: string) => {
    const { hops, isDoubtful } = findPath(topology, from, to);
    return [
      hops?.map(({ from, to }) => `${from.name} ${from.interface} > ${to.name} ${to.interface}`),
      isDoubtful,
    ];
  };
  deepEqual(way(one, four), [[
    "router-1 ether1 > router-2 ether1",
    "router-2 ether2 > router-3 ether1",
    "router-3 ether2 > router-4 ether1",
  ], false]);
  deepEqual(way(one, one), [[], false]);
  deepEqual(way(one, five), [undefined, false]);
  const only = { ...topology, links: topology.links.filter(({ state }) => state === "stale") };
  deepEqual(findPath(only, four, one).hops?.length, 1);
  equal(findPath(only, four, one).isDoubtful, true);
  const foreign = await test.add(6, test.globex);
  for (const pair of [[one, foreign], [foreign, one], [one, "mac:x"]]) {
    let problem: unknown;
    try {
      findPath(topology, pair[0]!, pair[1]!);
    } catch (error) {
      problem = error;
    }
    ok(problem instanceof NotFound);
  }
});

Deno.test("topology: JSON made in slices is what was read", async () => {
  await using test = await open();
  const one = await test.add(1);
  await test.sees(one, [[1, 2, 2, { identity: '"}\u202e<script>' }]]);
  await test.refresh();
  const read = await test.topologies.read(test.scope);
  deepEqual(
    JSON.parse(await test.topologies.readJson(test.scope)),
    JSON.parse(JSON.stringify(read)),
  );
});

Deno.test("topology: every query stands on an index", async () => {
  await using test = await open();
  for (const index of [1, 2, 3]) await test.add(index);
  await test.db.tenant(test.acme, async (sql) => {
    // Tables of a test are small: the planner is asked for what it does when they are not.
    await sql`set local enable_seqscan = off`;
    for (
      const query of [
        fleetQuery(sql),
        portsQuery(sql),
        nodesQuery(sql),
        linksQuery(sql, "2026-01-01T00:00:00Z"),
      ]
    ) {
      const rows = await sql<{ "QUERY PLAN": string }[]>`explain ${query}`;
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      match(plan, /Index/);
      ok(!/Seq Scan on (device_state|devices|device_latest)/.test(plan), plan);
    }
  });
});
