import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import type { Verifier } from "@/core/contract/auth.ts";

/** An account as signing in needs it. */
export interface Account {
  readonly id: string;
  readonly tenantId: TenantId;
  /** User and tenant both. */
  readonly isActive: boolean;
  /** `null` until enrolled. */
  readonly verifier: Verifier | null;
}

/** The account of an e-mail address, in whichever tenant; letters in either case. */
export async function findAccount(db: Db, email: string): Promise<Account | undefined> {
  const [found] = await db.system((sql) =>
    sql<{ tenantId: TenantId; userId: string }[]>`
      select tenant_id as "tenantId", user_id as "userId" from system_find_login(${email.trim()})`
  );
  if (!found) return undefined;
  return await db.tenant(
    found.tenantId,
    (sql) => readAccount(sql, found.tenantId, found.userId),
  );
}

export async function readAccount(
  sql: Sql,
  tenantId: TenantId,
  userId: string,
): Promise<Account | undefined> {
  const [row] = await sql<{
    isActive: boolean;
    group: "2048" | null;
    srpSalt: string;
    verifier: string;
    pbkdf2Salt: string;
    hkdfSalt: string;
    iterations: number;
  }[]>`
    select u.is_active and t.is_active as "isActive", u.srp_group as group,
      encode(u.srp_salt, 'hex') as "srpSalt", encode(u.srp_verifier, 'hex') as verifier,
      encode(u.pbkdf2_salt, 'hex') as "pbkdf2Salt", encode(u.hkdf_salt, 'hex') as "hkdfSalt",
      u.pbkdf2_iterations as iterations
    from users u join tenants t on t.id = u.tenant_id where u.id = ${userId}`;
  if (!row) return undefined;
  const { isActive, group, ...rest } = row;
  return { id: userId, tenantId, isActive, verifier: group === null ? null : { group, ...rest } };
}

/** Stores a new verifier: the account is enrolled from now on. */
export async function saveVerifier(
  sql: Sql,
  userId: string,
  { group, srpSalt, verifier, pbkdf2Salt, hkdfSalt, iterations }: Verifier,
  now: number,
): Promise<void> {
  const bytes = (hex: string) => Uint8Array.fromHex(hex);
  await sql`
    update users set srp_group = ${group}, srp_salt = ${bytes(srpSalt)},
      srp_verifier = ${bytes(verifier)}, pbkdf2_salt = ${bytes(pbkdf2Salt)},
      hkdf_salt = ${bytes(hkdfSalt)}, pbkdf2_iterations = ${iterations},
      enrolled_at = ${new Date(now)}, updated_at = ${new Date(now)}, revision = revision + 1
    where id = ${userId}`;
}
