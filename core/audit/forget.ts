import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** What an actor is called in the log. Shown beside entries, never hashed. */
export async function nameActor(
  sql: Sql,
  tenantId: TenantId,
  actor: string,
  label: string,
): Promise<void> {
  const clean = label.replaceAll("\0", "").trim().slice(0, 300).toWellFormed();
  if (clean === "") return;
  await sql`
    insert into audit_names (tenant_id, actor, label) values (${tenantId}, ${actor}, ${clean})
    on conflict (tenant_id, actor) do update set label = excluded.label`;
}

/** How much was erased. */
export interface Forgotten {
  names: number;
  addresses: number;
  labels: number;
  details: number;
}

/**
 * Erases what tells who a user was: his name and the names of his keys, the addresses he came from,
 * and label and details of entries about himself. Entries and chain stay: `user:<id>` did it, and
 * nobody can tell any more who that was. Audit the deletion after it, in the same transaction.
 *
 * @param keyIds the user's API keys
 */
export async function forgetUser(
  sql: Sql,
  tenantId: TenantId,
  userId: string,
  keyIds: readonly string[] = [],
): Promise<Forgotten> {
  const actors = [`user:${userId}`, ...keyIds.map((id) => `key:${id}`)];
  const targets = [userId, ...keyIds];
  const names = await sql`
    delete from audit_names where tenant_id = ${tenantId} and actor = any(${actors})`;
  const addresses = await sql`
    update audit_private p set ip = null, ip_salt = null from audit_log l
    where p.tenant_id = ${tenantId} and l.tenant_id = p.tenant_id and l.seq = p.seq
      and p.ip is not null
      and (l.actor = any(${actors})
           or (l.target_kind in ('user', 'key') and l.target_id = any(${targets})))`;
  const about = sql`
    from audit_log l
    where p.tenant_id = ${tenantId} and l.tenant_id = p.tenant_id and l.seq = p.seq
      and l.target_kind in ('user', 'key') and l.target_id = any(${targets})`;
  const labels = await sql`
    update audit_private p set target_label = null, label_salt = null ${about}
      and p.target_label is not null`;
  const details = await sql`
    update audit_private p set details = null ${about} and p.details is not null`;
  return {
    names: names.count,
    addresses: addresses.count,
    labels: labels.count,
    details: details.count,
  };
}
