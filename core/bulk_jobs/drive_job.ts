import type { JobNews } from "@/core/contract/bulk_jobs.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus, Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { subjects } from "@/core/subjects.ts";
import { disownCommands, finishItem, type ItemResult } from "./finish_item.ts";
import { type JobSpec, openSpec } from "./job_spec.ts";
import { pinHostKey } from "./pin_host_key.ts";
import { type PushItem, resumePushes } from "./push_items.ts";
import { runCommand } from "./run_command.ts";
import {
  type BegunItem,
  type JobHold,
  LOOK_MS,
  StaleDriver,
  type Step,
  stepJob,
} from "./step_job.ts";

export interface DriveDeps {
  db: Db;
  kms: Kms;
  bus: Bus;
  rpc: Rpc;
  clock: Clock;
  log: Logger;
  /** Pushes to one router; see `push_items.ts`. */
  pushItem: PushItem;
  /** Of each router, what came of it. */
  count?: (outcome: string) => void;
  /** How long a job that waits for offline routers is left alone. */
  idleMs?: number;
}

export type TakenJob = JobHold;

/** Longer than anything between two renewals takes; a process that died gives its jobs back after it. */
export const LEASE_SECONDS = 60;
const RENEW_MS = 15_000;
/** Nothing is begun when less than this is left of the lease. */
const SAFE_MS = 10_000;
/** Followers and the database are told this often at most. */
const PACE_MS = 250;
const IDLE_MS = 10_000;
/** Routers that one process asks at a time for one job. */
const AT_ONCE = 100;

/**
 * Drives a job while anything of it is under way, then gives it back: with nothing to do it waits in the
 * database, not here.
 */
export async function driveJob(
  deps: DriveDeps,
  job: TakenJob,
  signal: AbortSignal,
): Promise<void> {
  const driver = new Driver(deps, job, signal);
  try {
    await driver.run();
  } catch (error) {
    if (!(error instanceof StaleDriver)) throw error;
    deps.log.warn("a bulk job is driven by another process", { jobId: job.jobId });
  }
}

interface JobRow {
  kind: string;
  actor: string;
  title: string;
  spec: Uint8Array;
  timeoutSeconds: number;
}

class Driver {
  readonly #deps: DriveDeps;
  readonly #job: TakenJob;
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  #leaseEndsMs: number;
  #renewedMs: number;
  #wake = Promise.withResolvers<void>();
  #failure: unknown;

  constructor(deps: DriveDeps, job: TakenJob, signal: AbortSignal) {
    this.#deps = deps;
    this.#job = job;
    this.#signal = signal;
    this.#renewedMs = deps.clock.monotonic();
    this.#leaseEndsMs = this.#renewedMs + LEASE_SECONDS * 1_000;
  }

  async run(): Promise<void> {
    const { db, kms, bus, clock, idleMs = IDLE_MS } = this.#deps;
    const { tenantId, jobId } = this.#job;
    const row = await this.#adopt();
    if (!row) return;
    const spec = await openSpec(kms, tenantId, jobId, row.spec);
    const ending = new AbortController();
    const signal = AbortSignal.any([this.#signal, ending.signal]);
    const acts = this.#hearActs(bus, signal);
    let againMs = 0;
    try {
      for (;;) {
        this.#wake = Promise.withResolvers();
        const isStopped = this.#signal.aborted;
        const step = await db.tenant(
          tenantId,
          (sql) => stepJob(sql, this.#job, new Date(clock.now()), isStopped ? 0 : this.#free),
        );
        this.#announce(step);
        for (const item of step.begun) this.#start(item, { ...row, actor: step.actor }, spec);
        if (this.#failure) throw this.#failure;
        againMs = step.againMs;
        const isIdle = this.#running.size === 0 && step.begun.length === 0;
        if (isIdle) {
          // Offline routers, or a pause between waves: who looks again does so later.
          againMs = step.againMs < LOOK_MS ? step.againMs : idleMs;
          break;
        }
        if (isStopped && row.kind !== "command") break; // its next driver goes on with its pushes
        await Promise.race([this.#wake.promise, clock.sleep(againMs, signal), ...this.#running]);
        if (!isStopped) await clock.sleep(PACE_MS, signal);
        await this.#renew();
        if (this.#signal.aborted && this.#running.size > 0) await this.#endCommands();
      }
      await this.#release(againMs);
    } finally {
      ending.abort();
      await acts;
    }
  }

  get #free(): number {
    const isSafe = this.#leaseEndsMs - this.#deps.clock.monotonic() > SAFE_MS;
    return isSafe ? AT_ONCE - this.#running.size : 0;
  }

  /** What an earlier driver left under way. */
  async #adopt(): Promise<JobRow | undefined> {
    const { db, clock, log } = this.#deps;
    const { tenantId, jobId, epoch } = this.#job;
    const { row, left } = await db.tenant(tenantId, async (sql) => {
      const [row] = await sql<JobRow[]>`
        select kind, actor, title, spec, timeout_seconds as "timeoutSeconds" from bulk_jobs
        where id = ${jobId} and epoch = ${epoch}::text::bigint for update`;
      if (!row) return { row, left: [] };
      if (row.kind !== "command") return { row, left: await resumePushes(sql, jobId) };
      const disowned = await disownCommands(sql, jobId, new Date(clock.now()));
      if (disowned > 0) log.warn("routers of a bulk job are unknown", { jobId, disowned });
      return { row, left: [] };
    });
    if (row) { for (const item of left) this.#start(item, row, {}); }
    return row;
  }

  #start(item: BegunItem, job: JobRow, spec: JobSpec): void {
    const ended: Promise<void> = this.#one(item, job, spec)
      .catch((error) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#running.delete(ended);
        this.#wake.resolve();
      });
    this.#running.add(ended);
  }

  async #one(item: BegunItem, job: JobRow, spec: JobSpec): Promise<void> {
    const { clock, pushItem } = this.#deps;
    const { tenantId } = this.#job;
    let result: ItemResult & { hostKey?: string };
    if (job.kind === "command") {
      const command = { script: spec.script ?? "", timeoutSeconds: job.timeoutSeconds };
      result = await runCommand(this.#deps, tenantId, item, command);
    } else {
      const wanted = {
        hold: this.#job,
        item,
        actor: job.actor,
        given: spec.given ?? {},
        commands: spec.commands,
      };
      const pushed = await pushItem(wanted, this.#signal);
      if (pushed === "left") return; // stopped: its next driver goes on
      result = pushed;
    }
    await finishItem(this.#deps, tenantId, this.#job, item, result, new Date(clock.now()));
    this.#deps.count?.(result.state);
    if (result.hostKey && !item.hasHostKey) {
      await pinHostKey(this.#deps, tenantId, item.deviceId, result.hostKey);
    }
  }

  async #hearActs(bus: Bus, signal: AbortSignal): Promise<void> {
    const { tenantId, jobId } = this.#job;
    const subject = subjects.bulkJobAct(tenantId, jobId);
    for await (const _ of bus.listen(subject, { capacity: 1, signal })) this.#wake.resolve();
  }

  #announce({ state, wave, counts }: Step): void {
    const { tenantId, jobId } = this.#job;
    const news: JobNews = { id: jobId, state, wave, counts };
    const data = new TextEncoder().encode(JSON.stringify(news));
    this.#deps.bus.broadcast(subjects.bulkJob(tenantId, jobId), data);
  }

  /** @throws {StaleDriver} */
  async #renew(): Promise<void> {
    const { db, clock } = this.#deps;
    const { tenantId, jobId, epoch } = this.#job;
    const nowMs = clock.monotonic();
    if (nowMs - this.#renewedMs < RENEW_MS) return;
    const renewed = await db.tenant(tenantId, (sql) =>
      sql`
      update bulk_jobs set leased_until = now() + make_interval(secs => ${LEASE_SECONDS})
      where id = ${jobId} and epoch = ${epoch}::text::bigint returning id`);
    if (renewed.length === 0) throw new StaleDriver("another process drives this job");
    this.#renewedMs = nowMs;
    this.#leaseEndsMs = nowMs + LEASE_SECONDS * 1_000;
  }

  /** The process ends: commands under way have a moment, then what became of them is not known. */
  async #endCommands(): Promise<void> {
    const patience = new AbortController();
    const all = Promise.all(this.#running);
    await Promise.race([all, this.#deps.clock.sleep(SAFE_MS, patience.signal)]);
    patience.abort();
    if (this.#running.size === 0) return;
    const { db, clock } = this.#deps;
    const { tenantId, jobId } = this.#job;
    await db.tenant(tenantId, (sql) => disownCommands(sql, jobId, new Date(clock.now())));
    this.#running.clear();
    this.#failure = undefined;
  }

  async #release(againMs: number): Promise<void> {
    const { db } = this.#deps;
    const { tenantId, jobId, epoch } = this.#job;
    await db.tenant(tenantId, (sql) =>
      sql`
      update bulk_jobs set leased_until = null,
        look_at = greatest(look_at, now() + make_interval(secs => ${againMs / 1_000}))
      where id = ${jobId} and epoch = ${epoch}::text::bigint`);
  }
}
