import { recordAudit } from "@/core/audit/record.ts";
import { MAX_POSITIONS, NodePosition } from "@/core/contract/topology.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";

/** Where people of the tenant put nodes; the rest is laid out by the picture itself. */
export async function listPositions(scope: Scope): Promise<NodePosition[]> {
  demand(scope, "topology:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => [
    ...await sql<NodePosition[]>`select node, x, y from topology_positions order by node`,
  ]);
}

/** @throws {NotFound} when one of the nodes is none of the tenant's; then none is placed */
export async function placeNodes(
  scope: Scope,
  deps: { kms: Kms },
  positions: readonly NodePosition[],
): Promise<void> {
  demand(scope, "topology:write");
  const unique = [...new Map(positions.map((one) => [one.node, one])).values()];
  if (unique.length > MAX_POSITIONS) {
    throw new InvalidInput("Cannot place so many at once", [
      { path: "positions", message: `must be at most ${MAX_POSITIONS}` },
    ]);
  }
  if (unique.length === 0) return;
  await scope.db.tenant(scope.tenantId, async (sql) => {
    // The id that a key is; null for another kind of key, so that the primary key is asked with a uuid.
    const idIn = (prefix: string) => {
      const pattern = `^${prefix}[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`;
      return sql`case when t.node ~ ${pattern}::text then right(t.node, 36)::uuid end`;
    };
    const nodes = unique.map(({ node }) => node);
    const placed = await sql`
      insert into topology_positions (tenant_id, node, x, y)
      select ${scope.tenantId}::uuid, t.node, t.x, t.y
      from unnest(${nodes}::text[], ${unique.map(({ x }) => x)}::float8[],
        ${unique.map(({ y }) => y)}::float8[]) as t (node, x, y)
      where exists (select from devices d where d.id = ${idIn("")})
        or exists (select from topology_nodes n where n.key = t.node)
        or exists (select from sites s where s.id = ${idIn("site:")})
      on conflict (tenant_id, node) do update
        set x = excluded.x, y = excluded.y, updated_at = now()
      returning 1`;
    if (placed.length < unique.length) throw new NotFound("Cannot find what is to be placed");
    await tell(sql, scope, deps, "topology.arranged", { nodes: unique.length });
  });
}

/** Back to where the picture itself puts them. */
export async function resetPositions(scope: Scope, deps: { kms: Kms }): Promise<void> {
  demand(scope, "topology:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const { count } = await sql`delete from topology_positions`;
    await tell(sql, scope, deps, "topology.reset", { nodes: count });
  });
}

async function tell(
  sql: Sql,
  scope: Scope,
  { kms }: { kms: Kms },
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "topology", id: "positions" },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
