import type { Sql } from "@/core/ports/db.ts";

/** Times are ISO 8601; `from` inclusive, `to` exclusive, compared with the begin of hour or day. */
export interface ReadFilter {
  from?: string | undefined;
  to?: string | undefined;
  actor?: string | undefined;
  purpose?: string | undefined;
  secret?: string | undefined;
  deviceId?: string | undefined;
}

/** The condition on `secret_reads r`. */
export function whereReads(sql: Sql, { from, to, actor, purpose, secret, deviceId }: ReadFilter) {
  return sql`
    ${from === undefined ? sql`` : sql`and r.bucket >= ${from}::text::timestamptz`}
    ${to === undefined ? sql`` : sql`and r.bucket < ${to}::text::timestamptz`}
    ${actor === undefined ? sql`` : sql`and r.actor = ${actor}`}
    ${purpose === undefined ? sql`` : sql`and r.purpose = ${purpose}`}
    ${secret === undefined ? sql`` : sql`and r.secret = ${secret}`}
    ${deviceId === undefined ? sql`` : sql`and r.device_id = ${deviceId}`}`;
}
