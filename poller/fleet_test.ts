import { deepEqual, equal, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { type DeviceSample, PollReport, type StatusReport } from "@/core/contract/sample.ts";
import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";
import { systemClock } from "@/core/ports/clock.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { recordingLog } from "@/tests/support/log.ts";
import { type Fleet, startFleet } from "@/tools/sim/fleet.ts";
import type { RouterHost } from "@/tools/sim/host.ts";
import { COLLECTORS } from "./collectors/mod.ts";
import { PolledFleet } from "./fleet.ts";
import { createPollerMetrics } from "./metrics.ts";
import { Publisher } from "./publisher.ts";
import { Semaphore } from "./semaphore.ts";

const TENANT = "11111111-1111-4111-8111-111111111111" as TenantId;

interface HarnessOptions {
  intervalSeconds?: number;
  locks?: MemoryLocks;
  bus?: MemoryBus;
  poller?: string;
}

/** A poller over simulated routers: real sockets, the in-process bus, no database. */
function startHarness(routers: readonly RouterHost[], options: HarnessOptions = {}) {
  const { intervalSeconds = 0.2, locks = new MemoryLocks(), poller = "test" } = options;
  const bus = options.bus ?? new MemoryBus({ maxBytes: 64 * 2 ** 20, maxAgeSeconds: 600 });
  const metrics = createPollerMetrics(new Registry());
  const log = recordingLog();
  const stop = new AbortController();
  const targets = new Map<string, PollTarget>();
  const credentials = new Map<string, DeviceCredential>();
  const publisher = new Publisher({ bus, clock: systemClock, log, metrics }, stop.signal);
  const fleet = new PolledFleet({
    clock: systemClock,
    metrics,
    log,
    locks,
    publisher,
    poller,
    collectors: COLLECTORS,
    handshakes: new Semaphore(8),
    polling: { connectTimeoutMs: 400, commandTimeoutMs: 400, slowIntervalSeconds: 300 },
    credential: ({ deviceId }) => Promise.resolve(credentials.get(deviceId)),
    forgetCredential: () => {},
    reload: (id) => Promise.resolve(targets.get(id)),
    intervalSeconds,
    offlineAfterMisses: 3,
  });
  const ids = routers.map((router, index) => {
    const deviceId = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
    credentials.set(deviceId, { username: router.username, password: router.password });
    targets.set(deviceId, {
      tenantId: TENANT,
      deviceId,
      address: router.address,
      port: router.tlsPort || router.port,
      tlsMode: router.tlsPort ? "pinned" : "plain",
      tlsFingerprint: null,
      tlsCa: null,
      sshPort: 22,
      sshHostKey: null,
      region: "default",
      pollIntervalSeconds: null,
      isEnabled: true,
      revision: 1,
      credentialAt: "1",
    });
    return deviceId;
  });
  fleet.sync([...targets.values()]);
  const running = fleet.run(stop.signal);
  const reports = bus.consume(subjects.everyReport, {
    group: "test",
    maxInFlight: 64,
    signal: stop.signal,
  })[Symbol.asyncIterator]();
  return {
    fleet,
    ids,
    targets,
    credentials,
    log,
    metrics,
    bus,
    /** The next report that `isWanted` takes; fails loudly instead of waiting for ever. */
    async next<Report extends PollReport>(
      isWanted: (report: PollReport) => report is Report,
    ): Promise<Report> {
      for (;;) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error("no such report within 15 s")), 15_000);
        });
        const { value } = await Promise.race([reports.next(), late]).finally(() =>
          clearTimeout(timer)
        );
        value.ack();
        const report = PollReport.parse(JSON.parse(new TextDecoder().decode(value.data)));
        if (isWanted(report)) return report;
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await reports.return?.();
      await publisher.flush();
    },
  };
}

const isSample = (report: PollReport): report is DeviceSample => report.kind === "sample";
const isStatus = (report: PollReport): report is StatusReport => report.kind === "status";
const sampleOf = (id: string) => (report: PollReport): report is DeviceSample =>
  report.kind === "sample" && report.deviceId === id;
const statusOf = (id: string) => (report: PollReport): report is StatusReport =>
  report.kind === "status" && report.deviceId === id;

async function samplesOfAll(fleet: Fleet, harness: ReturnType<typeof startHarness>) {
  const seen = new Map<string, DeviceSample>();
  while (seen.size < fleet.routers.length) {
    const sample = await harness.next(isSample);
    if (!seen.has(sample.deviceId)) seen.set(sample.deviceId, sample);
  }
  return [...seen].sort(([a], [b]) => a < b ? -1 : 1).map(([, sample]) => sample);
}

Deno.test("every board on RouterOS 6 and 7 gives a sample whose sections hold", async () => {
  await using fleet = await startFleet({ count: 48, seed: 9 });
  await using harness = startHarness(fleet.routers, { intervalSeconds: 2 });
  const samples = await samplesOfAll(fleet, harness);
  for (const sample of samples) {
    const { system, interfaces, collectors, counts, packages } = sample;
    const failed = collectors.filter(({ outcome }) => outcome === "failed");
    deepEqual(failed, [], `${system.boardName} ${system.version}`);
    ok(system.version && system.uptimeSeconds > 0 && system.totalMemoryBytes! > 0);
    ok(interfaces!.length > 0 && interfaces!.every(({ rxBytes }) => /^\d+$/.test(rxBytes)));
    ok(counts!.arpEntries !== null);
    ok(packages!.length > 0);
  }
  const all = <Key extends keyof DeviceSample>(key: Key) =>
    samples.filter((sample) => (sample[key] as unknown[] | undefined)?.length);
  const versions = new Set(samples.map(({ system }) => system.version[0]));
  deepEqual([...versions].sort(), ["6", "7"]);
  for (const key of ["sensors", "neighbors", "peers", "poe", "optics"] as const) {
    ok(all(key).length > 0, `no router gave ${key}`);
  }
  const wireless = samples.flatMap(({ wireless }) => wireless ?? []);
  const drivers = new Set(wireless.flatMap(({ drivers }) => drivers));
  ok(drivers.has("wireless") && drivers.has("wifi"), [...drivers].join());
  for (const { clients } of wireless) {
    ok(clients.every(({ signalDbm }) => signalDbm !== null && signalDbm < 0 && signalDbm > -100));
  }
  ok(samples.some(({ interfaces }) => interfaces!.some(({ speedBps }) => speedBps === 1e9)));
});

Deno.test("one login over many polls, by TLS with the certificate pinned", async () => {
  await using fleet = await startFleet({ count: 1, tls: "rsa" });
  await using harness = startHarness(fleet.routers);
  const [id] = harness.ids as [string];
  const first = await harness.next(sampleOf(id));
  // What ingest does after the first contact: the pin is recorded, the row is announced.
  const target = harness.targets.get(id)!;
  harness.targets.set(id, { ...target, tlsFingerprint: first.tlsFingerprint, revision: 2 });
  await harness.fleet.apply({ tenantId: TENANT, deviceId: id, change: "upsert" });
  for (let polls = 0; polls < 5; polls++) await harness.next(sampleOf(id));
  equal(fleet.routers[0]!.counts.logins, 1);
});

Deno.test("a changed certificate is an alarm, and nothing is sent to who shows it", async () => {
  await using fleet = await startFleet({
    count: 1,
    routers: [{ tls: "rsa", hasOwnCertificate: true }],
  });
  await using harness = startHarness(fleet.routers);
  const [id] = harness.ids as [string];
  await harness.next(sampleOf(id));
  await fleet.routers[0]!.changeCertificate();
  fleet.routers[0]!.dropConnections();
  const { logins } = fleet.routers[0]!.counts;
  const report = await harness.next(statusOf(id));
  deepEqual([report.status, report.reason], ["offline", "certificate_changed"]);
  equal(fleet.routers[0]!.counts.logins, logins);
});

Deno.test("a wrong password is told, and its correction works without a restart", async () => {
  await using fleet = await startFleet({ count: 1 });
  await using harness = startHarness(fleet.routers);
  const [id] = harness.ids as [string];
  const right = harness.credentials.get(id)!;
  await harness.next(sampleOf(id));
  const target = harness.targets.get(id)!;
  harness.credentials.set(id, { ...right, password: "wrong" });
  harness.targets.set(id, { ...target, credentialAt: "2", revision: 2 });
  await harness.fleet.apply({ tenantId: TENANT, deviceId: id, change: "upsert" });
  const report = await harness.next(statusOf(id));
  deepEqual([report.status, report.reason], ["offline", "login_refused"]);
  ok(!report.detail.includes("wrong"), report.detail);

  harness.credentials.set(id, right);
  harness.targets.set(id, { ...target, credentialAt: "3", revision: 3 });
  await harness.fleet.apply({ tenantId: TENANT, deviceId: id, change: "upsert" });
  await harness.next(sampleOf(id));
});

Deno.test("a router that hangs on one command still gives the rest", async () => {
  await using fleet = await startFleet({ count: 1 });
  fleet.routers[0]!.inject({ kind: "hang-command", command: "/ip/neighbor/print" });
  await using harness = startHarness(fleet.routers);
  const sample = await harness.next(sampleOf(harness.ids[0]!));
  equal(sample.neighbors, undefined);
  equal(sample.collectors.find(({ name }) => name === "neighbors")?.outcome, "failed");
  ok(sample.interfaces!.length > 0);
});

Deno.test("more than half of the region dark at once: the poller suspects itself, once", async () => {
  await using fleet = await startFleet({ count: 6 });
  await using harness = startHarness(fleet.routers);
  await samplesOfAll(fleet, harness);
  const dark = fleet.routers.slice(0, 4);
  for (const router of dark) {
    router.inject({ kind: "silent" });
    router.dropConnections();
  }
  const unknown = new Set<string>();
  while (unknown.size < 4) {
    const report = await harness.next(isStatus);
    if (report.status !== "unknown") continue;
    equal(report.reason, "poller_isolated");
    unknown.add(report.deviceId);
  }
  const alarms = harness.log.lines.filter(({ level }) => level === "error");
  equal(alarms.length, 1, JSON.stringify(alarms));
  for (const router of dark) router.clear();
  for (const id of harness.ids.slice(0, 4)) await harness.next(sampleOf(id));
});

Deno.test("two pollers share the devices; when one goes the other takes over", async () => {
  await using fleet = await startFleet({ count: 8 });
  const locks = new MemoryLocks();
  const bus = new MemoryBus({ maxBytes: 64 * 2 ** 20, maxAgeSeconds: 600 });
  await using second = startHarness(fleet.routers, { locks, bus, poller: "second" });
  {
    await using first = startHarness(fleet.routers, { locks, bus, poller: "first" });
    const owners = new Map<string, Set<string>>();
    for (let polls = 0; polls < 80; polls++) {
      const { deviceId, poller } = await first.next(isSample);
      owners.set(deviceId, (owners.get(deviceId) ?? new Set()).add(poller));
    }
    equal(owners.size, 8);
    for (const [id, pollers] of owners) equal(pollers.size, 1, `${id}: ${[...pollers].join()}`);
    ok(fleet.routers.every(({ counts }) => counts.logins === 1), "one login a router");
  }
  const taken = new Set<string>();
  while (taken.size < 8) {
    const { deviceId, poller } = await second.next(isSample);
    if (poller === "second") taken.add(deviceId);
  }
});

Deno.test("a bus that is away does not stop polling; what waited is delivered after", async () => {
  await using fleet = await startFleet({ count: 1 });
  class FlakyBus extends MemoryBus {
    isAway = false;
    override publish(...args: Parameters<MemoryBus["publish"]>): Promise<void> {
      return this.isAway ? Promise.reject(new Error("away")) : super.publish(...args);
    }
  }
  const bus = new FlakyBus({ maxBytes: 64 * 2 ** 20, maxAgeSeconds: 600 });
  await using harness = startHarness(fleet.routers, { bus });
  await harness.next(isSample);
  bus.isAway = true;
  const { counts } = fleet.routers[0]!;
  const before = counts.commands;
  await fleet.until(() => counts.commands > before + 60, AbortSignal.timeout(15_000));
  bus.isAway = false;
  const times = new Set<string>();
  for (let i = 0; i < 4; i++) times.add((await harness.next(isSample)).sampledAt);
  equal(times.size, 4);
});

Deno.test("old login and names in other code pages", async () => {
  await using fleet = await startFleet({
    count: 2,
    routers: [
      { version: "6.42.12" },
      { identity: Uint8Array.of(0xd1, 0xea, 0xeb, 0xe0, 0xe4) }, // "Склад" in windows-1251
    ],
  });
  await using harness = startHarness(fleet.routers, { intervalSeconds: 1 });
  const [old, cyrillic] = await samplesOfAll(fleet, harness);
  equal(old!.system.version, "6.42.12");
  equal(cyrillic!.system.identity.length, 5, "no byte is lost, none becomes two");
});
