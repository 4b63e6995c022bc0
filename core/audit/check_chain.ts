import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { CHAIN_START, type ChainPlace, type ChainProblem, ChainWalk } from "./chain_walk.ts";
import { chainColumns, type StoredRow } from "./stored_row.ts";

/** Rows at a time: short enough that a server beside it answers between two. */
const STEP = 500;

export interface CheckOptions {
  nowMs: number;
  /** Rows read at most: of what is new, and again of what was found whole before. */
  newRows?: number;
  oldRows?: number;
}

export interface CheckResult {
  /** Rows read. */
  rows: number;
  /** How far the chain is known to be whole. */
  checked: ChainPlace;
  problem: ChainProblem | undefined;
}

interface Progress {
  checked: ChainPlace;
  recheck: ChainPlace;
  head: ChainPlace;
}

/**
 * Follows a tenant's chain in the database: all that is new since the last check, and a part of what
 * is old, so that every row is read again every so often. What it found is kept in `audit_checks`.
 */
export async function checkChain(
  db: Db,
  tenantId: TenantId,
  { nowMs, newRows = 200_000, oldRows = 20_000 }: CheckOptions,
): Promise<CheckResult> {
  const { checked, recheck, head } = await db.tenant(tenantId, (sql) => progress(sql, tenantId));
  const fresh = await follow(db, tenantId, checked, head, newRows);
  const old = fresh.problem ? undefined : await follow(db, tenantId, recheck, checked, oldRows);
  const problem = fresh.problem ?? old?.problem;
  const next = old && old.place.seq !== checked.seq ? old.place : CHAIN_START;
  await db.tenant(tenantId, async (sql) => {
    await sql`
      insert into audit_checks (tenant_id, checked_seq, checked_hash, recheck_seq, recheck_hash,
                                checked_at, broken_seq, broken_reason)
      values (${tenantId}, ${fresh.place.seq}::text::bigint, decode(${fresh.place.hash}, 'hex'),
              ${next.seq}::text::bigint, decode(${next.hash}, 'hex'),
              ${new Date(nowMs).toISOString()}::text::timestamptz,
              ${problem?.seq ?? null}::text::bigint, ${problem?.reason ?? null})
      on conflict (tenant_id) do update
        set checked_seq = excluded.checked_seq, checked_hash = excluded.checked_hash,
            recheck_seq = excluded.recheck_seq, recheck_hash = excluded.recheck_hash,
            checked_at = excluded.checked_at, broken_seq = excluded.broken_seq,
            broken_reason = excluded.broken_reason`;
  });
  return { rows: fresh.rows + (old?.rows ?? 0), checked: fresh.place, problem };
}

async function progress(sql: Sql, tenantId: TenantId): Promise<Progress> {
  type Row = Record<"seq" | "hash" | "checkedSeq" | "checkedHash", string | null> & {
    recheckSeq: string | null;
    recheckHash: string | null;
  };
  const [row] = await sql<Row[]>`
    select h.seq::text, encode(h.hash, 'hex') as hash,
      c.checked_seq::text as "checkedSeq", encode(c.checked_hash, 'hex') as "checkedHash",
      c.recheck_seq::text as "recheckSeq", encode(c.recheck_hash, 'hex') as "recheckHash"
    from tenants t
    left join audit_heads h on h.tenant_id = t.id
    left join audit_checks c on c.tenant_id = t.id
    where t.id = ${tenantId}`;
  const place = (seq?: string | null, hash?: string | null): ChainPlace =>
    seq && hash ? { seq, hash } : CHAIN_START;
  return {
    head: place(row?.seq, row?.hash),
    checked: place(row?.checkedSeq, row?.checkedHash),
    recheck: place(row?.recheckSeq, row?.recheckHash),
  };
}

/** From a place to another, which must be reached with the hash it had. At most `limit` rows. */
async function follow(
  db: Db,
  tenantId: TenantId,
  from: ChainPlace,
  to: ChainPlace,
  limit: number,
): Promise<{ place: ChainPlace; rows: number; problem: ChainProblem | undefined }> {
  const walk = new ChainWalk(tenantId, from);
  const end = (problem?: ChainProblem) => ({ place: walk.place, rows, problem });
  let rows = 0;
  while (rows < limit && BigInt(walk.place.seq) < BigInt(to.seq)) {
    const step = await readStep(db, tenantId, walk.place.seq, to.seq, Math.min(STEP, limit - rows));
    for (const row of step) {
      const problem = walk.step(row);
      if (problem) return end(problem);
    }
    rows += step.length;
    if (step.length === 0) {
      const seq = `${BigInt(walk.place.seq) + 1n}`;
      return end({ seq, reason: `rows ${seq} to ${to.seq} are missing: the tail was cut off` });
    }
  }
  if (BigInt(walk.place.seq) > BigInt(to.seq)) {
    return end({ seq: `${BigInt(to.seq) + 1n}`, reason: "the chain ends before what was checked" });
  }
  if (walk.place.seq === to.seq && walk.place.hash !== to.hash) {
    return end({ seq: to.seq, reason: "its hash is not the one that was noted before" });
  }
  return end();
}

async function readStep(db: Db, tenantId: TenantId, after: string, to: string, limit: number) {
  return await db.tenant(tenantId, (sql) =>
    sql<StoredRow[]>`
      select ${chainColumns(sql)} from audit_log l
      where l.tenant_id = ${tenantId} and l.seq > ${after}::text::bigint
        and l.seq <= ${to}::text::bigint
      order by l.seq limit ${limit}`);
}
