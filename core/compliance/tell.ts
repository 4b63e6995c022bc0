import { recordAudit } from "@/core/audit/record.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope } from "@/core/scope.ts";

export interface ComplianceDeps {
  kms: Kms;
  clock: Clock;
}

/** Puts what was done into the audit log; last in its transaction. */
export async function tellAct(
  sql: Sql,
  scope: Scope,
  { kms, clock }: ComplianceDeps,
  target: { kind: string; id: string; label: string },
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at: new Date(clock.now()), actor: scope.actor, action, outcome: "ok", target, details },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

export function invalid(
  title: string,
  issues: readonly { path: PropertyKey[]; message: string }[],
): InvalidInput {
  return new InvalidInput(
    title,
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
