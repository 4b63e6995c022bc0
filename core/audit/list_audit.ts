import type { AuditChainState, AuditPage } from "@/core/contract/audit.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { actorAndTarget, type ListedRow, toAuditRow } from "./audit_row.ts";
import { GENESIS } from "./chain.ts";
import { type AuditFilter, fromAudit, whereAudit } from "./query.ts";
import { chainColumns, microsToIso } from "./stored_row.ts";

export interface AuditQuery extends AuditFilter {
  cursor?: string | undefined;
  /** 1 to 200. */
  limit?: number | undefined;
}

const SORT = "-at";
const SEQ = /^\d{1,18}$/;

/** Text is looked for in so many entries at one time (about a second): an old log is long. */
const SEARCHED = 100_000;

/**
 * Entries, newest first, without details. With `q` a page may hold few entries, or none, and still have
 * a `nextCursor`: the search goes on there.
 *
 * @throws {InvalidInput} on a cursor that is none of ours
 */
export async function listAudit(
  scope: Scope,
  query: AuditQuery = {},
  { searched = SEARCHED }: { searched?: number } = {},
): Promise<AuditPage> {
  demand(scope, "audit:read");
  const { tenantId } = scope;
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
  const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
  return await scope.db.tenant(tenantId, async (sql) => {
    const from = after
      ? sql`and (l.at, l.seq) < (${after.at}::text::timestamptz, ${after.seq}::text::bigint)`
      : sql``;
    const until = query.q ? await searchEnd(sql, tenantId, query, from, searched) : undefined;
    const rows = await sql<ListedRow[]>`
      select ${chainColumns(sql)}, ${actorAndTarget(sql)}, p.target_label as "targetLabel", p.ip
      ${fromAudit(sql)}
      where l.tenant_id = ${tenantId} ${whereAudit(sql, query)} ${from}
        ${
      until
        ? sql`and (l.at, l.seq) >= (${until.at}::text::timestamptz, ${until.seq}::text::bigint)`
        : sql``
    }
      order by l.at desc, l.seq desc limit ${limit + 1}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last
      ? { at: microsToIso(last.atMicros), seq: last.seq }
      : until;
    return {
      items: page.map(toAuditRow),
      nextCursor: next ? encodeCursor({ sort: SORT, value: next.at, id: next.seq }) : null,
      chain: await chainState(sql, tenantId),
    };
  });
}

interface Place {
  /** To the microsecond. */
  at: string;
  seq: string;
}

/** The last entry that one search looks at; `undefined` when it comes to the log's beginning. */
async function searchEnd(
  sql: Sql,
  tenantId: TenantId,
  { q: _, ...filter }: AuditFilter,
  from: ReturnType<typeof fromAudit>,
  searched: number,
): Promise<Place | undefined> {
  const [end, beyond] = await sql<{ atMicros: string; seq: string }[]>`
    select (extract(epoch from l.at) * 1000000)::bigint::text as "atMicros", l.seq::text
    from audit_log l
    where l.tenant_id = ${tenantId} ${whereAudit(sql, filter)} ${from}
    order by l.at desc, l.seq desc offset ${searched - 1} limit 2`;
  return end && beyond ? { at: microsToIso(end.atMicros), seq: end.seq } : undefined;
}

/** The last entry of the page before. */
function placeOf(cursor: string): Place {
  const { value, id } = decodeCursor(cursor, SORT);
  const isPlace = value !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)) && SEQ.test(id);
  if (!isPlace) throw new InvalidInput("Cannot continue this list from this cursor");
  return { at: value, seq: id };
}

async function chainState(sql: Sql, tenantId: TenantId): Promise<AuditChainState> {
  type Row = Omit<AuditChainState, "checkedAt"> & { checkedAt: Date | null };
  const [row] = await sql<Row[]>`
    select h.seq::text as "headSeq", encode(h.hash, 'hex') as "headHash",
      c.checked_at as "checkedAt", c.checked_seq::text as "checkedSeq",
      c.broken_seq::text as "brokenSeq", c.broken_reason as "brokenReason"
    from audit_heads h left join audit_checks c on c.tenant_id = h.tenant_id
    where h.tenant_id = ${tenantId}`;
  const none = { checkedSeq: null, brokenSeq: null, brokenReason: null };
  if (!row) return { headSeq: "0", headHash: GENESIS, checkedAt: null, ...none };
  return { ...row, checkedAt: row.checkedAt?.toISOString() ?? null };
}
