import type { RunInfo, RunMessage, RunOutcome } from "@/core/contract/device_runs.ts";
import type { RunKind } from "@/core/contract/runs/mod.ts";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import {
  ABANDONED_MS,
  type ControlAnswer,
  ControlRequest,
  KEPT_MS,
  type StartRequest,
} from "@/core/device_runs/protocol.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus, Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { subjects } from "@/core/subjects.ts";
import type { RouterosSession } from "@/core/wire/routeros/mod.ts";
import { failureOf } from "../failure.ts";
import { RunOutput } from "./output.ts";
import type { Runner } from "./runner.ts";
import type { Slot } from "./slots.ts";

export interface RunDeps {
  bus: Bus;
  rpc: Rpc;
  clock: Clock;
  log: Logger;
  region: string;
  open(target: PollTarget, signal: AbortSignal): Promise<RouterosSession>;
}

/** Why a run was ended from outside. */
class Stopped {
  constructor(readonly outcome: RunOutcome, readonly detail: string | null = null) {}
}

const WATCH_MS = 5_000;
/** Answers at a time: followers that beat while somebody waits for the stop. */
const CONTROLS_AT_ONCE = 8;

/** One live run, from the place it was given to the minute after its end. */
export class Run {
  readonly output: RunOutput;
  /** Settles when the command is over and its session closed. */
  readonly ended: Promise<void>;
  readonly #end = Promise.withResolvers<void>();
  readonly #begin = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  readonly #deadlineAt: number;
  readonly #startedAt: number;
  #followedAt: number;
  #state: RunInfo["state"] = "waiting";

  constructor(
    readonly request: StartRequest,
    readonly target: PollTarget | null,
    readonly kind: RunKind,
    readonly runner: Runner<unknown>,
    readonly deps: RunDeps,
  ) {
    const { clock, bus } = deps;
    this.#startedAt = clock.now();
    this.#followedAt = clock.monotonic();
    this.#deadlineAt = this.#startedAt + kind.maxSeconds * 1_000;
    const subject = subjects.run(request.tenantId, request.run);
    const send = (message: RunMessage) =>
      bus.broadcast(subject, new TextEncoder().encode(JSON.stringify(message)));
    this.output = new RunOutput({ kind, now: () => clock.now(), send });
    this.ended = this.#end.promise;
  }

  get info(): RunInfo {
    const { run, kind, deviceId, actor } = this.request;
    return {
      ...{ id: run, kind, deviceId, region: this.deps.region, state: this.#state },
      startedBy: actor,
      startedAt: new Date(this.#startedAt).toISOString(),
      deadlineAt: new Date(this.#deadlineAt).toISOString(),
    };
  }

  stop(outcome: RunOutcome, detail: string | null = null): void {
    this.#stop.abort(new Stopped(outcome, detail));
    this.#begin.resolve();
  }

  /**
   * Waits for a follower, runs, and stays for those who come late until `signal` aborts or a minute
   * has passed. Never throws for what a router does.
   */
  async live(slot: Slot, signal: AbortSignal): Promise<void> {
    const shut = () => this.stop("failed", "The poller was shut down: start it again in a moment.");
    if (signal.aborted) shut();
    signal.addEventListener("abort", shut, { once: true });
    const gone = new AbortController();
    const { tenantId, run } = this.request;
    const serving = this.deps.rpc.serve(
      subjects.runControl(tenantId, run),
      { group: run, concurrency: CONTROLS_AT_ONCE, signal: gone.signal },
      async (data) => {
        const { type } = ControlRequest.parse(JSON.parse(new TextDecoder().decode(data)));
        return new TextEncoder().encode(JSON.stringify(await this.#control(type)));
      },
    );
    const watch = this.#watch(slot);
    try {
      await this.#begin.promise;
      await this.#perform();
    } finally {
      this.#end.resolve();
      await watch;
      await slot[Symbol.asyncDispose]();
      await this.deps.clock.sleep(KEPT_MS, signal);
      signal.removeEventListener("abort", shut);
      gone.abort();
      await serving;
    }
  }

  async #control(type: ControlRequest["type"]): Promise<ControlAnswer> {
    if (type === "attach" || type === "beat") this.#followedAt = this.deps.clock.monotonic();
    if (type === "cancel") {
      this.stop("stopped");
      await this.ended;
    }
    if (type !== "attach") return { info: this.info, backlog: [] };
    const answer = { info: this.info, backlog: this.output.backlog };
    this.#begin.resolve();
    return answer;
  }

  /** Ends it when its time is up, or when nobody follows it any more. */
  async #watch(slot: Slot): Promise<void> {
    const { clock } = this.deps;
    const over = new AbortController();
    void this.ended.then(() => over.abort());
    while (!over.signal.aborted) {
      const left = this.#deadlineAt - clock.now();
      await clock.sleep(Math.max(0, Math.min(WATCH_MS, left)), over.signal);
      if (over.signal.aborted || this.#stop.signal.aborted) return;
      if (clock.now() >= this.#deadlineAt) {
        const { maxSeconds } = this.kind;
        const time = maxSeconds < 60
          ? `${maxSeconds} seconds`
          : maxSeconds === 60
          ? "a minute"
          : `${Math.round(maxSeconds / 60)} minutes`;
        this.stop("expired", `It was stopped after ${time}, the longest it may run.`);
      } else if (clock.monotonic() - this.#followedAt > ABANDONED_MS) {
        this.stop("abandoned", "It was stopped as nobody followed it any more.");
      } else await slot.renew();
    }
  }

  async #perform(): Promise<void> {
    const { clock, log, region, open } = this.deps;
    const { signal } = this.#stop;
    const fields = { run: this.request.run, kind: this.request.kind };
    let end: Stopped;
    try {
      signal.throwIfAborted();
      this.#state = "running";
      await this.runner({
        params: this.request.params,
        ...{ target: this.target, region, clock, signal, output: this.output },
        open: () => {
          if (!this.target) throw new TypeError("a run of a region has no router");
          return open(this.target, signal);
        },
      });
      end = new Stopped("done");
    } catch (error) {
      if (signal.aborted) end = signal.reason as Stopped;
      else {
        end = new Stopped("failed", failureOf(error).detail);
        log.info("a run failed", { ...fields, detail: end.detail });
      }
    }
    this.#state = "ended";
    this.output.end(end.outcome, end.detail);
  }
}
