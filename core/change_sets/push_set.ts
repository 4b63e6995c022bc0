import type { ChangeConflict, PushedRouter } from "@/core/contract/change_sets.ts";
import { PushChangeSet } from "@/core/contract/change_sets.ts";
import { AppError, Conflict, InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { deviceName } from "@/core/configs/tell_device.ts";
import { conflictsOf } from "./conflicts.ts";
import type { ChangeSetDeps } from "./deps.ts";
import { demandSameRevision } from "./review.ts";
import { needsReview } from "./review_rule.ts";
import { type ChangeRow, type LockedSet, lockSet, openChanges, readChanges } from "./rows.ts";
import type { StoredChange } from "./merge_change.ts";
import { tellSet } from "./tell_set.ts";

type Opened = ChangeRow & StoredChange;

/** A claim without a push is given up after this: its process ended before the push began. */
const CLAIM_MS = 120_000;

/**
 * Pushes each router's part as one unit, which the router takes back by itself unless it is confirmed.
 * Routers whose push was refused, or reverted, can be pushed again.
 *
 * @throws {Conflict} without a review where one is needed, after an edit, or if a router holds
 * something else than the changes were made against
 */
export async function pushChangeSet(
  scope: Scope,
  deps: ChangeSetDeps,
  id: string,
  input: PushChangeSet,
): Promise<PushedRouter[]> {
  demand(scope, "configs:push");
  const wish = PushChangeSet.parse(input);
  const began = deps.clock.now();
  const rows = await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, id);
    await demandPushable(sql, scope, set, wish.revision);
    return await readChanges(sql, id);
  });
  const wanted = wish.devices && new Set(wish.devices);
  const opened = (await openChanges(deps.kms, scope.tenantId, rows))
    .filter(({ deviceId }) => !wanted || wanted.has(deviceId));
  const parts = await notDone(scope, deps, id, Map.groupBy(opened, (one) => one.deviceId));
  if (parts.size === 0) throw new Conflict("Cannot push it as nothing waits for these routers");
  if (!wish.acceptConflicts) {
    demandNoConflict(await conflictsOf(scope, deps, [...parts.values()].flat()));
  }
  const claimed = await claim(scope, deps, id, wish.revision, [...parts.keys()], began);
  const pushed: PushedRouter[] = [];
  for (const [deviceId, changes] of parts) {
    const outcome = await start(scope, deps, claimed, wish, deviceId, changes);
    await note(scope, id, deviceId, outcome);
    pushed.push({ deviceId, ...outcome });
  }
  if (pushed.every(({ pushId }) => pushId === null)) await unclaim(scope, id);
  await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      tellSet(sql, scope, deps, claimed, "change_set.pushed", {
        revision: wish.revision,
        routers: pushed.slice(0, 50).map(({ deviceId, pushId, problem }) => ({
          ...{ deviceId, pushId },
          ...(problem !== null && { refused: true }),
        })),
      }),
  );
  return pushed;
}

async function demandPushable(sql: Sql, scope: Scope, set: LockedSet, revision: number) {
  if (set.status === "discarded") throw new Conflict("Cannot push it as it was discarded");
  demandSameRevision(set, revision);
  // What was pushed before was reviewed before, if it had to be; an edit would have made it a draft.
  if (set.status === "draft" && await needsReview(sql, scope.tenantId)) {
    throw new Conflict("Cannot push it without a review: ask somebody who did not write it");
  }
  if (
    set.status === "pushed" && set.reviewedBy === null && await needsReview(sql, scope.tenantId)
  ) {
    throw new Conflict("Cannot push it again without a review: begin a new change set");
  }
}

/** Without routers where it is being pushed, or was. */
async function notDone(
  scope: Scope,
  deps: ChangeSetDeps,
  id: string,
  parts: Map<string, Opened[]>,
): Promise<Map<string, Opened[]>> {
  const tried = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<{ deviceId: string; pushId: string | null; problem: string | null; at: Date }[]>`
      select device_id as "deviceId", push_id as "pushId", problem, at from change_set_pushes
      where change_set_id = ${id}`,
  );
  const now = deps.clock.now();
  for (const { deviceId, pushId, problem, at } of tried) {
    const mayAgain = pushId !== null
      ? await deps.mayPushAgain(scope, pushId)
      : problem !== null || now - at.getTime() > CLAIM_MS;
    if (!mayAgain) parts.delete(deviceId);
  }
  return parts;
}

function demandNoConflict(conflicts: readonly ChangeConflict[]): void {
  if (conflicts.length === 0) return;
  const [first] = conflicts;
  const more = conflicts.length > 1 ? `, and ${conflicts.length - 1} more` : "";
  throw new Conflict(
    `Cannot push it as a router holds something else now: ${first!.message}${more}. ` +
      "Look at the conflicts, then change it or push all the same",
  );
}

/** From here on nobody edits it, and nobody else pushes the same parts. */
async function claim(
  scope: Scope,
  { clock }: ChangeSetDeps,
  id: string,
  revision: number,
  deviceIds: readonly string[],
  began: number,
): Promise<LockedSet> {
  const now = new Date(clock.now());
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, id);
    await demandPushable(sql, scope, set, revision);
    const held = await sql<{ id: string }[]>`
      select device_id as id from change_set_pushes where change_set_id = ${id}
        and device_id = any(${deviceIds as string[]}::uuid[]) and (at >= ${new Date(began)}
          or (push_id is null and problem is null and at > ${new Date(clock.now() - CLAIM_MS)}))`;
    if (held.length > 0) throw new Conflict("Cannot push it as somebody is pushing it just now");
    await sql`
      insert into change_set_pushes (tenant_id, change_set_id, device_id, at, actor)
      select ${scope.tenantId}, ${id}, device, ${now}, ${scope.actor}
      from unnest(${deviceIds as string[]}::uuid[]) as device
      on conflict (tenant_id, change_set_id, device_id) do update
        set push_id = null, problem = null, at = excluded.at, actor = excluded.actor`;
    await sql`
      update change_sets set status = 'pushed', review_asked_at = null, updated_at = ${now}
      where id = ${id}`;
    return set;
  });
}

/** Nothing was begun anywhere: it is what it was. */
async function unclaim(scope: Scope, id: string): Promise<void> {
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const { reviewedBy } = await lockSet(sql, id);
    const [begun] = await sql`
      select from change_set_pushes where change_set_id = ${id} and push_id is not null limit 1`;
    if (begun) return;
    const status = reviewedBy === null ? "draft" : "reviewed";
    await sql`update change_sets set status = ${status} where id = ${id}`;
  });
}

type Outcome = Omit<PushedRouter, "deviceId">;

async function start(
  scope: Scope,
  deps: ChangeSetDeps,
  { id, name: title }: LockedSet,
  wish: ReturnType<typeof PushChangeSet.parse>,
  deviceId: string,
  changes: readonly Opened[],
): Promise<Outcome> {
  const name = await scope.db.tenant(scope.tenantId, (sql) => deviceName(sql, deviceId)) ??
    deviceId;
  try {
    const { confirm, windowSeconds, probes, typedNames } = wish;
    const push = await deps.startPush(scope, {
      ...{ deviceId, title, confirm, windowSeconds, probes },
      source: { kind: "change_set", id },
      commands: changes.map(({ command }) => command),
      typedName: typedNames[deviceId] ?? null,
    });
    return { name, pushId: push.id, problem: null };
  } catch (error) {
    // A defect is no refusal: it must be seen as one.
    if (!(error instanceof AppError)) throw error;
    const issues = error instanceof InvalidInput
      ? error.issues.map(({ message }) => message).join("; ")
      : "";
    return { name, pushId: null, problem: issues ? `${error.message}: ${issues}` : error.message };
  }
}

async function note(scope: Scope, id: string, deviceId: string, outcome: Outcome): Promise<void> {
  const { pushId, problem } = outcome;
  await scope.db.tenant(scope.tenantId, (sql) =>
    sql`
      update change_set_pushes set push_id = ${pushId}, problem = ${
      problem?.slice(0, 2_000) ?? null
    }
      where change_set_id = ${id} and device_id = ${deviceId}`);
}
