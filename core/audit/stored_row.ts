import type { Sql } from "@/core/ports/db.ts";
import type { ChainRow } from "./chain.ts";

/** A row of `audit_log` as the chain hashes it, with its hash. */
export interface StoredRow extends ChainRow {
  hash: string;
}

/** The columns of {@linkcode StoredRow}, of `audit_log l`. */
export function chainColumns(sql: Sql) {
  return sql`
    l.tenant_id as "tenantId", l.seq::text, l.entry_id as "entryId",
    (extract(epoch from l.at) * 1000000)::bigint::text as "atMicros",
    l.actor, l.action, l.target_kind as "targetKind", l.target_id as "targetId", l.outcome,
    l.request_id as "requestId", encode(l.label_sha256, 'hex') as "labelSha256",
    encode(l.ip_sha256, 'hex') as "ipSha256", encode(l.details_sha256, 'hex') as "detailsSha256",
    encode(l.prev_hash, 'hex') as "prevHash", encode(l.hash, 'hex') as hash`;
}

/** "1767225600000000" → "2026-01-01T00:00:00.000000Z". */
export function microsToIso(micros: string): string {
  const value = BigInt(micros);
  const second = value / 1_000_000n - (value % 1_000_000n < 0n ? 1n : 0n);
  const rest = String(value - second * 1_000_000n).padStart(6, "0");
  return `${new Date(Number(second) * 1_000).toISOString().slice(0, 19)}.${rest}Z`;
}

/** The way back; `undefined` when it is not in that form. */
export function isoToMicros(iso: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/.exec(iso);
  const ms = parts ? Date.parse(`${parts[1]}Z`) : NaN;
  return Number.isNaN(ms) ? undefined : String(BigInt(ms) * 1_000n + BigInt(parts![2]!));
}
