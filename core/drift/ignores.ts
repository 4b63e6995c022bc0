import { nameOf } from "@/core/actor_name.ts";
import { recordAudit } from "@/core/audit/record.ts";
import { wantChecks } from "@/core/config_checks/due.ts";
import { type DriftIgnore, MAX_IGNORES, NewIgnore } from "@/core/contract/drift.ts";
import { Conflict, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { DriftDeps } from "./baselines.ts";
import { findBaseline } from "./read_baselines.ts";

/** What may differ, newest first. */
export async function listIgnores(scope: Scope): Promise<DriftIgnore[]> {
  demand(scope, "compliance:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readIgnores(sql));
}

export async function addIgnore(
  scope: Scope,
  deps: DriftDeps,
  input: NewIgnore,
): Promise<DriftIgnore> {
  demand(scope, "compliance:write");
  const { baselineId, menu, attribute, comment, reason } = NewIgnore.parse(input);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    if (baselineId !== null) await findBaseline(sql, baselineId);
    const [count] = await sql<{ n: number }[]>`select count(*)::int as n from drift_ignores`;
    if (count!.n >= MAX_IGNORES) {
      throw new Conflict(`Cannot add it: ${MAX_IGNORES} is the limit, remove one first`);
    }
    const [made] = await sql<{ id: string }[]>`
      insert into drift_ignores (tenant_id, baseline_id, menu, attribute, comment, reason,
        created_by, created_at)
      values (${scope.tenantId}, ${baselineId}, ${menu}, ${attribute}, ${comment}, ${reason},
        ${scope.actor}, ${new Date(deps.clock.now())})
      returning id`;
    await wantChecks(sql);
    const [ignore] = await readIgnores(sql, made!.id);
    await tell(sql, scope, deps, ignore!, "drift.ignored");
    return ignore!;
  });
}

export async function removeIgnore(scope: Scope, deps: DriftDeps, id: string): Promise<void> {
  demand(scope, "compliance:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const [ignore] = await readIgnores(sql, id);
    if (!ignore) throw new NotFound("Cannot find this exemption from drift");
    await sql`delete from drift_ignores where id = ${id}`;
    await wantChecks(sql);
    await tell(sql, scope, deps, ignore, "drift.watched");
  });
}

async function readIgnores(sql: Sql, id?: string): Promise<DriftIgnore[]> {
  const rows = await sql<(Omit<DriftIgnore, "createdAt"> & { createdAt: Date })[]>`
    select i.id, i.baseline_id as "baselineId", i.menu, i.attribute, i.comment, i.reason,
      i.created_by as "createdBy", ${
    nameOf(sql, sql`i.tenant_id`, sql`i.created_by`)
  } as "createdByName", i.created_at as "createdAt"
    from drift_ignores i ${id === undefined ? sql`` : sql`where i.id = ${id}`}
    order by i.created_at desc, i.id`;
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

async function tell(
  sql: Sql,
  scope: Scope,
  { kms }: DriftDeps,
  { id, menu, attribute, comment, reason }: DriftIgnore,
  action: string,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok" },
    details: { menu, attribute, comment, reason },
    target: { kind: "drift_ignore", id, label: menu },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
