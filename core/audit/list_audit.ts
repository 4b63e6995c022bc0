import { actorName, nameOf } from "@/core/actor_name.ts";
import type {
  AuditChainState,
  AuditEntryView,
  AuditPage,
  AuditRow,
} from "@/core/contract/audit.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { commit, GENESIS, hashRow } from "./chain.ts";
import { openDetails } from "./details.ts";
import { type AuditFilter, fromAudit, whereAudit } from "./query.ts";
import { chainColumns, microsToIso, type StoredRow } from "./stored_row.ts";

export interface AuditQuery extends AuditFilter {
  cursor?: string | undefined;
  /** 1 to 200. */
  limit?: number | undefined;
}

interface ListedRow extends StoredRow {
  actorName: string | null;
  targetLabel: string | null;
  targetName: string | null;
  ip: string | null;
}

const SORT = "-at";
const SEQ = /^\d{1,18}$/;

/** Entries, newest first, without details. @throws {InvalidInput} on a cursor that is none of ours */
export async function listAudit(scope: Scope, query: AuditQuery = {}): Promise<AuditPage> {
  demand(scope, "audit:read");
  const { tenantId } = scope;
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
  const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
  return await scope.db.tenant(tenantId, async (sql) => {
    const rows = await sql<ListedRow[]>`
      select ${chainColumns(sql)}, ${names(sql)}, p.target_label as "targetLabel", p.ip
      ${fromAudit(sql)}
      where l.tenant_id = ${tenantId} ${whereAudit(sql, query)}
        ${
      after
        ? sql`and (l.at, l.seq) < (${after.at}::text::timestamptz, ${after.seq}::text::bigint)`
        : sql``
    }
      order by l.at desc, l.seq desc limit ${limit + 1}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(toRow),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: SORT, value: microsToIso(last.atMicros), id: last.seq })
        : null,
      chain: await chainState(sql, tenantId),
    };
  });
}

/** What actor and target are called now. */
function names(sql: Sql) {
  return sql`${actorName(sql, "l")} as "actorName",
    ${nameOf(sql, sql`l.tenant_id`, sql`l.target_kind || ':' || l.target_id`)} as "targetName"`;
}

/** The last entry of the page before. */
function placeOf(cursor: string): { at: string; seq: string } {
  const { value, id } = decodeCursor(cursor, SORT);
  const isPlace = value !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)) && SEQ.test(id);
  if (!isPlace) throw new InvalidInput("Cannot continue this list from this cursor");
  return { at: value, seq: id };
}

function toRow(row: ListedRow): AuditRow {
  const { seq, actor, actorName, action, targetKind, targetId, targetLabel } = row;
  const { targetName, ip, requestId } = row;
  return {
    ...{ seq, at: toIso(row.atMicros), actor, actorName, action, targetKind, targetId },
    ...{ targetLabel, targetName, outcome: row.outcome as AuditRow["outcome"], ip, requestId },
    hasDetails: row.detailsSha256 !== null,
  };
}

/** Milliseconds, as every time of the API. */
function toIso(micros: string): string {
  return `${microsToIso(micros).slice(0, 23)}Z`;
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

type WholeRow = ListedRow & {
  labelSalt: string | null;
  ipSalt: string | null;
  details: Uint8Array | null;
};

/**
 * One entry with its details in the clear. That they were read is counted in the transparency log.
 *
 * @throws {NotFound} if the tenant has no such entry
 */
export async function getAuditEntry(
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  seq: string,
): Promise<AuditEntryView> {
  demand(scope, "audit:read");
  const { tenantId, actor, requestId } = scope;
  const row = await scope.db.tenant(tenantId, async (sql) => {
    const [row] = SEQ.test(seq)
      ? await sql<WholeRow[]>`
        select ${chainColumns(sql)}, ${names(sql)}, p.target_label as "targetLabel", p.ip,
          encode(p.label_salt, 'hex') as "labelSalt", encode(p.ip_salt, 'hex') as "ipSalt", p.details
        ${fromAudit(sql)}
        where l.tenant_id = ${tenantId} and l.seq = ${seq}::text::bigint`
      : [];
    if (row?.details) {
      const at = new Date(clock.now());
      const read = { actor, purpose: "audit.view", secret: "audit.details", requestId, at };
      await noteSecretRead(sql, tenantId, read);
    }
    return row;
  });
  if (!row) throw new NotFound("Cannot find this audit entry");
  const opened = row.details
    ? await openDetails(kms, tenantId, row.entryId, row.details)
    : undefined;
  const state = row.detailsSha256 === null
    ? "none"
    : opened
    ? "readable"
    : row.details
    ? "unreadable"
    : "erased";
  return {
    ...toRow(row),
    ...{ entryId: row.entryId, prevHash: row.prevHash, hash: row.hash, detailsState: state },
    details: opened ? JSON.parse(opened.text) : null,
    isWhole: hashRow(row) === row.hash &&
      gives(row.labelSha256, row.labelSalt, row.targetLabel) &&
      gives(row.ipSha256, row.ipSalt, row.ip) &&
      gives(row.detailsSha256, opened?.salt ?? null, opened?.text ?? null),
  };
}

/** What was erased proves nothing and breaks nothing. */
function gives(sha256: string | null, salt: string | null, value: string | null): boolean {
  if (value === null) return true;
  return salt !== null && commit(Uint8Array.fromHex(salt), value) === sha256;
}
