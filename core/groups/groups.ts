import { recordAudit } from "@/core/audit/record.ts";
import { parseDeviceQuery } from "@/core/contract/device_query.ts";
import { type Group, GroupPatch, MAX_GROUPS, NewGroup } from "@/core/contract/groups.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import { asksForRetired, unknownTags } from "@/core/fleet_query/compile_query.ts";
import { groupsIn, nestingProblem, readNamedGroups } from "@/core/fleet_query/named_groups.ts";
import { demandUnnamed, renameInQueries } from "@/core/fleet_query/stored_queries.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { findGroup, readGroups } from "./read_groups.ts";

export interface GroupDeps {
  kms: Kms;
  clock: Clock;
}

/** All groups of the tenant, by name, each with its members counted as they are now. */
export async function listGroups(scope: Scope): Promise<Group[]> {
  demand(scope, "groups:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readGroups(sql));
}

/** @throws {NotFound} also for another tenant's group */
export async function getGroup(scope: Scope, id: string): Promise<Group> {
  demand(scope, "groups:read");
  return await scope.db.tenant(scope.tenantId, (sql) => findGroup(sql, id));
}

/** @throws {Conflict} for a name that there is; {@linkcode InvalidInput} for a rule that cannot be */
export async function addGroup(scope: Scope, deps: GroupDeps, input: NewGroup): Promise<Group> {
  demand(scope, "groups:write");
  const parsed = NewGroup.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await lockGroups(sql, scope.tenantId);
    const [count] = await sql<{ n: number }[]>`select count(*)::int as n from device_groups`;
    if (count!.n >= MAX_GROUPS) {
      throw new Conflict(`Cannot add a group: ${MAX_GROUPS} is the limit, remove one first`);
    }
    const row = { tenant_id: scope.tenantId, ...parsed.data };
    const [made] = await inGroupWords(() =>
      sql<{ id: string }[]>`insert into device_groups ${sql(row as never)} returning id`
    );
    await demandSoundRule(sql, parsed.data.rule);
    const group = await findGroup(sql, made!.id);
    await tellGroup(sql, scope, deps, group, "group.added", { rule: group.rule });
    return group;
  });
}

/** Renames, describes, or gives another rule. Rules that name the group go on naming it. */
export async function updateGroup(
  scope: Scope,
  deps: GroupDeps,
  id: string,
  patch: GroupPatch,
): Promise<Group> {
  demand(scope, "groups:write");
  const parsed = GroupPatch.safeParse(patch);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await lockGroups(sql, scope.tenantId);
    const before = await findGroup(sql, id);
    const { name = before.name, rule } = parsed.data;
    const changes = { ...parsed.data, updated_at: new Date(deps.clock.now()) };
    await inGroupWords(() =>
      sql`update device_groups set ${sql(changes as never)} where id = ${id}`
    );
    await renameInQueries(sql, "group", before.name, name);
    if (rule != null) await sql`delete from device_group_members where group_id = ${id}`;
    await demandSoundRule(sql, rule ?? null);
    const after = await findGroup(sql, id);
    await tellGroup(sql, scope, deps, after, "group.changed", {
      from: { name: before.name, rule: before.rule },
      to: { name: after.name, rule: after.rule },
    });
    return after;
  });
}

/** @throws {Conflict} while the rule of another group names it */
export async function removeGroup(scope: Scope, deps: GroupDeps, id: string): Promise<void> {
  demand(scope, "groups:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await lockGroups(sql, scope.tenantId);
    const group = await findGroup(sql, id);
    await demandUnnamed(sql, "group", group.name);
    await sql`delete from device_groups where id = ${id}`;
    await tellGroup(sql, scope, deps, group, "group.removed", { devices: group.devices });
  });
}

/** Two saves at once could close a circle that neither of them sees. */
async function lockGroups(sql: Sql, tenantId: TenantId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`groups ${tenantId}`}, 0))`;
}

/** The rule is understood as a whole, and all rules of the tenant stand together. */
async function demandSoundRule(sql: Sql, rule: string | null): Promise<void> {
  const groups = await readNamedGroups(sql);
  const query = parseDeviceQuery(rule ?? "");
  const unknown = groupsIn(query.filters).filter((name) => !groups.has(name.toLowerCase()));
  const messages = [
    ...query.problems,
    ...unknown.map((name) => `names the group ${name}, which there is not`),
    ...(await unknownTags(sql, query.filters)),
    ...(query.filters.some(asksForRetired) ? ["asks for retired routers: no group has any"] : []),
    ...(rule !== null && query.words.length + query.filters.length === 0 ? ["is empty"] : []),
    ...[nestingProblem(groups) ?? []].flat(),
  ];
  if (messages.length === 0) return;
  throw invalid(messages.map((message) => ({ path: ["rule"], message })));
}

async function inGroupWords<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { constraint_name: constraint } = error as { constraint_name?: string };
    if (constraint === "device_groups_by_name") {
      throw new Conflict("Cannot save this group: there is one of this name already");
    }
    throw error;
  }
}

/** Puts what was done into the audit log; last in its transaction. */
export async function tellGroup(
  sql: Sql,
  scope: Scope,
  { kms }: Pick<GroupDeps, "kms">,
  { id, name }: { id: string; name: string },
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "group", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

export function invalid(
  issues: readonly { path: PropertyKey[]; message: string }[],
): InvalidInput {
  return new InvalidInput(
    "Cannot save this group",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
