import { recordAudit } from "@/core/audit/record.ts";
import { PushPolicy } from "@/core/contract/push_views.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";

/** What the organisation asks of those who push. */
export async function getPushPolicy(scope: Scope): Promise<PushPolicy> {
  demand(scope, "configs:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readPushPolicy(sql, scope));
}

/** Holds for pushes that are started from now on. */
export async function savePushPolicy(
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  input: PushPolicy,
): Promise<PushPolicy> {
  demand(scope, "settings:write");
  const policy = PushPolicy.parse(input);
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await sql`
      update tenants set revision = revision + 1,
        settings = settings || jsonb_build_object('pushes', ${sql.json(policy)}::jsonb)
      where id = ${scope.tenantId}`;
    await recordAudit(sql, kms, scope.tenantId, {
      ...{ at: new Date(clock.now()), actor: scope.actor, action: "settings.changed" },
      ...{ outcome: "ok", details: { pushes: policy } },
      requestId: scope.requestId,
      ip: scope.ip,
    });
  });
  return policy;
}

export async function readPushPolicy(sql: Sql, { tenantId }: Scope): Promise<PushPolicy> {
  const [row] = await sql<{ pushes: unknown }[]>`
    select settings -> 'pushes' as pushes from tenants where id = ${tenantId}`;
  return PushPolicy.parse(row?.pushes ?? {});
}

/** Whether this caller may have a push kept without a person. */
export function mayAutoConfirm({ permissions }: Scope, { autoConfirm }: PushPolicy): boolean {
  return autoConfirm === "everybody" ||
    (autoConfirm === "approvers" && permissions.has("configs:approve"));
}

/** @throws {InvalidInput} where a person must confirm */
export function demandConfirmer(
  scope: Scope,
  policy: PushPolicy,
  { confirm }: { confirm: "auto" | "manual" },
): void {
  if (confirm === "manual" || mayAutoConfirm(scope, policy)) return;
  throw new InvalidInput("Cannot push this", [{
    path: "confirm",
    message: "must be manual: your organisation wants a person to confirm",
  }]);
}
