import type { Sql } from "@/core/ports/db.ts";

/** Why a session ended; shown to its owner. */
export type RevokeReason =
  | "signed_out"
  | "revoked"
  | "role_changed"
  | "deactivated"
  | "password_changed"
  | "recovered"
  | "token_reused"
  | "second_factor_changed";

/**
 * Ends every session of a user at once, but for `except`. Each request looks its session up, so the
 * next one is refused. Answers how many ended.
 */
export async function revokeSessionsOf(
  sql: Sql,
  userId: string,
  { reason, now, except }: { reason: RevokeReason; now: number; except?: string | undefined },
): Promise<number> {
  const { count } = await sql`
    update sessions set revoked_at = ${new Date(now)}, revoke_reason = ${reason}
    where user_id = ${userId} and revoked_at is null and id is distinct from ${except ?? null}`;
  return count;
}
