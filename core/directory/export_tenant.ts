import { recordAudit } from "@/core/audit/record.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { exportedTables, type TenantTable } from "./tenant_tables.ts";
import { findTenant } from "./find_tenant.ts";
import type { TenantDeps } from "./tenants.ts";

const STEP = 1_000;

/**
 * All of a tenant's data as JSON Lines, without secrets: a line about the export, a line a row
 * (`{"table": …, "row": {…}}`), and a last line with the count; without that line it is not whole.
 * Samples go as hourly figures. The audit log goes without its encrypted details, which its own export
 * has. That it was exported stands in the tenant's log and in that of who asked.
 *
 * @throws {NotFound}
 */
export async function exportTenant(
  scope: Scope,
  deps: TenantDeps,
  id: string,
): Promise<AsyncGenerator<string>> {
  demand(scope, "tenants:write");
  const tenant = await findTenant(scope, id);
  const tenantId = tenant.id as TenantId;
  const at = new Date(deps.clock.now());
  const entry = {
    ...{ at, actor: scope.actor, action: "tenant.exported", outcome: "ok" as const },
    target: { kind: "tenant", id, label: tenant.name },
    requestId: scope.requestId,
    ip: scope.ip,
  };
  for (const within of new Set([tenantId, scope.tenantId])) {
    await scope.db.tenant(within, (sql) => recordAudit(sql, deps.kms, within, entry));
  }
  const head = { kind: "tod-tenant-export", version: 1, at: at.toISOString(), tenant };
  return pieces(scope, tenantId, head, at);
}

async function* pieces(
  { db }: Scope,
  tenantId: TenantId,
  head: Record<string, unknown>,
  startedAt: Date,
): AsyncGenerator<string> {
  yield line(head);
  let rows = 0;
  const tables = await db.tenant(tenantId, exportedTables);
  for (const table of tables) {
    let after: string[] | undefined;
    do {
      // A short transaction a page: a slow reader holds no connection.
      const page = await db.tenant(tenantId, (sql) => readPage(sql, table, after));
      yield page.map(({ row }) => line({ table: table.name, row })).join("");
      rows += page.length;
      after = page.length === STEP ? page.at(-1)!.key : undefined;
    } while (after);
  }
  await db.tenant(tenantId, (sql) =>
    sql`
      update tenants set exported_at = ${startedAt} where id = ${tenantId}`);
  yield line({ kind: "end", tables: tables.length, rows });
}

interface PageRow {
  row: Record<string, unknown>;
  key: string[];
}

/** Names and types come from the catalogue, never from a request; values go as parameters. */
async function readPage(
  sql: Sql,
  { name, columns, key }: TenantTable,
  after: string[] | undefined,
): Promise<PageRow[]> {
  const quoted = key.map((column) => `t."${column.name}"`);
  const fields = columns.map((column) => `'${column}', t."${column}"`);
  // A function takes 100 arguments at most.
  const objects = [];
  for (let at = 0; at < fields.length; at += 40) {
    objects.push(`jsonb_build_object(${fields.slice(at, at + 40).join(", ")})`);
  }
  const marks = key.map(({ type }, at) => `($1::text[])[${at + 1}]::${type}`);
  const rows = await sql.unsafe<PageRow[]>(
    [
      `select ${objects.join(" || ")} as row, array[${
        quoted.map((one) => `${one}::text`).join(", ")
      }]::text[] as key from "${name}" t`,
      after ? `where (${quoted.join(", ")}) > (${marks.join(", ")})` : "",
      // Without a key there is one row a tenant.
      quoted.length > 0 ? `order by ${quoted.join(", ")} limit ${STEP}` : "",
    ].join(" "),
    after ? [after] : [],
  );
  return rows;
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
