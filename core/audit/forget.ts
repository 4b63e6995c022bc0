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

export interface ForgetOptions {
  /** The user's API keys. */
  keyIds?: readonly string[];
  /** Labels that name the user wherever they stand: the e-mail address of failed sign-ins. */
  labels?: readonly string[];
}

/**
 * Erases what tells who a user was: the names of user and keys, the addresses they came from, label
 * and details of entries about them and their sessions. Entries and chain stay: `user:<id>` did it, and
 * nobody can tell any more who that was. Audit the deletion after it, in the same transaction.
 */
export async function forgetUser(
  sql: Sql,
  tenantId: TenantId,
  userId: string,
  { keyIds = [], labels = [] }: ForgetOptions = {},
): Promise<Forgotten> {
  const actors = [`user:${userId}`, ...keyIds.map((id) => `key:${id}`)];
  const targets = [userId, ...keyIds];
  const isAbout = sql`(
    (l.target_kind in ('user', 'api_key') and l.target_id = any(${targets}))
    or p.target_label = any(${labels as string[]}))`;
  const names = await sql`
    delete from audit_names where tenant_id = ${tenantId} and actor = any(${actors})`;
  const addresses = await sql`
    update audit_private p set ip = null, ip_salt = null from audit_log l
    where p.tenant_id = ${tenantId} and l.tenant_id = p.tenant_id and l.seq = p.seq
      and p.ip is not null
      and (l.actor = any(${actors}) or ${isAbout})`;
  const about = sql`
    from audit_log l
    where p.tenant_id = ${tenantId} and l.tenant_id = p.tenant_id and l.seq = p.seq
      and (${isAbout} or (l.actor = any(${actors}) and l.target_kind = 'session'))`;
  // Details first: what a label tells apart must still be there.
  const details = await sql`
    update audit_private p set details = null ${about} and p.details is not null`;
  const erased = await sql`
    update audit_private p set target_label = null, label_salt = null ${about}
      and p.target_label is not null`;
  return {
    names: names.count,
    addresses: addresses.count,
    labels: erased.count,
    details: details.count,
  };
}
