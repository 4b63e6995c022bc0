import { recordAudit } from "@/core/audit/record.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Scope } from "@/core/scope.ts";
import type { ChangeSetDeps } from "./deps.ts";

/** Puts what was done with a change set into the audit log; last in its transaction. Never values. */
export async function tellSet(
  sql: Sql,
  scope: Scope,
  { kms, clock }: Pick<ChangeSetDeps, "kms" | "clock">,
  { id, name }: { id: string; name: string },
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at: new Date(clock.now()), actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "change_set", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
