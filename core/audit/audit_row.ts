import { actorName, nameOf } from "@/core/actor_name.ts";
import type { AuditRow } from "@/core/contract/audit.ts";
import type { Sql } from "@/core/ports/db.ts";
import { microsToIso, type StoredRow } from "./stored_row.ts";

export interface ListedRow extends StoredRow {
  actorName: string | null;
  targetLabel: string | null;
  targetName: string | null;
  ip: string | null;
}

/** What actor and target are called now. */
export function actorAndTarget(sql: Sql) {
  return sql`${actorName(sql, "l")} as "actorName",
    ${nameOf(sql, sql`l.tenant_id`, sql`l.target_kind || ':' || l.target_id`)} as "targetName"`;
}

export function toAuditRow(row: ListedRow): AuditRow {
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
