import type { Sql } from "@/core/ports/db.ts";

/** Which entries. Times are ISO 8601; `from` inclusive, `to` exclusive. */
export interface AuditFilter {
  from?: string | undefined;
  to?: string | undefined;
  actor?: string | undefined;
  /** The action or how it begins: `login` finds `login.failed`. */
  action?: string | undefined;
  targetKind?: string | undefined;
  targetId?: string | undefined;
  outcome?: "ok" | "refused" | undefined;
  /** Found in action, target or who did it, case-insensitive. Details are encrypted, so not in them. */
  q?: string | undefined;
}

/** The condition on `audit_log l`, with `audit_private p` joined. */
export function whereAudit(sql: Sql, filter: AuditFilter) {
  const { from, to, actor, action, targetKind, targetId, outcome, q } = filter;
  return sql`
    ${from === undefined ? sql`` : sql`and l.at >= ${from}::text::timestamptz`}
    ${to === undefined ? sql`` : sql`and l.at < ${to}::text::timestamptz`}
    ${actor === undefined ? sql`` : sql`and l.actor = ${actor}`}
    ${
    // A range and not LIKE: with a parameter LIKE cannot use the index. "~" sorts after all we allow.
    action === undefined
      ? sql``
      : sql`and l.action ~>=~ ${action} and l.action ~<~ ${`${action}~`}`}
    ${targetKind === undefined ? sql`` : sql`and l.target_kind = ${targetKind}`}
    ${targetId === undefined ? sql`` : sql`and l.target_id = ${targetId}`}
    ${
    // Literals: only so can the partial index of refusals be used.
    outcome === undefined
      ? sql``
      : outcome === "refused"
      ? sql`and l.outcome = 'refused'`
      : sql`and l.outcome = 'ok'`}
    ${q ? sql`and ${matches(sql, q)}` : sql``}`;
}

/** Names of people are looked up first: they are few, entries are many. */
function matches(sql: Sql, q: string) {
  return sql`(
    position(lower(${q}) in lower(concat_ws(E'\n', l.action, l.target_kind, l.target_id,
      p.target_label, l.actor, l.request_id))) > 0
    or l.actor in (
      select actor from audit_names where position(lower(${q}) in lower(label)) > 0
      union all
      select 'user:' || id from users where position(lower(${q}) in lower(name || E'\n' || email)) > 0
      union all
      select 'key:' || id from api_keys where position(lower(${q}) in lower(name)) > 0))`;
}

/** `audit_log l` with what stands apart from it. */
export function fromAudit(sql: Sql) {
  return sql`
    from audit_log l
    left join audit_private p on p.tenant_id = l.tenant_id and p.seq = l.seq`;
}

/** The filter as it is written down: only what is set. */
export function describeFilter(filter: AuditFilter): Record<string, string> | null {
  const set = Object.entries(filter).filter((entry): entry is [string, string] => !!entry[1]);
  return set.length === 0 ? null : Object.fromEntries(set);
}
