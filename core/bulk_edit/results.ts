import type { BulkRequest, BulkResult, BulkRow, BulkSummary } from "@/core/contract/bulk.ts";
import { NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";

export type ResultRow = Omit<BulkRow, "position">;

const KEPT_MS = 90 * 86_400_000;

/** Results of one change, in its transaction. Those of long ago go. */
export async function keepResults(
  sql: Sql,
  { tenantId, actor }: Scope,
  { clock }: { clock: Clock },
  { change, q }: Pick<BulkRequest, "q"> & { change: BulkSummary["change"] },
  rows: readonly ResultRow[],
): Promise<BulkSummary> {
  const at = new Date(clock.now());
  const count = (wanted: BulkResult) => rows.filter(({ result }) => result === wanted).length;
  const counts = {
    changed: count("changed"),
    unchanged: count("unchanged"),
    refused: count("refused"),
  };
  await sql`delete from device_bulk_changes where at < ${new Date(at.getTime() - KEPT_MS)}`;
  const [made] = await sql<{ id: string }[]>`
    insert into device_bulk_changes ${
    sql({
      ...{ tenant_id: tenantId, at, actor, query: q ?? null, ...counts },
      change: sql.json(change),
    } as never)
  } returning id`;
  const column = <Key extends keyof ResultRow>(key: Key) => rows.map((row) => row[key]);
  await sql`
    insert into device_bulk_results
      (tenant_id, bulk_id, position, device_id, device_name, result, reason)
    select ${tenantId}, ${made!.id}, t.position, t.id, t.name, t.result, t.reason
    from unnest(${column("deviceId")}::uuid[], ${column("deviceName")}::text[],
      ${column("result")}::text[], ${column("reason") as string[]}::text[])
      with ordinality as t (id, name, result, reason, position)`;
  return { id: made!.id, at: at.toISOString(), actor, change, query: q ?? null, ...counts };
}

/** @throws {NotFound} also for another tenant's */
export async function getBulkChange(
  scope: Scope,
  id: string,
  { result, after = 0, limit }: {
    result?: BulkResult | undefined;
    /** The last position of the page before. */
    after?: number | undefined;
    limit: number;
  },
): Promise<BulkSummary & { rows: BulkRow[]; nextAfter: number | null }> {
  demand(scope, "devices:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [summary] = await readSummaries(sql, 1, id);
    if (!summary) throw new NotFound("Cannot find this change");
    const rows = await sql<BulkRow[]>`
      select position, device_id as "deviceId", device_name as "deviceName", result, reason
      from device_bulk_results
      where bulk_id = ${id} and position > ${after}
        ${result === undefined ? sql`` : sql`and result = ${result}`}
      order by position limit ${limit + 1}`;
    const page = rows.slice(0, limit);
    const nextAfter = rows.length > limit ? page.at(-1)!.position : null;
    return { ...summary, rows: page, nextAfter };
  });
}

/** The last changes, newest first. */
export async function listBulkChanges(scope: Scope, limit: number): Promise<BulkSummary[]> {
  demand(scope, "devices:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readSummaries(sql, limit));
}

async function readSummaries(sql: Sql, limit: number, id?: string): Promise<BulkSummary[]> {
  const rows = await sql<(Omit<BulkSummary, "at"> & { at: Date })[]>`
    select id, at, actor, change, query, changed, unchanged, refused from device_bulk_changes
    ${id === undefined ? sql`` : sql`where id = ${id}`}
    order by at desc, id limit ${limit}`;
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
