import { recordAudit } from "@/core/audit/record.ts";
import {
  FLEET_COLUMNS,
  type FleetView,
  FleetViewPatch,
  MAX_VIEWS,
  NewFleetView,
} from "@/core/contract/fleet_views.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";

export interface ViewDeps {
  kms: Kms;
  clock: Clock;
}

/** One's own views and those that others share, by name. */
export async function listViews(scope: Scope): Promise<FleetView[]> {
  demand(scope, "devices:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readViews(sql, scope));
}

/**
 * Keeps a way to look at the fleet. Whoever sees the fleet may keep their own; to share one is to change
 * what others see.
 *
 * @throws {Conflict} for a name that one's own views have already
 */
export async function addView(scope: Scope, deps: ViewDeps, input: NewFleetView) {
  demand(scope, "devices:read");
  const parsed = NewFleetView.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const { order, isShared, ...fields } = parsed.data;
  if (isShared) demand(scope, "groups:write");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [count] = await sql<{ n: number }[]>`
      select count(*)::int as n from fleet_views where owner = ${scope.actor}`;
    if (count!.n >= MAX_VIEWS) {
      throw new Conflict(`Cannot keep this view: ${MAX_VIEWS} is the limit, remove one first`);
    }
    const row = {
      ...{ tenant_id: scope.tenantId, owner: scope.actor, ...fields },
      ...{ sort_order: order, is_shared: isShared },
    };
    const [made] = await inViewWords(() =>
      sql<{ id: string }[]>`insert into fleet_views ${sql(row as never)} returning id`
    );
    const view = await findView(sql, scope, made!.id);
    if (isShared) await tell(sql, scope, deps, view, "view.shared");
    return view;
  });
}

/** One's own, or a shared one with the right to it. @throws {NotFound} for what one does not see */
export async function updateView(
  scope: Scope,
  deps: ViewDeps,
  id: string,
  patch: FleetViewPatch,
): Promise<FleetView> {
  demand(scope, "devices:read");
  const parsed = FleetViewPatch.safeParse(patch);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const { order, isShared, ...fields } = parsed.data;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await findView(sql, scope, id);
    if (before.isShared || isShared) demand(scope, "groups:write");
    const changes = {
      ...fields,
      ...(order !== undefined && { sort_order: order }),
      ...(isShared !== undefined && { is_shared: isShared }),
      updated_at: new Date(deps.clock.now()),
    };
    await inViewWords(() => sql`update fleet_views set ${sql(changes as never)} where id = ${id}`);
    const [after] = await readViews(sql, scope, id);
    if (before.isShared || isShared) await tell(sql, scope, deps, before, "view.changed");
    // Somebody else's that is shared no longer is out of sight now.
    return after ?? { ...before, isShared: false };
  });
}

export async function removeView(scope: Scope, deps: ViewDeps, id: string): Promise<void> {
  demand(scope, "devices:read");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const view = await findView(sql, scope, id);
    if (view.isShared) demand(scope, "groups:write");
    await sql`delete from fleet_views where id = ${id}`;
    if (view.isShared) await tell(sql, scope, deps, view, "view.removed");
  });
}

async function readViews(sql: Sql, { actor }: Scope, id?: string): Promise<FleetView[]> {
  const rows = await sql<FleetView[]>`
    select id, name, query, sort, sort_order as "order", columns, is_shared as "isShared",
      owner = ${actor} as "isOwn"
    from fleet_views
    where (owner = ${actor} or is_shared) ${id === undefined ? sql`` : sql`and id = ${id}`}
    order by lower(name), id limit 500`;
  // A column that a later version dropped is no reason to lose the view.
  return rows.map((row) => ({
    ...row,
    columns: FLEET_COLUMNS.filter((column) => row.columns.includes(column)),
  }));
}

async function findView(sql: Sql, scope: Scope, id: string): Promise<FleetView> {
  const [view] = await readViews(sql, scope, id);
  if (!view) throw new NotFound("Cannot find this view");
  return view;
}

async function inViewWords<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { constraint_name: constraint } = error as { constraint_name?: string };
    if (constraint === "fleet_views_by_name") {
      throw new Conflict("Cannot keep this view: there is one of this name already");
    }
    throw error;
  }
}

/** What changes for others is audited; one's own views are one's own affair. */
async function tell(
  sql: Sql,
  scope: Scope,
  { kms }: ViewDeps,
  { id, name, query }: FleetView,
  action: string,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details: { query } },
    target: { kind: "view", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

function invalid(issues: { path: PropertyKey[]; message: string }[]): InvalidInput {
  return new InvalidInput(
    "Cannot keep this view",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
