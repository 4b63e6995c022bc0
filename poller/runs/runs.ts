import { RUN_KINDS } from "@/core/contract/runs/mod.ts";
import type { DeviceChange } from "@/core/devices/changes.ts";
import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";
import { type StartAnswer, StartRequest } from "@/core/device_runs/protocol.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus, Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Locks } from "@/core/ports/locks.ts";
import { subjects } from "@/core/subjects.ts";
import { RouterosSession } from "@/core/wire/routeros/mod.ts";
import { NoCredential } from "../failure.ts";
import { routerTls } from "../router_tls.ts";
import type { Semaphore } from "../semaphore.ts";
import { RUNNERS } from "./kinds/mod.ts";
import { Run } from "./run.ts";
import type { Runner } from "./runner.ts";
import { RunSlots } from "./slots.ts";

export interface RunsDeps {
  bus: Bus;
  rpc: Rpc;
  clock: Clock;
  locks: Locks;
  log: Logger;
  region: string;
  handshakes: Semaphore;
  connectTimeoutMs: number;
  /** The device as it is now; `undefined`: gone. */
  target(deviceId: string): Promise<PollTarget | undefined>;
  /** For a command, and noted as that; `undefined`: there is none. */
  credential(target: PollTarget): Promise<DeviceCredential | undefined>;
}

const STARTS_AT_ONCE = 16;
/** The command, and the question whether a silent router is still there. */
const IN_FLIGHT = 2;
/** Runs that are over and still tell what they said. */
const MAX_KEPT = 200;

/**
 * The live runs of this poller. Each has a session of its own with its router: the one that polls must
 * not be held for minutes, paused by a slow stream, or lost with a tool that hangs.
 */
export class LiveRuns {
  readonly #deps: RunsDeps;
  readonly #slots: RunSlots;
  readonly #runs = new Set<Run>();
  readonly #living = new Set<Promise<void>>();
  #kept = 0;

  constructor(deps: RunsDeps) {
    this.#deps = deps;
    this.#slots = new RunSlots(deps.locks);
  }

  /** Runs that are not over. */
  get size(): number {
    return this.#slots.inUse;
  }

  /** Whether something runs on a device: its poll then asks one thing at a time. */
  isOn(deviceId: string): boolean {
    return this.#slots.isOn(deviceId);
  }

  /** Takes runs until `signal` aborts, then ends those there are. */
  async serve(signal: AbortSignal): Promise<void> {
    await this.#deps.rpc.serve(
      subjects.runStart(this.#deps.region),
      { group: "pollers", concurrency: STARTS_AT_ONCE, signal },
      async (data) => {
        const request = StartRequest.parse(JSON.parse(new TextDecoder().decode(data)));
        return new TextEncoder().encode(JSON.stringify(await this.start(request, signal)));
      },
    );
    await Promise.allSettled(this.#living);
  }

  async start(request: StartRequest, signal: AbortSignal): Promise<StartAnswer> {
    const kind = RUN_KINDS[request.kind];
    const params = kind.params.safeParse(request.params);
    if (!params.success) return refused("Cannot start this: its parameters do not fit");
    if (this.#kept >= MAX_KEPT) {
      return {
        ok: false,
        why: "busy",
        detail: "This poller has enough to do: try again in a minute",
      };
    }
    let target: PollTarget | null = null;
    if (request.deviceId !== null) {
      target = await this.#deps.target(request.deviceId) ?? null;
      if (target?.tenantId !== request.tenantId || target.region !== this.#deps.region) {
        return refused("Cannot reach this router from this region: it was moved or removed");
      }
      if (!target.isEnabled) {
        return refused("Cannot use this router as it is paused: enable it first");
      }
      const isFirstContact = target.tlsFingerprint === null &&
        (target.tlsMode === "pinned" || target.tlsMode === "legacy");
      if (isFirstContact) {
        return refused(
          "Cannot use this router before it was read once: its certificate is not known",
        );
      }
    }
    const owners = { tenant: request.tenantId, device: request.deviceId };
    const slot = await this.#slots.take(owners);
    if ("full" in slot) return { ok: false, why: "busy", detail: slot.full };
    const runner = RUNNERS[request.kind] as Runner<unknown>;
    const { bus, rpc, clock, log, region } = this.#deps;
    const open = (target: PollTarget, signal: AbortSignal) => this.#open(target, signal);
    const run = new Run({ ...request, params: params.data }, target, kind, runner, {
      ...{ bus, rpc, clock, log, region, open },
    });
    this.#runs.add(run);
    this.#kept += 1;
    const living: Promise<void> = run.live(slot, signal)
      .catch((error) => log.error("a run broke", { run: request.run, error }))
      .finally(() => {
        this.#kept -= 1;
        this.#runs.delete(run);
        this.#living.delete(living);
      });
    this.#living.add(living);
    return { ok: true, info: run.info };
  }

  /** A device was edited or removed: what runs on the old one ends. */
  async apply({ deviceId, change }: DeviceChange): Promise<void> {
    const affected = [...this.#runs].filter(({ target }) => target?.deviceId === deviceId);
    if (affected.length === 0) return;
    const now = change === "removed" ? undefined : await this.#deps.target(deviceId);
    for (const run of affected) endIfChanged(run, now);
  }

  /** The devices of the region as the database has them: for changes that were missed. */
  sync(targets: readonly PollTarget[]): void {
    if (this.#runs.size === 0) return;
    const now = new Map(targets.map((target) => [target.deviceId, target]));
    for (const run of this.#runs) if (run.target) endIfChanged(run, now.get(run.target.deviceId));
  }

  async #open(target: PollTarget, signal: AbortSignal): Promise<RouterosSession> {
    const credential = await this.#deps.credential(target);
    if (!credential) throw new NoCredential("Cannot log in: this device has no credential");
    const { connectTimeoutMs } = this.#deps;
    return await this.#deps.handshakes.run(() =>
      RouterosSession.open({
        address: target.address,
        port: target.port,
        tls: routerTls(target, null),
        ...credential,
        connectTimeoutMs,
        loginTimeoutMs: connectTimeoutMs,
        maxInFlight: IN_FLIGHT,
        signal,
      })
    );
  }
}

function endIfChanged(run: Run, now: PollTarget | undefined): void {
  const before = run.target!;
  if (!now || !now.isEnabled) {
    run.stop("failed", "It was stopped as the router was removed or paused.");
  } else if (
    now.address !== before.address || now.port !== before.port || now.region !== before.region ||
    now.tlsMode !== before.tlsMode || now.credentialAt !== before.credentialAt
  ) {
    run.stop(
      "failed",
      "It was stopped as the router's address or login was changed: start it again.",
    );
  }
}

function refused(detail: string): StartAnswer {
  return { ok: false, why: "refused", detail };
}
