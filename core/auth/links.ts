import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { randomToken, tokenHash } from "./tokens.ts";

export type LinkPurpose = "setup" | "invite" | "recover" | "demo";

const HOUR_MS = 3_600_000;
/** How long a link is good for. */
export const LINK_LIFE_MS: Readonly<Record<LinkPurpose, number>> = {
  setup: 24 * HOUR_MS,
  invite: 72 * HOUR_MS,
  recover: HOUR_MS,
  demo: 24 * HOUR_MS,
};

export interface OneTimeLink {
  id: string;
  tenantId: TenantId;
  purpose: LinkPurpose;
  /** Absent for a setup, which makes its user. */
  userId: string | null;
  expiresAt: Date;
}

export interface NewLink {
  purpose: LinkPurpose;
  userId: string | null;
  /** Actor, as in the audit trail. */
  createdBy: string;
  now: number;
}

/**
 * Makes a link that works once, and ends older unused ones of the same purpose and user. Answers the
 * token: it is shown once and stored as a hash.
 */
export async function createLink(
  sql: Sql,
  tenantId: TenantId,
  { purpose, userId, createdBy, now }: NewLink,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomToken();
  const expiresAt = new Date(now + LINK_LIFE_MS[purpose]);
  await sql`
    delete from one_time_links where purpose = ${purpose} and used_at is null
      and user_id is not distinct from ${userId}`;
  await sql`
    insert into one_time_links (tenant_id, token_hash, purpose, user_id, created_by, created_at,
      expires_at)
    values (${tenantId}, ${tokenHash(token)}, ${purpose}, ${userId}, ${createdBy},
      ${new Date(now)}, ${expiresAt})`;
  return { token, expiresAt };
}

/** The tenant of a link, before anybody is signed in. */
export async function tenantOfLink(db: Db, token: string): Promise<TenantId | undefined> {
  const [row] = await db.system((sql) =>
    sql<{ tenantId: TenantId | null }[]>`
      select system_find_link(${tokenHash(token)}) as "tenantId"`
  );
  return row?.tenantId ?? undefined;
}

/** The link if it is unused and in time, locked until the transaction ends. */
export async function readLink(
  sql: Sql,
  token: string,
  now: number,
): Promise<OneTimeLink | undefined> {
  const [link] = await sql<OneTimeLink[]>`
    select id, tenant_id as "tenantId", purpose, user_id as "userId", expires_at as "expiresAt"
    from one_time_links
    where token_hash = ${tokenHash(token)} and used_at is null and expires_at > ${new Date(now)}
    for update`;
  return link;
}

/** Call in the transaction of what the link was for. */
export async function useLink(sql: Sql, { id }: OneTimeLink, now: number): Promise<void> {
  await sql`update one_time_links set used_at = ${new Date(now)} where id = ${id}`;
}
