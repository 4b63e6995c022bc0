import { recordAudit } from "@/core/audit/record.ts";
import { NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { UserDeps } from "./users.ts";

/** Rows of a list in an export; what is older is in the organisation's audit export. */
const MAX_ROWS = 5_000;

/**
 * Everything that is kept about a person (GDPR, articles 15 and 20): account, sessions, second factors,
 * API keys, kept views and what they did. Secrets, and what only proves a secret, are left out.
 */
export async function exportOwnData(
  scope: Scope,
  { kms }: UserDeps,
  userId: string,
): Promise<Record<string, unknown>> {
  demand(scope, "account:self");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [account] = await sql`
      select id, email, name, role, is_active, enrolled_at, last_login_at, created_at, updated_at
      from users where id = ${userId}`;
    if (!account) throw new NotFound("Cannot find this account");
    const [sessions, factors, keys, views, acts] = await Promise.all([
      sql`
        select id, created_at, last_used_at, expires_at, revoked_at, revoke_reason, address,
          user_agent, factors
        from sessions where user_id = ${userId} order by created_at desc limit ${MAX_ROWS}`,
      sql`
        select id, kind, name, created_at, last_used_at from second_factors
        where user_id = ${userId} order by created_at`,
      sql`
        select id, name, prefix, permissions, allowed_from::text[] as allowed_from, created_at,
          expires_at, last_used_at, last_used_from, revoked_at
        from api_keys where user_id = ${userId} order by created_at`,
      sql`
        select id, name, query, sort, sort_order, columns, is_shared, created_at, updated_at
        from fleet_views where owner = ${`user:${userId}`} order by created_at`,
      sql`
        select l.seq::text, l.at, l.action, l.target_kind, l.target_id, l.outcome, p.ip
        from audit_log l left join audit_private p on p.tenant_id = l.tenant_id and p.seq = l.seq
        where l.actor = ${`user:${userId}`} order by l.seq desc limit ${MAX_ROWS}`,
    ]);
    await recordAudit(sql, kms, scope.tenantId, {
      ...{ actor: scope.actor, action: "user.data_exported", outcome: "ok" },
      target: { kind: "user", id: userId },
      requestId: scope.requestId,
      ip: scope.ip,
    });
    return { account, sessions, secondFactors: factors, apiKeys: keys, views, acts };
  });
}
