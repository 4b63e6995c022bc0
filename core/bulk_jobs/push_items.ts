import { backUp, type BackupDeps } from "@/core/configs/back_up.ts";
import { planChanges } from "@/core/config_plan/plan_changes.ts";
import { type ConfigCommand, MAX_COMMANDS } from "@/core/contract/config_commands.ts";
import type { GivenValues } from "@/core/contract/templates.ts";
import { AppError, Conflict, DeviceUnreachable, InvalidInput, messageOf } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { awaitPush } from "@/core/pushes/await_push.ts";
import type { PushesDeps } from "@/core/pushes/deps.ts";
import { startPush } from "@/core/pushes/start_push.ts";
import type { Scope } from "@/core/scope.ts";
import { readCurrentConfig } from "@/core/templates/current_config.ts";
import { FillableTemplate } from "@/core/templates/fill_template.ts";
import { findTemplate } from "@/core/templates/read_templates.ts";
import { KeptValues, readRouters } from "@/core/templates/router_values.ts";
import { settle } from "@/core/templates/settle.ts";
import type { ItemResult } from "./finish_item.ts";
import { type BegunItem, type JobHold, StaleDriver } from "./step_job.ts";

export interface WantedPush {
  hold: JobHold;
  item: BegunItem;
  /** Whose rights the push has. */
  actor: string;
  given: GivenValues;
  /** Of a change set: the same for every router. */
  commands?: ConfigCommand[] | undefined;
}

/** Pushes what a job is about to one router and waits for its end; `left`: stopped, the push goes on. */
export type PushItem = (wanted: WantedPush, signal: AbortSignal) => Promise<ItemResult | "left">;

export type PushItemDeps = PushesDeps & BackupDeps;

const LOOK_MS = 60_000;
/** A push whose router does not answer is looked at by its own job; this one goes on without it. */
const UNKNOWN_MS = 15 * 60_000;
const UNKNOWN_LOOK_MS = 5_000;
const MAX_TRIES = 3;
const AGAIN_MS = 60_000;

/** The way from a job to pushes. */
export function pushItemWith(deps: PushItemDeps): PushItem {
  return async (wanted, signal) => {
    const { hold, item, actor } = wanted;
    const scope: Scope = {
      ...{ db: deps.db, tenantId: hold.tenantId, actor },
      // Asked for when the job began: a push needs these and no more.
      permissions: new Set(["configs:push", "configs:read", "devices:read"]),
    };
    let id = item.pushId ?? null;
    if (id === null) {
      const begun = await begin(scope, deps, wanted);
      if (typeof begun !== "string") return begun;
      id = begun;
    }
    return await outcomeOf(scope, deps, id, signal);
  };
}

/** The id of a push, or why there is none. */
async function begin(
  scope: Scope,
  deps: PushItemDeps,
  wanted: WantedPush,
): Promise<string | ItemResult> {
  const { hold, item } = wanted;
  const { deviceId, position, tries } = item;
  const failed = (reason: string): ItemResult => ({ state: "failed", reason });
  try {
    const planned = wanted.commands
      ? { title: await titleOf(deps, hold), commands: wanted.commands, problem: undefined }
      : await readAndPlan(scope, deps, wanted);
    if (planned.problem !== undefined) return failed(`${planned.problem} Nothing was done.`);
    if (planned.commands.length === 0) {
      return { state: "done", reason: "It is so already: nothing was changed." };
    }
    const push = await startPush(scope, deps, {
      ...{ deviceId, title: planned.title, commands: planned.commands, confirm: "auto" },
      source: { kind: "bulk", id: `${hold.jobId}:${position}:${tries}` },
      ...{ windowSeconds: 120, probes: [], typedName: null },
      // Asked when the job was made.
    }, { isReviewed: true });
    await notePush(deps, hold, item, push.id);
    return push.id;
  } catch (error) {
    // Nothing was changed so far: another change is under way, or the router does not answer just now.
    const isPassing = error instanceof Conflict || error instanceof DeviceUnreachable;
    if (isPassing && tries < MAX_TRIES) {
      const notBefore = new Date(deps.clock.now() + AGAIN_MS * tries);
      return { state: "pending", reason: error.message, notBefore };
    }
    if (error instanceof InvalidInput) {
      const why = error.issues.map(({ message }) => message).join("; ");
      return failed(`${error.message}: ${why}. Push it to this router alone, if it is meant.`);
    }
    if (error instanceof AppError) return failed(`${messageOf(error)}. Nothing was done.`);
    throw error;
  }
}

async function titleOf({ db }: PushItemDeps, { tenantId, jobId }: JobHold): Promise<string> {
  const [job] = await db.tenant(
    tenantId,
    (sql) => sql<{ title: string }[]>`select title from bulk_jobs where id = ${jobId}`,
  );
  return job!.title;
}

/** The configuration is read first: a template changes what the router holds right now. */
async function readAndPlan(
  scope: Scope,
  deps: PushItemDeps,
  wanted: WantedPush,
): Promise<Planned> {
  const { hold: { tenantId }, item: { deviceId }, actor } = wanted;
  const backup = await backUp(deps, { tenantId, deviceId, trigger: "operation", actor });
  if (backup.outcome !== "failed") return await commandsFor(scope, deps, wanted);
  const problem = `Its configuration cannot be read: ${backup.detail}`;
  return { title: "", commands: [], problem };
}

interface Planned {
  title: string;
  commands: ConfigCommand[];
  problem?: string | undefined;
}

/** What the template changes on the router as it is right now. */
async function commandsFor(
  scope: Scope,
  deps: PushItemDeps,
  { hold, item, given }: WantedPush,
): Promise<Planned> {
  const { db, kms } = deps;
  const { tenantId } = scope;
  const none = (problem: string): Planned => ({ title: "", commands: [], problem });
  const found = await db.tenant(tenantId, async (sql) => {
    const [job] = await sql<{ id: string | null; version: number; title: string }[]>`
      select template_id as id, template_version as version, title from bulk_jobs
      where id = ${hold.jobId}`;
    if (job?.id == null) return undefined;
    const { script, variables } = await findTemplate(sql, job.id, job.version);
    const template = new FillableTemplate(script, variables);
    const router = (await readRouters(sql, [item.deviceId])).get(item.deviceId);
    if (!router) return undefined;
    const kept = await KeptValues.read(sql, { kms, tenantId }, template.names, [router]);
    return { title: job.title, template, router, levels: kept.levelsOf(router) };
  });
  if (!found) return none("The template or the router was removed.");
  const filled = found.template.fill(found.router, found.levels, given);
  const said = (problems: readonly { message: string }[]) =>
    none(`${problems.map(({ message }) => message).join("; ")}.`);
  if (filled.problems.length > 0) return said(filled.problems);
  const current = await readCurrentConfig({ db, kms }, tenantId, item.deviceId);
  if (!current) return none("Its configuration was exported in part only.");
  const { wanted, problems } = settle(current.entries, filled.entries);
  if (problems.length > 0) return said(problems);
  const { commands, cannot } = planChanges(current.entries, wanted);
  if (cannot.length > 0) {
    return none(`${cannot.map(({ menu, label, why }) => `${menu} ${label}: ${why}`).join("; ")}.`);
  }
  if (commands.length > MAX_COMMANDS) return none(`It would be ${commands.length} commands.`);
  return { title: found.title, commands };
}

/** @throws {StaleDriver} if another process drives the job: it does not know of this push, which ends by itself */
async function notePush(
  { db }: PushItemDeps,
  { tenantId, jobId, epoch }: JobHold,
  { position, tries }: BegunItem,
  pushId: string,
): Promise<void> {
  const noted = await db.tenant(tenantId, (sql) =>
    sql`
    update bulk_job_items set push_id = ${pushId}
    where job_id = ${jobId} and position = ${position} and tries = ${tries} and state = 'running'
      and exists (select from bulk_jobs where id = ${jobId} and epoch = ${epoch}::text::bigint)
    returning position`);
  if (noted.length === 0) throw new StaleDriver("another process drives this job");
}

async function outcomeOf(
  scope: Scope,
  deps: PushItemDeps,
  id: string,
  signal: AbortSignal,
): Promise<ItemResult | "left"> {
  const unknownUntil = deps.clock.monotonic() + UNKNOWN_MS;
  for (;;) {
    const { state, reason } = await awaitPush(scope, deps, id, { signal, timeoutMs: LOOK_MS });
    switch (state) {
      case "confirmed":
        return { state: "done", reason: null };
      case "reverted":
        return { state: "failed", reason: `It was undone: ${reason ?? "it was not proven"}` };
      case "failed":
        return { state: "failed", reason: reason ?? "It was refused before anything changed" };
    }
    if (signal.aborted) return "left";
    if (state === "unknown") {
      if (deps.clock.monotonic() > unknownUntil) {
        return { state: "unknown", reason: reason ?? "The router does not answer: see its push" };
      }
      await deps.clock.sleep(UNKNOWN_LOOK_MS, signal);
    }
  }
}

/**
 * The pushes that an earlier driver began: they go on by themselves, and are waited for again. One that it
 * began and had not noted yet is found by its source.
 */
export async function resumePushes(sql: Sql, jobId: string): Promise<BegunItem[]> {
  await sql`
    update bulk_job_items i set push_id = p.id from pushes p
    where i.job_id = ${jobId} and i.state = 'running' and i.push_id is null
      and p.tenant_id = i.tenant_id and p.device_id = i.device_id and p.source_kind = 'bulk'
      and p.source_id = i.job_id || ':' || i.position || ':' || i.tries`;
  // It was read, or about to be pushed: by a process that may still be alive.
  await sql`
    update bulk_job_items set state = 'unknown', ended_at = now(),
      reason = 'The server stopped before it noted a push: see the changes of this router.'
    where job_id = ${jobId} and state = 'running' and push_id is null`;
  return await sql<BegunItem[]>`
    select i.position, i.device_id as "deviceId", i.tries, '' as region, '{}'::text[] as "ownNames",
      true as "hasHostKey", i.push_id as "pushId"
    from bulk_job_items i where i.job_id = ${jobId} and i.state = 'running' order by i.position`;
}
