import { hostname } from "node:os";
import type { DeviceChange } from "@/core/devices/changes.ts";
import type { ProfileChange } from "@/core/credentials/profile_change.ts";
import {
  getPollTarget,
  listPollTargets,
  listProfileTargets,
  readCredential,
} from "@/core/devices/poll_targets.ts";
import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";
import { ExportRequest } from "@/core/contract/config_export.ts";
import { NotFound } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import { subjects } from "@/core/subjects.ts";
import { PollerReads } from "@/core/transparency/poller_reads.ts";
import { COLLECTORS } from "./collectors/mod.ts";
import { DeviceCommand, runCommand } from "./commands.ts";
import { CredentialCache } from "./credential_cache.ts";
import { exportConfig } from "./exports/export_config.ts";
import { FileTransfers } from "./files/transfers.ts";
import { PolledFleet } from "./fleet.ts";
import { Links } from "./links/links.ts";
import { createPollerMetrics } from "./metrics.ts";
import { Publisher } from "./publisher.ts";
import { LiveRuns } from "./runs/runs.ts";
import { serveScripts } from "./scripts/serve_scripts.ts";
import { Scans } from "./scans/scans.ts";
import { Semaphore } from "./semaphore.ts";
import { openSyslog } from "./syslog/mod.ts";
import { OwnLogins } from "./syslog/own_logins.ts";

const RESYNC_MS = 60_000;
const COMMANDS_AT_ONCE = 16;
/** Apart from the polls': who starts a tool does not wait for a region that is dark. */
const RUN_HANDSHAKES = 16;
/** Routers wait far more than they work: a small one prints for half a minute, a dead one is silent for one. */
const EXPORTS_AT_ONCE = 64;

/** Polls the devices of the configured region until `signal` aborts; ends what is in flight first. */
export async function startPoller(platform: Platform, signal: AbortSignal): Promise<void> {
  const { config, db, bus, clock, kms, locks, registry, rpc } = platform;
  const log = platform.log.with({ role: "poller" });
  const { polling, region } = config;
  const metrics = createPollerMetrics(registry);
  const reads = new PollerReads({ db, clock, log }, hostname());
  const ownLogins = new OwnLogins(clock);
  /** Read to log in with, at once: the router will have a line about it. */
  const noted = async (
    { deviceId }: PollTarget,
    reading: Promise<DeviceCredential | undefined>,
  ) => {
    const credential = await reading;
    if (credential) ownLogins.note(deviceId, credential.username);
    return credential;
  };
  const credentialFor = (purpose: "poll" | "command") => (target: PollTarget) =>
    readCredential(db, kms, target, { reads, purpose }).catch((error) => {
      if (error instanceof NotFound) return undefined;
      throw error;
    });
  const credentials = new CredentialCache(credentialFor("poll"), () => clock.now());
  const publisher = new Publisher({ bus, clock, log, metrics }, signal);
  const handshakes = new Semaphore(polling.maxHandshakes);
  const runs = new LiveRuns({
    ...{ bus, rpc, clock, locks, log, region },
    handshakes: new Semaphore(RUN_HANDSHAKES),
    connectTimeoutMs: polling.connectTimeoutMs,
    target: (deviceId) => getPollTarget(db, deviceId),
    credential: (target) => noted(target, credentialFor("command")(target)),
  });
  const fleet = new PolledFleet({
    hasRun: (deviceId) => runs.isOn(deviceId),
    clock,
    metrics,
    log,
    locks,
    publisher,
    polling,
    collectors: COLLECTORS,
    handshakes,
    credential: (target) => noted(target, credentials.get(target)),
    forgetCredential: (deviceId) => credentials.drop(deviceId),
    reload: (deviceId) => getPollTarget(db, deviceId),
    poller: `${hostname()}:${Deno.pid}`,
    intervalSeconds: polling.intervalSeconds,
    offlineAfterMisses: polling.offlineAfterMisses,
  });

  const links = new Links({
    ...{ rpc, clock, region },
    handshakes: new Semaphore(RUN_HANDSHAKES),
    connectTimeoutMs: polling.connectTimeoutMs,
    target: (deviceId) => getPollTarget(db, deviceId),
    credential: (target) => noted(target, credentialFor("command")(target)),
  });

  const files = new FileTransfers({
    ...{ rpc, clock, region },
    target: (deviceId) => getPollTarget(db, deviceId),
    credential: (target) => noted(target, credentialFor("command")(target)),
  });

  metrics.countRuns(() => runs.size);
  const scans = new Scans({
    ...{ rpc, clock, log, region, discovery: config.discovery },
    poller: `${hostname()}:${Deno.pid}`,
  });

  const syslog = await openSyslog({ ...platform, log }, ownLogins);

  const listen = async () => {
    const changes = bus.listen(subjects.deviceChanged(region), { capacity: 10_000, signal });
    for await (const { data } of changes) {
      try {
        const change = JSON.parse(new TextDecoder().decode(data)) as DeviceChange;
        await Promise.all([
          ...[fleet.apply(change), runs.apply(change), links.apply(change)],
          syslog?.apply(change),
        ]);
      } catch (error) {
        log.warn("a device change was not applied: the next resync will", { error });
      }
    }
  };
  const listenForLogins = async () => {
    const changes = bus.listen(subjects.profileChanged(region), { capacity: 1_000, signal });
    for await (const { data } of changes) {
      try {
        const change = JSON.parse(new TextDecoder().decode(data)) as ProfileChange;
        fleet.applyLogin(await listProfileTargets(db, region, change));
      } catch (error) {
        log.warn("a change of a credential profile was not applied: the next resync will", {
          error,
        });
      }
    }
  };
  const resync = async () => {
    let isFirst = true;
    while (!signal.aborted) {
      try {
        const targets = await listPollTargets(db, region);
        fleet.sync(targets);
        runs.sync(targets);
        syslog?.sync(targets);
        if (isFirst) log.info("polling", { devices: fleet.size, region });
        isFirst = false;
        await clock.sleep(RESYNC_MS, signal);
      } catch (error) {
        log.warn("cannot read the device list: going on with what is known", { error });
        await clock.sleep(isFirst ? 1_000 : 10_000, signal);
      }
    }
  };
  const serve = rpc.serve(
    subjects.deviceCommand(region),
    { group: "pollers", concurrency: COMMANDS_AT_ONCE, signal },
    async (data) => {
      const request = DeviceCommand.parse(JSON.parse(new TextDecoder().decode(data)));
      return new TextEncoder().encode(JSON.stringify(await runCommand(request, { db, kms })));
    },
  );
  const exports = rpc.serve(
    subjects.deviceExport(region),
    { group: "pollers", concurrency: EXPORTS_AT_ONCE, signal },
    async (data) => {
      const { deviceId } = ExportRequest.parse(JSON.parse(new TextDecoder().decode(data)));
      const deps = {
        target: (id: string) => getPollTarget(db, id),
        credential: (target: PollTarget) => noted(target, credentialFor("command")(target)),
      };
      const answer = await exportConfig(deps, deviceId, signal);
      return new TextEncoder().encode(JSON.stringify(answer));
    },
  );
  // Listening first: a change between the list and the subscription would be missed for a minute.
  await Promise.all([
    ...[listen(), listenForLogins(), resync(), serve, exports],
    serveScripts({
      ...{ rpc, region, target: (deviceId) => getPollTarget(db, deviceId) },
      credential: (target) => noted(target, credentialFor("command")(target)),
    }, signal),
    ...[runs.serve(signal), scans.serve(signal), links.serve(signal), files.serve(signal)],
    ...[fleet.run(signal), reads.run(signal), syslog?.run(signal)],
  ]);
  await publisher.flush();
  await reads.flush();
}
