import type { DeviceChange } from "@/core/devices/changes.ts";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import type { StatusReason, StatusReport } from "@/core/contract/sample.ts";
import type { Logger } from "@/core/log.ts";
import type { Locks } from "@/core/ports/locks.ts";
import type { DevicePollerDeps } from "./device_poller.ts";
import { type Failure, failureOf } from "./failure.ts";
import { nextDue, phaseOf } from "./jitter.ts";
import type { Publisher } from "./publisher.ts";
import { isReachable } from "./reach.ts";
import { RegionWatch } from "./region_watch.ts";
import { Schedule } from "./schedule.ts";
import { WatchedDevice } from "./watched_device.ts";

export interface FleetDeps extends DevicePollerDeps {
  log: Logger;
  locks: Locks;
  publisher: Publisher;
  reload(deviceId: string): Promise<PollTarget | undefined>;
  forgetCredential(deviceId: string): void;
  intervalSeconds: number;
  offlineAfterMisses: number;
}

/** Failures where a router that is back can be told by its open port. */
const UNREACHABLE: ReadonlySet<StatusReason> = new Set([
  "connection_refused",
  "connect_timeout",
  "connection_lost",
  "name_unresolved",
]);
/** First polls after a start are spread over this, or the interval when that is shorter. */
const FIRST_SPREAD_MS = 10_000;
/** So many may be polled at once when their login changed; more are spread as after a start. */
const FEW = 32;
const MIN_LEASE_MS = 30_000;
const MIN_POLL_MS = 30_000;

/** The devices of one region as this poller sees them: who is due, who is polled, who is down. */
export class PolledFleet {
  #devices = new Map<string, WatchedDevice>();
  #schedule: Schedule<WatchedDevice>;
  #running = new Set<Promise<void>>();
  #watch: RegionWatch;

  constructor(readonly deps: FleetDeps) {
    this.#schedule = new Schedule(deps.clock);
    this.#watch = new RegionWatch(
      () => deps.clock.now(),
      (isDark, dark) => this.#regionChanged(isDark, dark),
    );
  }

  get size(): number {
    return this.#devices.size;
  }

  /** Makes the fleet what the database says. Called at start and every minute, for missed changes. */
  sync(targets: readonly PollTarget[]): void {
    const wanted = new Set(targets.map(({ deviceId }) => deviceId));
    for (const id of this.#devices.keys()) if (!wanted.has(id)) this.#remove(id);
    for (const target of targets) {
      const known = this.#devices.get(target.deviceId);
      if (
        !known || known.target.revision !== target.revision ||
        // A suspended tenant's device is off without an edit of its own.
        known.target.isEnabled !== target.isEnabled ||
        known.target.tlsFingerprint !== target.tlsFingerprint ||
        known.target.credentialAt !== target.credentialAt
      ) this.#upsert(target, !known);
    }
  }

  /** A device was added, edited or removed: takes effect now. */
  async apply({ deviceId, change }: DeviceChange): Promise<void> {
    this.deps.forgetCredential(deviceId);
    const target = change === "removed" ? undefined : await this.deps.reload(deviceId);
    if (target) this.#upsert(target, false);
    else this.#remove(deviceId);
  }

  /** Routers that share a login have another one now: they are polled with it, a few at a time. */
  applyLogin(targets: readonly PollTarget[]): void {
    for (const target of targets) {
      this.deps.forgetCredential(target.deviceId);
      this.#upsert(target, targets.length > FEW);
    }
  }

  /** Polls what is due until `signal` aborts, then lets what is in flight end. */
  async run(signal: AbortSignal): Promise<void> {
    for await (const { item: device, due } of this.#schedule.due(signal)) {
      this.deps.metrics.lag.observe(Math.max(0, this.deps.clock.now() - due) / 1_000);
      this.#schedule.set(device, this.#nextTurn(device));
      if (device.isBusy) {
        this.deps.metrics.skipped.inc({ why: "still_running" });
        continue;
      }
      const run: Promise<void> = this.#turn(device)
        .catch((error) => this.deps.log.error("a poll broke", { deviceId: device.id, error }))
        .finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
    await this.#drain();
  }

  async #drain(): Promise<void> {
    const retireAll = () => {
      for (const device of this.#devices.values()) device.retire();
    };
    // Polls in flight that do not end by themselves are ended.
    const timer = setTimeout(retireAll, 5_000);
    await Promise.allSettled(this.#running);
    clearTimeout(timer);
    retireAll();
    for (const device of this.#devices.values()) await device.lease?.[Symbol.asyncDispose]();
  }

  /** Its own place in the interval; not right behind the extra poll that follows a start or an edit. */
  #nextTurn(device: WatchedDevice): number {
    const interval = this.#intervalMs(device);
    return nextDue(device.id, interval, this.deps.clock.now() + interval / 4);
  }

  #intervalMs({ target }: WatchedDevice): number {
    return (target.pollIntervalSeconds ?? this.deps.intervalSeconds) * 1_000;
  }

  #upsert(target: PollTarget, isFirst: boolean): void {
    if (!target.isEnabled) return this.#remove(target.deviceId);
    let device = this.#devices.get(target.deviceId);
    if (device) device.update(target);
    else {
      device = new WatchedDevice(target, this.deps);
      this.#devices.set(device.id, device);
      this.deps.metrics.devices.set(this.#devices.size);
    }
    const spread = isFirst ? Math.min(this.#intervalMs(device), FIRST_SPREAD_MS) : 0;
    this.#schedule.set(device, this.deps.clock.now() + phaseOf(device.id) * spread);
  }

  #remove(id: string): void {
    const device = this.#devices.get(id);
    if (!device) return;
    this.#devices.delete(id);
    this.#schedule.delete(id);
    this.#watch.forget(id);
    device.retire();
    void device.lease?.[Symbol.asyncDispose]();
    this.deps.metrics.devices.set(this.#devices.size);
  }

  async #turn(device: WatchedDevice): Promise<void> {
    const { metrics } = this.deps;
    device.isBusy = true;
    try {
      if (!(await this.#holdsLease(device))) {
        metrics.skipped.inc({ why: "lease_elsewhere" });
        return;
      }
      if (!device.breaker.admit() && !(await this.#isBack(device))) {
        metrics.skipped.inc({ why: "breaker_open" });
        return;
      }
      await this.#poll(device);
    } finally {
      device.isBusy = false;
    }
  }

  /** One poller a device. Without an answer from the lock service we go on with what we held. */
  async #holdsLease(device: WatchedDevice): Promise<boolean> {
    const ttl = Math.max(3 * this.#intervalMs(device), MIN_LEASE_MS);
    try {
      if (device.lease) {
        if (await device.lease.renew(ttl)) return true;
        device.lease = undefined;
        device.poller[Symbol.dispose](); // whoever holds it now has a session of its own
      }
      device.lease = await this.deps.locks.acquire(`poll:${device.id}`, ttl);
      return device.lease !== undefined;
    } catch (error) {
      this.deps.log.debug("no answer about a lease", { deviceId: device.id, error });
      return device.lease !== undefined;
    }
  }

  /**
   * The breaker spares a dead router logins, not its return: each interval one TCP connection asks
   * whether the port is open again, and if so the half-open try is made at once.
   */
  async #isBack(device: WatchedDevice): Promise<boolean> {
    if (!UNREACHABLE.has(device.lastFailure?.reason ?? "device_error")) return false;
    const { address, port } = device.target;
    if (!(await isReachable(address, port, this.deps.polling.connectTimeoutMs))) return false;
    device.breaker.nudge();
    return device.breaker.admit();
  }

  async #poll(device: WatchedDevice): Promise<void> {
    const { clock, metrics, publisher } = this.deps;
    const { poller, signal } = device;
    const began = clock.monotonic();
    try {
      const sample = await poller.poll(signal, Math.max(this.#intervalMs(device), MIN_POLL_MS));
      await publisher.publish(device.target.tenantId, sample);
      metrics.duration.observe((clock.monotonic() - began) / 1_000);
      metrics.outcomes.inc({ outcome: "ok" });
      this.#succeeded(device);
    } catch (error) {
      if (signal.aborted) return;
      await this.#failed(device, failureOf(error));
    } finally {
      metrics.breakers.set(this.#openBreakers());
    }
  }

  #openBreakers(): number {
    return this.#unhealthy.size;
  }

  /** Devices whose breaker is not closed; kept so that a poll need not count them all. */
  #unhealthy = new Set<string>();

  #succeeded(device: WatchedDevice): void {
    if (device.misses > 0 || device.told !== "online") {
      this.deps.log.info("a device answers", { deviceId: device.id, missed: device.misses });
    }
    device.breaker.succeed();
    this.#unhealthy.delete(device.id);
    device.misses = 0;
    device.lastFailure = undefined;
    device.told = "online";
    this.#watch.answered(device.id);
  }

  async #failed(device: WatchedDevice, failure: Failure): Promise<void> {
    const { deps } = this;
    deps.metrics.outcomes.inc({ outcome: failure.reason });
    device.misses += 1;
    device.breaker.fail();
    if (device.breaker.state !== "closed") this.#unhealthy.add(device.id);
    if (device.misses === 1) {
      deps.log.info("a device missed a poll", { deviceId: device.id, ...failure });
    }
    device.lastFailure = failure;
    this.#watch.missed(device.id);
    const isDown = device.misses >= deps.offlineAfterMisses ||
      await this.#isRefused(device, failure);
    if (isDown) await this.#tellDown(device, failure);
  }

  /** Refused twice, on two sockets: the router is up and says no, there is nothing to wait for. */
  async #isRefused({ target }: WatchedDevice, { reason }: Failure): Promise<boolean> {
    if (reason !== "connection_refused") return false;
    const { connectTimeoutMs } = this.deps.polling;
    return !(await isReachable(target.address, target.port, connectTimeoutMs));
  }

  async #tellDown(device: WatchedDevice, failure: Failure): Promise<void> {
    const status = this.#watch.isDark ? "unknown" : "offline";
    if (device.told === status) return;
    const isFirst = device.told !== "offline" && device.told !== "unknown";
    device.told = status;
    if (status === "offline" && isFirst) {
      this.deps.log.warn("a device is offline", { deviceId: device.id, ...failure });
    }
    const reason = status === "unknown" ? "poller_isolated" : failure.reason;
    const detail = status === "unknown"
      ? `More than half of the region stopped answering at once, so the fault may be the poller's own. ${failure.detail}`
      : failure.detail;
    await this.#report(device, status, reason, detail);
  }

  async #report(
    device: WatchedDevice,
    status: StatusReport["status"],
    reason: StatusReason,
    detail: string,
  ): Promise<void> {
    await this.deps.publisher.publish(device.target.tenantId, {
      kind: "status",
      version: 1,
      deviceId: device.id,
      at: new Date(this.deps.clock.now()).toISOString(),
      poller: this.deps.poller,
      status,
      reason,
      detail: detail.slice(0, 2_000),
      misses: device.misses,
    });
  }

  /** One line for a dark region, and what was called offline in its wake becomes unknown. */
  #regionChanged(isDark: boolean, dark: number): void {
    const { log } = this.deps;
    if (!isDark) {
      log.warn("most of the region answers again", { stillDark: dark });
      return;
    }
    log.error("more than half of the region went dark at once: suspecting this poller", { dark });
    for (const device of this.#devices.values()) {
      if (device.told !== "offline" || !device.lastFailure) continue;
      if (device.misses > this.deps.offlineAfterMisses + 1) continue; // down for long: not part of it
      void this.#tellDown(device, device.lastFailure);
    }
  }
}
