import type { RunInfo, RunMessage } from "@/core/contract/device_runs.ts";
import { RUN_KINDS } from "@/core/contract/runs/mod.ts";
import { NotFound } from "@/core/errors.ts";
import type { Bus, Heard, Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { askRun, fromBytes } from "./ask_poller.ts";
import { BEAT_MS } from "./protocol.ts";

export interface FollowDeps {
  bus: Bus;
  rpc: Rpc;
  clock: Clock;
}

export interface FollowOptions {
  /** Ends the following, not the run. */
  signal: AbortSignal;
  /** Messages up to this one are known already. */
  afterSeq?: number;
}

export interface Followed {
  info: RunInfo;
  /** What has happened and what comes; its last message is the run's end. Read it, or leave it by `signal`. */
  messages: AsyncIterable<RunMessage>;
}

/** Messages that wait for a reader; past it the oldest go, and the reader hears of a gap. */
const CAPACITY = 64;
/** A reader that takes nothing for this long while something waits is gone. */
const STALLED_MS = 30_000;
/** A poller that does not answer for this long is gone. */
const LOST_MS = 20_000;

/**
 * Follows a live run. The first follower is what it waits for to begin; without one it ends.
 *
 * @throws {NotFound} if the tenant has no such run
 * @throws {Forbidden} if the scope may not what the run's kind needs
 */
export async function followRun(
  scope: Scope,
  deps: FollowDeps,
  run: string,
  options: FollowOptions,
): Promise<Followed> {
  await lookAtRun(scope, deps, run);
  const follower = new Follower(scope, deps, run, options);
  try {
    return { info: await follower.attach(), messages: follower.messages() };
  } catch (error) {
    follower.leave();
    throw error;
  }
}

/** A run as its poller sees it. Throws as {@linkcode followRun} does. */
export async function lookAtRun(
  scope: Scope,
  { rpc }: Pick<FollowDeps, "rpc">,
  run: string,
): Promise<RunInfo> {
  const { info } = await askRun(rpc, scope.tenantId, run, { type: "look" });
  demand(scope, RUN_KINDS[info.kind].permission);
  return info;
}

class Follower {
  readonly #scope: Scope;
  readonly #deps: FollowDeps;
  readonly #run: string;
  readonly #stop = new AbortController();
  readonly #heard: AsyncIterator<Heard>;
  #next: Promise<IteratorResult<Heard>>;
  #backlog: RunMessage[] = [];
  #lastSeq: number;
  /** Since when a message waits for the reader; `undefined`: the reader waits for us. */
  #waitsSince: number | undefined;
  #isLost = false;

  constructor(
    scope: Scope,
    deps: FollowDeps,
    run: string,
    { signal, afterSeq = 0 }: FollowOptions,
  ) {
    this.#scope = scope;
    this.#deps = deps;
    this.#run = run;
    this.#lastSeq = afterSeq;
    if (signal.aborted) this.leave();
    signal.addEventListener("abort", () => this.leave(), { once: true, signal: this.#stop.signal });
    const subject = subjects.run(scope.tenantId, run);
    const options = { capacity: CAPACITY, signal: this.#stop.signal };
    this.#heard = deps.bus.listen(subject, options)[Symbol.asyncIterator]();
    // From here on it listens: nothing falls between the backlog and what comes live.
    this.#next = this.#heard.next();
  }

  leave(): void {
    this.#stop.abort();
  }

  async attach(): Promise<RunInfo> {
    const { info, backlog } = await this.#ask("attach");
    this.#backlog = backlog;
    return info;
  }

  async *messages(): AsyncGenerator<RunMessage> {
    const beating = this.#beat();
    try {
      yield* this.#tell(this.#backlog);
      while (!this.#isOver) {
        this.#waitsSince = undefined;
        const { value, done } = await this.#next;
        if (done) break;
        this.#waitsSince = this.#deps.clock.monotonic();
        this.#next = this.#heard.next();
        yield* this.#tell([fromBytes(value.data) as RunMessage]);
      }
      // What the poller kept, when its end came to us in the answer to a beat.
      if (!this.#isOver) yield* this.#tell(this.#backlog);
      if (!this.#isOver && this.#isLost) yield this.#lost();
    } finally {
      this.leave();
      await this.#heard.return?.();
      await beating;
    }
  }

  #isOver = false;

  *#tell(messages: readonly RunMessage[]): Generator<RunMessage> {
    for (const message of messages) {
      if (message.seq <= this.#lastSeq || this.#isOver) continue;
      if (message.seq > this.#lastSeq + 1) {
        yield { type: "gap", seq: message.seq - 1, at: message.at };
      }
      this.#lastSeq = message.seq;
      if (message.type === "end") this.#isOver = true;
      yield message;
    }
  }

  /** Says that it follows, until it leaves; notices a poller that is gone, and a reader that is. */
  async #beat(): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#stop;
    let heardAt = clock.monotonic();
    for (;;) {
      await clock.sleep(BEAT_MS, signal);
      if (signal.aborted) return;
      const now = clock.monotonic();
      if (this.#waitsSince !== undefined && now - this.#waitsSince > STALLED_MS) {
        return this.leave();
      }
      try {
        const { info } = await this.#ask("beat");
        heardAt = clock.monotonic();
        if (info.state !== "ended" || this.#waitsSince !== undefined) continue;
        // Its end may have been lost on the way: the backlog has it.
        this.#backlog = (await this.#ask("attach")).backlog;
        return this.leave();
      } catch (error) {
        const isGone = error instanceof NotFound || clock.monotonic() - heardAt > LOST_MS;
        if (!isGone) continue;
        this.#isLost = true;
        return this.leave();
      }
    }
  }

  #ask(type: "attach" | "beat") {
    return askRun(this.#deps.rpc, this.#scope.tenantId, this.#run, { type });
  }

  #lost(): RunMessage {
    const detail = "The poller that ran this is gone, so the router has ended it: start it again.";
    const at = this.#deps.clock.now();
    return { type: "end", seq: this.#lastSeq + 1, at, outcome: "lost", detail };
  }
}
