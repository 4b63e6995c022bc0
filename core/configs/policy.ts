import { recordAudit } from "@/core/audit/record.ts";
import type {
  ConfigPolicy,
  ConfigPolicyChange,
  ConfigRetention,
} from "@/core/contract/config_policy.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";

export interface PolicyDeps {
  kms: Kms;
  clock: Clock;
  /** What the installation has. */
  retention: ConfigRetention;
}

/** How long versions are kept, as far as a tenant has said so. */
export async function readConfigPolicy(
  scope: Scope,
  installation: Pick<PolicyDeps, "retention">,
): Promise<ConfigPolicy> {
  demand(scope, "configs:read");
  return await scope.db.tenant(scope.tenantId, (sql) => policyOf(sql, installation.retention));
}

export async function changeConfigPolicy(
  scope: Scope,
  deps: PolicyDeps,
  { retention }: ConfigPolicyChange,
): Promise<ConfigPolicy> {
  demand(scope, "settings:write");
  const { clock, kms } = deps;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const at = new Date(clock.now());
    const row = {
      ...{ tenant_id: scope.tenantId, updated_at: at },
      keep_all_days: retention?.allDays ?? null,
      keep_daily_days: retention?.dailyDays ?? null,
      keep_weekly_days: retention?.weeklyDays ?? null,
      keep_monthly_days: retention?.monthlyDays ?? null,
    };
    await sql`
      insert into config_policies ${sql(row)} on conflict (tenant_id) do update set ${sql(row)}`;
    const policy = await policyOf(sql, deps.retention);
    await recordAudit(sql, kms, scope.tenantId, {
      ...{ at, actor: scope.actor, action: "config.policy_changed", outcome: "ok" },
      details: { retention },
      target: { kind: "tenant", id: scope.tenantId, label: "backups of configurations" },
      requestId: scope.requestId,
      ip: scope.ip,
    });
    return policy;
  });
}

/** What holds for the tenant of `sql`. */
export async function policyOf(sql: Sql, installation: ConfigRetention): Promise<ConfigPolicy> {
  const [own] = await sql<ConfigRetention[]>`
    select keep_all_days as "allDays", keep_daily_days as "dailyDays",
      keep_weekly_days as "weeklyDays", keep_monthly_days as "monthlyDays"
    from config_policies where keep_all_days is not null`;
  return { retention: own ?? installation, isOwn: own !== undefined, installation };
}
