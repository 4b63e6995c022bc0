import type { StatusReport } from "@/core/contract/sample.ts";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import type { Lease } from "@/core/ports/locks.ts";
import { Breaker } from "./breaker.ts";
import { DevicePoller, type DevicePollerDeps } from "./device_poller.ts";
import type { Failure } from "./failure.ts";

/** One device as this poller sees it: its session, breaker, lease, and what was said of it last. */
export class WatchedDevice {
  readonly id: string;
  poller: DevicePoller;
  breaker: Breaker;
  lease: Lease | undefined;
  /** Consecutive polls without an answer. */
  misses = 0;
  lastFailure: Failure | undefined;
  /** What we last told of it; a status is told once, not with every poll. */
  told: StatusReport["status"] | undefined;
  isBusy = false;
  #abort = new AbortController();

  constructor(public target: PollTarget, readonly deps: DevicePollerDeps) {
    this.id = target.deviceId;
    this.poller = new DevicePoller(target, deps);
    this.breaker = new Breaker(() => deps.clock.now());
  }

  /** Aborts when the device is removed or edited: its poll in flight must not outlive the old row. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * Takes a new row. The session stays when nothing it stands on changed: recording the pin, a new
   * name or another interval must not cost the router a login.
   */
  update(target: PollTarget): void {
    const isSameLogin = standsOnTheSame(this.target, target, this.poller.seenFingerprint);
    this.target = target;
    if (isSameLogin) {
      this.poller.target = target;
      return;
    }
    this.retire();
    this.poller = new DevicePoller(target, this.deps);
    this.breaker.reset();
    this.misses = 0;
    this.told = undefined;
    this.#abort = new AbortController();
  }

  retire(): void {
    this.#abort.abort(new Error("the device was changed or removed"));
    this.poller[Symbol.dispose]();
  }
}

function standsOnTheSame(before: PollTarget, after: PollTarget, seen: string | null): boolean {
  const isSamePin = before.tlsFingerprint === after.tlsFingerprint ||
    (before.tlsFingerprint === null && after.tlsFingerprint === seen);
  return isSamePin && before.address === after.address && before.port === after.port &&
    before.tlsMode === after.tlsMode && before.tlsCa === after.tlsCa &&
    before.credentialAt === after.credentialAt;
}
