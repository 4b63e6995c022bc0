import { recordAudit } from "@/core/audit/record.ts";
import type { JobAct, JobKind } from "@/core/contract/bulk_jobs.ts";
import { Conflict } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { atOnce, type JobDeps } from "./make_job.ts";
import { demandJob } from "./read_jobs.ts";

const COMMANDS: readonly JobKind[] = ["command"];
const PUSHES: readonly JobKind[] = ["template", "change_set"];
const HOUR_MS = 3_600_000;

/** Pauses, resumes, aborts or retries a job of commands. @throws {Conflict} if it is not in that state */
export async function actOnCommands(
  scope: Scope,
  deps: JobDeps,
  id: string,
  act: JobAct,
): Promise<void> {
  demand(scope, "commands:run");
  await actOn(scope, deps, id, act, COMMANDS);
}

/** The same for a job of pushes. What is under way on a router ends by its own rules. */
export async function actOnPushes(
  scope: Scope,
  deps: JobDeps,
  id: string,
  act: JobAct,
): Promise<void> {
  demand(scope, "configs:push");
  await actOn(scope, deps, id, act, PUSHES);
}

interface State {
  state: string;
  pausedWhy: string | null;
  title: string;
  hours: number;
}

async function actOn(
  scope: Scope,
  { kms, clock, bus }: JobDeps,
  id: string,
  act: JobAct,
  kinds: readonly JobKind[],
): Promise<void> {
  const { tenantId, actor } = scope;
  const now = new Date(clock.now());
  await scope.db.tenant(tenantId, async (sql) => {
    await demandJob(sql, id, kinds);
    const [job] = await sql<State[]>`
      select state, paused_why as "pausedWhy", title, (plan ->> 'expiresInHours')::int as hours
      from bulk_jobs where id = ${id} for update`;
    const done = await ACTS[act.act](sql, { id, now, actor }, job!, act);
    await recordAudit(sql, kms, tenantId, {
      ...{ at: now, actor, action: `job.${act.act}`, outcome: "ok", details: { ...done } },
      target: { kind: "job", id, label: job!.title },
      ...{ requestId: scope.requestId, ip: scope.ip },
    });
  });
  bus.broadcast(subjects.bulkJobAct(tenantId, id), new Uint8Array());
}

interface At {
  id: string;
  now: Date;
  actor: string;
}

const ACTS: Record<
  JobAct["act"],
  (sql: Sql, at: At, job: State, act: JobAct) => Promise<Record<string, unknown>>
> = {
  async pause(sql, { id }, { state }) {
    demandState(state, ["running", "scheduled"], "pause");
    await sql`update bulk_jobs set state = 'paused', paused_why = 'by_hand' where id = ${id}`;
    return {};
  },
  async resume(sql, { id, now, actor }, { state, pausedWhy }) {
    demandState(state, ["paused"], "resume");
    // Who resumes stands for what follows, with their own rights.
    const [counts] = await sql<{ failed: number }[]>`
      select count(*) filter (where state in ('failed', 'unknown'))::int as failed
      from bulk_job_items where job_id = ${id}`;
    const isBegun = pausedWhy === "canary";
    await sql`
      update bulk_jobs set state = case when wave = 0 and start_at > ${now} then 'scheduled'
          else 'running' end,
        paused_why = null, accepted = ${counts!.failed}, actor = ${actor},
        wave = wave + ${isBegun ? 1 : 0}::int, next_wave_at = null,
        look_at = case when wave = 0 and start_at > ${now} then start_at else ${
      atOnce(now.getTime())
    } end
      where id = ${id}`;
    return { after: pausedWhy };
  },
  async abort(sql, { id, now }, { state }) {
    demandState(state, ["running", "scheduled", "paused"], "abort");
    const skipped = await sql`
      update bulk_job_items set state = 'skipped', reason = 'The job was aborted.', ended_at = ${now}
      where job_id = ${id} and state = 'pending' returning position`;
    await sql`
      update bulk_jobs set state = 'aborted', paused_why = null, ended_at = ${now}
      where id = ${id}`;
    return { skipped: skipped.length };
  },
  async retry(sql, { id, now, actor }, { state, hours }, act) {
    demandState(state, ["running", "paused", "ended", "aborted"], "retry");
    const states = act.act === "retry" ? act.states : [];
    const again = await sql`
      update bulk_job_items set state = 'pending', reason = null, not_before = null, ended_at = null,
        started_at = null, push_id = null
      where job_id = ${id} and state = any(${states as string[]}::text[])
        and exists (select from devices d where d.id = bulk_job_items.device_id
          and d.is_enabled and d.retired_at is null)
      returning position`;
    if (again.length === 0) throw new Conflict("Cannot retry: no router is in one of these states");
    await sql`
      update bulk_jobs set state = case when state = 'paused' then 'paused' else 'running' end,
        ended_at = null, actor = ${actor}, look_at = ${atOnce(now.getTime())}, accepted = (
          select count(*) from bulk_job_items i where i.tenant_id = bulk_jobs.tenant_id
            and i.job_id = bulk_jobs.id and i.state in ('failed', 'unknown'))::int,
        wave = case when state in ('ended', 'aborted') then waves else wave end,
        expires_at = greatest(expires_at, ${new Date(now.getTime() + hours * HOUR_MS)})
      where id = ${id}`;
    return { states, routers: again.length };
  },
};

function demandState(state: string, wanted: readonly string[], verb: string): void {
  if (wanted.includes(state)) return;
  throw new Conflict(`Cannot ${verb} this job: it is ${state}`);
}
