import type { z } from "zod";
import { recordAudit } from "@/core/audit/record.ts";
import {
  type JobCheck,
  type JobKind,
  type JobPlan,
  NewCommandJob,
  NewPushJob,
  waveSizes,
} from "@/core/contract/bulk_jobs.ts";
import { subjects } from "@/core/subjects.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { chooseRouters, type ChosenRouter } from "./choose_routers.ts";
import { cleanText } from "./clean_output.ts";
import { type JobSpec, sealSpec } from "./job_spec.ts";
import { readSubject, type Subject } from "./push_subject.ts";

export interface JobDeps {
  bus: Bus;
  kms: Kms;
  clock: Clock;
}

const HOUR_MS = 3_600_000;
const MAX_AHEAD_MS = 90 * 24 * HOUR_MS;
/** Jobs that have not ended, of one tenant. */
const MAX_OPEN = 200;
const NAMED = 200;

/**
 * A command for many routers, as a job that goes on by itself. Nothing takes back what it does.
 *
 * @throws {InvalidInput} for routers that there are not; {@linkcode Conflict} if others fit by now
 */
export async function addCommandJob(
  scope: Scope,
  deps: JobDeps,
  input: NewCommandJob,
): Promise<string> {
  demand(scope, "commands:run");
  const job = read(NewCommandJob, input);
  return await make(scope, deps, job, {
    ...{ kind: "command", timeoutSeconds: job.timeoutSeconds, spec: { script: job.script } },
  });
}

/** A template or a change set for many routers, each by a push that undoes itself. */
export async function addPushJob(scope: Scope, deps: JobDeps, input: NewPushJob): Promise<string> {
  demand(scope, "configs:push");
  const job = read(NewPushJob, input);
  const given = job.what.kind === "template" ? job.what.given : {};
  return await make(scope, deps, job, {
    ...{ kind: job.what.kind, timeoutSeconds: 600, spec: { given } },
    subject: (sql) => readSubject(sql, scope, deps, job.what),
  });
}

/** How many routers, in which waves, and what hinders. Nothing is made. */
export async function checkCommandJob(scope: Scope, input: NewCommandJob): Promise<JobCheck> {
  demand(scope, "commands:run");
  const job = read(NewCommandJob, input);
  return await scope.db.tenant(
    scope.tenantId,
    async (sql) => checkOf(await chooseRouters(sql, job), job.plan, []),
  );
}

/** The same for a push: routers that lack a value are named with it. */
export async function checkPushJob(
  scope: Scope,
  deps: JobDeps,
  input: NewPushJob,
): Promise<JobCheck> {
  demand(scope, "configs:push");
  const job = read(NewPushJob, input);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const subject = await readSubject(sql, scope, deps, job.what);
    const routers = await chooseRouters(sql, job);
    return checkOf(routers, job.plan, await subject.problems(askable(routers)));
  });
}

type Parsed = z.output<typeof NewCommandJob> | z.output<typeof NewPushJob>;

interface Made {
  kind: JobKind;
  timeoutSeconds: number;
  spec: JobSpec;
  subject?: (sql: Sql) => Promise<Subject>;
}

async function make(
  scope: Scope,
  deps: JobDeps,
  job: Parsed,
  { kind, timeoutSeconds, spec, subject: readIt }: Made,
): Promise<string> {
  const { tenantId, actor } = scope;
  const nowMs = deps.clock.now();
  const startMs = Math.max(nowMs, job.startAt === null ? nowMs : Date.parse(job.startAt));
  if (startMs > nowMs + MAX_AHEAD_MS) {
    throw invalid([{ path: "startAt", message: "must be within 90 days" }]);
  }
  const id = crypto.randomUUID();
  // Before the transaction that writes: the KMS may need a connection of its own.
  const commands = readIt && (await scope.db.tenant(tenantId, readIt)).commands;
  const whole = { ...spec, ...(commands && { commands }) };
  const sealed = await sealSpec(deps.kms, tenantId, id, whole);
  await scope.db.tenant(tenantId, async (sql) => {
    const [open] = await sql<{ n: number }[]>`
      select count(*)::int as n from bulk_jobs where state in ('scheduled', 'running', 'paused')`;
    if (open!.n >= MAX_OPEN) {
      throw invalid([{ path: "", message: `${MAX_OPEN} jobs have not ended: end some first` }]);
    }
    const subject = await readIt?.(sql);
    const routers = await chooseRouters(sql, job);
    const lacking = await subject?.problems(askable(routers)) ?? [];
    if (lacking.length > 0) {
      throw invalid(lacking.map(({ message, routers, count }) => ({
        path: "",
        message: `${message}: ${routers.join(", ")}${
          count > routers.length ? ` and ${count - routers.length} more` : ""
        }`,
      })));
    }
    const sizes = waveSizes(job.plan.waves, askable(routers).length);
    // People read it everywhere, the audit log keeps it: a password typed into it stays out.
    const title = cleanText(job.title).slice(0, 200) || kind;
    const row = {
      ...{ id, tenant_id: tenantId, title, kind, actor, spec: sealed },
      state: startMs > nowMs ? "scheduled" : "running",
      ...{
        created_at: new Date(nowMs),
        look_at: startMs > nowMs ? new Date(startMs) : atOnce(nowMs),
      },
      start_at: job.startAt === null ? null : new Date(startMs),
      expires_at: new Date(startMs + job.plan.expiresInHours * HOUR_MS),
      ...{ plan: sql.json(job.plan as never), query: job.q ?? null },
      ...{ waves: Math.max(1, sizes.length), timeout_seconds: timeoutSeconds },
      ...subject?.columns,
    };
    await sql`insert into bulk_jobs ${sql(row as never)}`;
    await insertItems(sql, scope, id, routers, sizes);
    await recordAudit(sql, deps.kms, tenantId, {
      ...{ at: new Date(nowMs), actor, action: "job.started", outcome: "ok" },
      target: { kind: "job", id, label: title },
      details: {
        ...{ kind, routers: routers.length, query: job.q ?? null, plan: job.plan },
        ...(subject && { subject: subject.label }),
        devices: routers.slice(0, NAMED).map((router) => router.id),
      },
      ...{ requestId: scope.requestId, ip: scope.ip },
    });
  });
  deps.bus.broadcast(subjects.bulkJobAct(tenantId, id), new Uint8Array());
  return id;
}

/** Due whatever the database's clock says: it and ours may differ. */
export function atOnce(nowMs: number): Date {
  return new Date(nowMs - HOUR_MS);
}

const askable = (routers: readonly ChosenRouter[]) =>
  routers.filter(({ problem }) => problem === null);

/** Those that cannot be asked come last, and are over from the start. */
async function insertItems(
  sql: Sql,
  { tenantId }: Scope,
  jobId: string,
  routers: readonly ChosenRouter[],
  sizes: readonly number[],
): Promise<void> {
  const waves = sizes.flatMap((size, at) => Array.from({ length: size }, () => at + 1));
  const all = [...askable(routers), ...routers.filter(({ problem }) => problem !== null)];
  await sql`
    insert into bulk_job_items (tenant_id, job_id, position, device_id, device_name, wave, state, reason)
    select ${tenantId}, ${jobId}, t.position, t.id, t.name, t.wave,
      case when t.reason is null then 'pending' else 'skipped' end, t.reason
    from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(({ name }) => name)}::text[],
      ${all.map((_, at) => waves[at] ?? Math.max(1, sizes.length))}::int[],
      ${all.map(({ problem }) => problem) as string[]}::text[])
      with ordinality as t (id, name, wave, reason, position)`;
}

function checkOf(
  routers: readonly ChosenRouter[],
  plan: JobPlan,
  problems: JobCheck["problems"],
): JobCheck {
  const left = routers.filter(({ problem }) => problem !== null);
  return {
    routers: routers.length,
    online: routers.filter(({ isOnline }) => isOnline).length,
    waves: waveSizes(plan.waves, routers.length - left.length),
    problems,
  };
}

/** @throws {InvalidInput} */
function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}

function invalid(issues: { path: string; message: string }[]): InvalidInput {
  return new InvalidInput("Cannot make this job", issues);
}
