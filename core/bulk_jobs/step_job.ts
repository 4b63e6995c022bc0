import { PAUSE_WORDS } from "@/core/contract/bulk_jobs.ts";
import type {
  JobCounts,
  JobKind,
  JobPlan,
  JobState,
  PauseReason,
} from "@/core/contract/bulk_jobs.ts";
import { recordEvents } from "@/core/events/events.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { countColumns, countsOf } from "./job_rows.ts";
import { mayStill } from "./may_still.ts";

/** Somebody else drives this job by now: whatever is still known here is out of date. */
export class StaleDriver extends Error {
  override name = "StaleDriver";
}

export interface JobHold {
  tenantId: TenantId;
  jobId: string;
  epoch: string;
}

/** A router whose turn it is. */
export interface BegunItem {
  position: number;
  deviceId: string;
  tries: number;
  region: string;
  /** What it is called and where it is: what it prints may name it. */
  ownNames: string[];
  hasHostKey: boolean;
  /** Of a push that an earlier driver began. */
  pushId?: string | null;
}

export interface Step {
  state: JobState;
  wave: number;
  kind: JobKind;
  actor: string;
  counts: JobCounts;
  begun: BegunItem[];
  /** When to look again, if nothing happens before. */
  againMs: number;
}

interface HeldJob {
  tenantId: TenantId;
  id: string;
  title: string;
  state: JobState;
  kind: JobKind;
  actor: string;
  plan: JobPlan;
  wave: number;
  waves: number;
  accepted: number;
  nextWaveAt: Date | null;
  expiresAt: Date;
}

/** Routers come back at any moment; nobody tells a job. */
export const LOOK_MS = 3_000;

/**
 * One look at a job: what has expired, whether it must halt, whether its next wave begins, and which routers
 * are begun now. They are stored as running before they are asked: who finds them so knows that they may
 * have been.
 *
 * @throws {StaleDriver}
 */
export async function stepJob(
  sql: Sql,
  { jobId, epoch }: Omit<JobHold, "tenantId">,
  now: Date,
  /** Most that this process begins now. */
  free: number,
): Promise<Step> {
  const [job] = await sql<HeldJob[]>`
    select tenant_id as "tenantId", id, title, state, kind, actor, plan, wave, waves, accepted, next_wave_at as "nextWaveAt",
      expires_at as "expiresAt"
    from bulk_jobs where id = ${jobId} and epoch = ${epoch}::text::bigint for update`;
  if (!job) throw new StaleDriver("another process drives this job");
  const step = (begun: BegunItem[] = [], againMs = LOOK_MS, counts?: JobCounts) =>
    stepOf(sql, jobId, job, begun, againMs, counts);
  if (job.state !== "running" && job.state !== "scheduled") return await step();
  await expire(sql, jobId, job, now);
  if (job.wave === 0) {
    const permission = job.kind === "command" ? "commands:run" : "configs:push";
    if (!await mayStill(sql, job.actor, permission, now)) {
      await pause(sql, job, "rights", now);
      return await step();
    }
    await enterWave(sql, jobId, job, 1);
  }
  for (;;) {
    const counts = await countItems(sql, jobId);
    if (counts.pending + counts.running === 0) {
      job.state = "ended";
      await sql`
        update bulk_jobs set state = 'ended', ended_at = ${now}, paused_why = null
        where id = ${jobId}`;
      await tellEnd(sql, job, counts, now);
      return await step([], LOOK_MS, counts);
    }
    if (await mustHalt(sql, jobId, job, counts)) {
      await pause(sql, job, "failures", now);
      return await step([], LOOK_MS, counts);
    }
    const room = Math.min(free, job.plan.concurrency - counts.running);
    const begun = room > 0 ? await begin(sql, jobId, job, now, room) : [];
    if (begun.length > 0) return await step(begun);
    const next = await nextWave(sql, jobId, job, now);
    if (next === "paused") return await step([], LOOK_MS, counts);
    if (next !== "entered") return await step([], Math.min(LOOK_MS, next), counts);
  }
}

async function stepOf(
  sql: Sql,
  jobId: string,
  { state, wave, kind, actor }: HeldJob,
  begun: BegunItem[],
  againMs: number,
  counts?: JobCounts,
): Promise<Step> {
  return {
    ...{ state, wave, kind, actor, begun, againMs },
    counts: counts ?? await countItems(sql, jobId),
  };
}

async function countItems(sql: Sql, jobId: string): Promise<JobCounts> {
  const [row] = await sql<JobCounts[]>`
    select ${countColumns(sql)} from bulk_job_items i where i.job_id = ${jobId}`;
  return countsOf(row!);
}

/** Routers that did not come back in time, and those that are gone, are over. */
async function expire(sql: Sql, jobId: string, { expiresAt }: HeldJob, now: Date): Promise<void> {
  if (expiresAt <= now) {
    await sql`
      update bulk_job_items set state = 'expired', ended_at = ${now},
        reason = 'It was not reached in time: nothing was done.'
      where job_id = ${jobId} and state = 'pending'`;
    return;
  }
  await sql`
    update bulk_job_items i set state = 'skipped', ended_at = ${now},
      reason = 'The router was removed, retired or is not polled any more.'
    where i.job_id = ${jobId} and i.state = 'pending' and not exists (
      select from devices d where d.tenant_id = i.tenant_id and d.id = i.device_id
        and d.is_enabled and d.retired_at is null)`;
}

/** More of the routers of the waves so far have failed than may, beyond those that somebody accepted. */
async function mustHalt(
  sql: Sql,
  jobId: string,
  { plan, accepted, wave }: HeldJob,
  { failed, unknown }: JobCounts,
): Promise<boolean> {
  const fresh = failed + unknown - accepted;
  if (fresh <= 0) return false;
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from bulk_job_items where job_id = ${jobId} and wave <= ${wave}`;
  return fresh * 100 > plan.haltPercent * row!.n;
}

async function begin(
  sql: Sql,
  jobId: string,
  { wave }: HeldJob,
  now: Date,
  room: number,
): Promise<BegunItem[]> {
  return await sql<BegunItem[]>`
    with turn as (
      select i.position, d.region, d.ssh_host_key is not null as has_key,
        array_remove(array[d.name, l.identity, d.address, l.serial_number], null) as own
      from bulk_job_items i
      join devices d on d.tenant_id = i.tenant_id and d.id = i.device_id
      join device_latest l on l.tenant_id = i.tenant_id and l.device_id = i.device_id
      where i.job_id = ${jobId} and i.state = 'pending' and i.wave <= ${wave}
        and (i.not_before is null or i.not_before <= ${now}) and l.status = 'online'
      order by i.position limit ${room}
    )
    update bulk_job_items i set state = 'running', started_at = ${now}, tries = i.tries + 1,
      reason = null, ended_at = null, not_before = null, push_id = null, output_id = null
    from turn where i.job_id = ${jobId} and i.position = turn.position
    returning i.position, i.device_id as "deviceId", i.tries, turn.region,
      turn.own as "ownNames", turn.has_key as "hasHostKey"`;
}

/**
 * A wave is over when none of its routers runs and none that is online waits: those that are offline are
 * done when they come back. Of the first wave one at least must have been done.
 */
async function nextWave(
  sql: Sql,
  jobId: string,
  job: HeldJob,
  now: Date,
): Promise<"entered" | "paused" | number> {
  if (job.wave >= job.waves) return LOOK_MS;
  const [open] = await sql<{ running: number; turns: number; ended: number }[]>`
    select count(*) filter (where i.state = 'running')::int as running,
      count(*) filter (where i.state = 'pending' and l.status = 'online')::int as turns,
      count(*) filter (where i.state in ('done', 'failed', 'unknown'))::int as ended
    from bulk_job_items i
    left join device_latest l on l.tenant_id = i.tenant_id and l.device_id = i.device_id
    where i.job_id = ${jobId} and i.wave <= ${job.wave}`;
  if (open!.running + open!.turns > 0 || (job.wave === 1 && open!.ended === 0)) return LOOK_MS;
  if (job.wave === 1 && job.plan.needsApproval) {
    await pause(sql, job, "canary", now);
    return "paused";
  }
  if (job.plan.pauseSeconds > 0 && job.nextWaveAt === null) {
    job.nextWaveAt = new Date(now.getTime() + job.plan.pauseSeconds * 1_000);
    await sql`update bulk_jobs set next_wave_at = ${job.nextWaveAt} where id = ${jobId}`;
  }
  if (job.nextWaveAt !== null && job.nextWaveAt > now) {
    return job.nextWaveAt.getTime() - now.getTime();
  }
  await enterWave(sql, jobId, job, job.wave + 1);
  return "entered";
}

async function enterWave(sql: Sql, jobId: string, job: HeldJob, wave: number): Promise<void> {
  Object.assign(job, { wave, state: "running", nextWaveAt: null });
  await sql`
    update bulk_jobs set wave = ${wave}, state = 'running', next_wave_at = null where id = ${jobId}`;
}

async function pause(sql: Sql, job: HeldJob, why: PauseReason, now: Date): Promise<void> {
  job.state = "paused";
  await sql`update bulk_jobs set state = 'paused', paused_why = ${why} where id = ${job.id}`;
  const severity = why === "canary" ? "info" : "warning";
  await tell(sql, job, now, "job.paused", severity, PAUSE_WORDS[why]);
}

async function tellEnd(sql: Sql, job: HeldJob, counts: JobCounts, now: Date): Promise<void> {
  const { done, failed, unknown, expired, skipped } = counts;
  const parts = [`${done} done`, `${failed} failed`, `${unknown} unknown`];
  if (expired + skipped > 0) parts.push(`${expired + skipped} not tried`);
  const severity = failed + unknown > 0 ? "warning" : "info";
  await tell(sql, job, now, "job.ended", severity, `${parts.join(", ")}.`);
}

async function tell(
  sql: Sql,
  { tenantId, id, title }: HeldJob,
  now: Date,
  kind: "job.paused" | "job.ended",
  severity: "info" | "warning",
  words: string,
): Promise<void> {
  await recordEvents(sql, tenantId, [{
    ...{ at: now.toISOString(), kind, severity, deviceId: null, deviceName: null },
    ...{ message: `${title}: ${words}`, data: { jobId: id } },
  }]);
}
