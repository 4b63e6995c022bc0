import { randomInt } from "node:crypto";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { tokenHash } from "./tokens.ts";

const CODES = 10;
/** No letter that is read as another: 16 of them are 79 bits. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 16;

/** Makes new codes and voids the old ones. Shown once: only hashes are stored. */
export async function renewRecoveryCodes(
  sql: Sql,
  tenantId: TenantId,
  userId: string,
): Promise<string[]> {
  const codes = Array.from({ length: CODES }, makeCode);
  await sql`delete from recovery_codes where user_id = ${userId}`;
  for (const code of codes) {
    await sql`
      insert into recovery_codes (tenant_id, user_id, code_hash)
      values (${tenantId}, ${userId}, ${hashOf(code)})`;
  }
  return codes;
}

/** Uses a code up. `false`: there is none like it that was not used. */
export async function takeRecoveryCode(
  sql: Sql,
  userId: string,
  code: string,
  now: number,
): Promise<boolean> {
  const { count } = await sql`
    update recovery_codes set used_at = ${new Date(now)}
    where user_id = ${userId} and code_hash = ${hashOf(code)} and used_at is null`;
  return count === 1;
}

/** How many are left. */
export async function countRecoveryCodes(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql<{ left: number }[]>`
    select count(*)::int as left from recovery_codes
    where user_id = ${userId} and used_at is null`;
  return row!.left;
}

function makeCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return letters.join("").replaceAll(/(.{4})(?=.)/g, "$1-");
}

function hashOf(code: string) {
  return tokenHash(code.toUpperCase().replaceAll(/[^0-9A-Z]/g, ""));
}
