import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { createServer } from "node:net";
import type { HostFindings } from "@/core/contract/discovery.ts";
import { runDiscovery } from "@/core/discovery/run.ts";
import { interruptSilentScans, SILENT_MS } from "@/core/discovery/scan_reports.ts";
import { cancelScan, getScan, listScans, startScan } from "@/core/discovery/scans.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { systemClock } from "@/core/ports/clock.ts";
import { subjects } from "@/core/subjects.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { knock } from "../examine_host.ts";
import { Semaphore } from "../semaphore.ts";
import { scan } from "./scan.ts";
import { Scans } from "./scans.ts";

const NETWORKS = ["127.0.0.0/8", "fc00::/7"];

/** API and poller over one database, bus and rpc; nothing but loopback may be scanned. */
async function open({ perSecond = 10_000, pollerNetworks = NETWORKS } = {}) {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  const api = new AbortController();
  const poller = new AbortController();
  const scans = new Scans({
    ...{ rpc: platform.rpc, clock: systemClock, log: platform.log, region: "default" },
    ...{ poller: "box:1" },
    discovery: { networks: pollerNetworks, addressesPerSecond: perSecond },
  });
  const running = [runDiscovery(platform, api.signal), scans.serve(poller.signal)];
  const deps = { ...platform, discoveryNetworks: NETWORKS };
  const start = (targets: string, region = "default") =>
    startScan(scope, deps, { targets, region });
  return {
    ...test,
    ...{ platform, scope, deps, api, poller, start },
    /** Waits for news of a scan that `isWanted` takes. */
    async until(id: string, isWanted: (found: Awaited<ReturnType<typeof getScan>>) => boolean) {
      const leave = new AbortController();
      const news = platform.bus.listen(subjects.scan(test.acme, id), {
        ...{ capacity: 100, signal: leave.signal },
      })[Symbol.asyncIterator]();
      const late = setTimeout(() => leave.abort(), 20_000);
      try {
        for (;;) {
          const next = news.next();
          const now = await getScan(scope, id);
          if (isWanted(now)) return now;
          if ((await next).done) throw new Error(`no such news: ${JSON.stringify(now.scan)}`);
        }
      } finally {
        clearTimeout(late);
        leave.abort();
      }
    },
    async [Symbol.asyncDispose]() {
      poller.abort();
      await running[1];
      api.abort();
      await running[0];
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a scan finds the routers of a range, says what is managed, and is kept", async () => {
  await using fleet = await startFleet({
    ...{ seed: 31, addressBase: "127.77.31.1" },
    routers: [{ tls: "rsa" }, { tls: "none" }, { tls: "rsa" }],
  });
  await using test = await open();
  const [first, , third] = fleet.routers;
  await insertDevice(test, test.acme, { name: "Known", address: third!.address });
  const begun = await test.start("127.77.31.0/28, 127.77.31.200-203");
  deepEqual([begun.status, begun.total], ["running", 18]);
  const { scan, hosts } = await test.until(begun.id, ({ scan }) => scan.status !== "running");
  deepEqual([scan.status, scan.done, scan.found, scan.reason], ["done", 18, 3, null]);
  ok(scan.endedAt);
  deepEqual(hosts.map(({ address }) => address), fleet.routers.map(({ address }) => address));
  deepEqual(hosts.map(({ device }) => device?.deviceName ?? null), [null, null, "Known"]);
  deepEqual(hosts.map(({ suggestion }) => suggestion?.tlsMode), ["pinned", "plain", "pinned"]);
  equal(hosts[0]!.suggestion!.port, first!.tlsPort);
  deepEqual((await listScans(test.scope)).map(({ id }) => id), [begun.id]);
  equal(fleet.routers.reduce((sum, { counts }) => sum + counts.failedLogins, 0), 0);

  const others = scopeOf(test.db, test.globex);
  deepEqual(await listScans(others), []);
  await rejects(getScan(others, begun.id), NotFound);
  await rejects(cancelScan(others, test.deps, begun.id), NotFound);
});

Deno.test("a scan stops when somebody says so, and when its poller is stopped; both are told", async () => {
  await using test = await open({ perSecond: 20 });
  const first = await test.start("127.77.32.0/24");
  await test.until(first.id, ({ scan }) => scan.done > 0);
  equal((await cancelScan(test.scope, test.deps, first.id)).isStopping, true);
  const { scan } = await test.until(first.id, ({ scan }) => scan.status !== "running");
  equal(scan.status, "cancelled");
  ok(scan.done > 0 && scan.done < 200, `${scan.done} done`);
  equal((await cancelScan(test.scope, test.deps, first.id)).status, "cancelled", "again: nothing");

  const second = await test.start("127.77.33.0/24");
  await test.until(second.id, ({ scan }) => scan.done > 0);
  test.poller.abort();
  const ended = await test.until(second.id, ({ scan }) => scan.status !== "running");
  equal(ended.scan.status, "interrupted");
  match(ended.scan.reason!, /poller was stopped/);
});

Deno.test("a scan whose poller says nothing for long is ended honestly", async () => {
  await using test = await open();
  const begun = new Date(Date.now() - SILENT_MS - 1_000);
  const [row] = await test.db.tenant(test.acme, (sql) =>
    sql<{ id: string }[]>`
    insert into scans (tenant_id, targets, region, total, done, started_by, started_at, heard_at)
    values (${test.acme}, '127.0.0.1', 'default', 9, 4, 'user:x', ${begun}, ${begun}) returning id`);
  equal((await getScan(test.scope, row!.id)).scan.status, "running");
  await interruptSilentScans(test.platform);
  const { scan } = await getScan(test.scope, row!.id);
  deepEqual([scan.status, scan.done, scan.endedAt], ["interrupted", 4, begun.toISOString()]);
  match(scan.reason!, /stopped answering/);
  equal(await interruptSilentScans(test.platform), 0);
});

Deno.test("what may not be scanned is refused: by the API, by the poller, and without a poller", async () => {
  await using test = await open({ pollerNetworks: ["127.77.0.0/16"] });
  await rejects(test.start("198.51.100.8"), (error) => {
    ok(error instanceof InvalidInput);
    match(error.issues[0]!.message, /198\.51\.100\.8 is outside.*discovery-networks/);
    return true;
  });
  for (const text of ["127.0.0.0/19", "fd00::/64", "nonsense", "127.0.0.1 10.0.0.1"]) {
    await rejects(test.start(text), InvalidInput, text);
  }
  deepEqual(await listScans(test.scope), [], "nothing was begun");
  const refused = await test.start("127.1.0.1");
  equal(refused.status, "failed");
  match(refused.reason!, /outside of what the poller box:1 may scan/);
  const nobody = await test.start("127.77.0.1", "mars");
  deepEqual([nobody.status, nobody.reason], [
    "failed",
    "No poller of the region mars runs: check its name, or start one there.",
  ]);
  const few = { ...test.scope, permissions: new Set(["devices:read"] as const) };
  await rejects(startScan(few, test.deps, { targets: "127.0.0.1" }), Forbidden);
  const now = new Date();
  for (let n = 0; n < 2; n++) {
    await test.db.tenant(test.acme, (sql) =>
      sql`
      insert into scans (tenant_id, targets, region, total, started_by, started_at, heard_at)
      values (${test.acme}, '127.0.0.1', 'default', 9, 'user:x', ${now}, ${now})`);
  }
  await rejects(test.start("127.77.0.1"), Conflict);
});

Deno.test("scan() keeps its pace and its bound of addresses at once; an end closes every socket", async () => {
  let most = 0;
  let open = 0;
  let opened = () => {};
  const server = createServer((socket) => {
    most = Math.max(most, ++open);
    socket.on("error", () => {});
    socket.on("close", () => open -= 1);
    opened();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  try {
    const stop = new AbortController();
    const hears = new Promise<void>((resolve) => opened = resolve);
    // It never speaks: without the signal this would wait for ten seconds.
    const heard = knock("127.0.0.1", port, { timeoutMs: 10_000, hears: true, signal: stop.signal });
    await hears;
    const began = performance.now();
    stop.abort();
    equal((await heard).state, "open");
    ok(performance.now() - began < 1_000);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    equal(open, 0, "the server saw its socket close");
  } finally {
    server.close();
  }

  const found: HostFindings[] = [];
  let done = 0;
  const began = performance.now();
  await scan({
    addresses: Array.from({ length: 20 }, (_, n) => `127.77.34.${n + 1}`),
    ...{ clock: systemClock, perSecond: 50, atOnce: 4, knockMs: 500, looks: new Semaphore(1) },
    ...{ signal: new AbortController().signal, ports: [1] },
    onHost: (findings) => found.push(findings),
    onDone: () => done += 1,
  });
  deepEqual([done, found.length], [20, 0]);
  ok(performance.now() - began >= 370, "20 addresses at 50 a second take 0.4 s");
});
