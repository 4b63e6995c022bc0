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
  change: ConfigPolicyChange,
): Promise<ConfigPolicy> {
  demand(scope, "settings:write");
  const { clock, kms } = deps;
  const { retention, binaries } = change;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const at = new Date(clock.now());
    const row = {
      ...{ tenant_id: scope.tenantId, updated_at: at },
      ...(retention !== undefined && {
        keep_all_days: retention?.allDays ?? null,
        keep_daily_days: retention?.dailyDays ?? null,
        keep_weekly_days: retention?.weeklyDays ?? null,
        keep_monthly_days: retention?.monthlyDays ?? null,
      }),
      ...(binaries && {
        binary_schedule: binaries.schedule === "off" ? null : binaries.schedule,
        keep_binaries: binaries.keep,
      }),
    };
    await sql`
      insert into config_policies ${sql(row)} on conflict (tenant_id) do update set ${sql(row)}`;
    const policy = await policyOf(sql, deps.retention);
    await recordAudit(sql, kms, scope.tenantId, {
      ...{ at, actor: scope.actor, action: "config.policy_changed", outcome: "ok" },
      details: { ...change },
      target: { kind: "tenant", id: scope.tenantId, label: "backups of configurations" },
      requestId: scope.requestId,
      ip: scope.ip,
    });
    return policy;
  });
}

/** Of a router, where the tenant has not said so. */
const KEPT_BINARIES = 10;

/** What holds for the tenant of `sql`. */
export async function policyOf(sql: Sql, installation: ConfigRetention): Promise<ConfigPolicy> {
  const [own] = await sql<{
    retention: ConfigRetention | null;
    schedule: "weekly" | "daily" | null;
    keep: number | null;
  }[]>`
    select binary_schedule as schedule, keep_binaries as keep,
      case when keep_all_days is not null then jsonb_build_object('allDays', keep_all_days,
        'dailyDays', keep_daily_days, 'weeklyDays', keep_weekly_days,
        'monthlyDays', keep_monthly_days) end as retention
    from config_policies`;
  return {
    retention: own?.retention ?? installation,
    isOwn: own?.retention != null,
    installation,
    binaries: { schedule: own?.schedule ?? "off", keep: own?.keep ?? KEPT_BINARIES },
  };
}
