import { Secret, TOTP } from "otpauth";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";

const PERIOD_SECONDS = 30;
/** Steps a code may be early or late: clocks of phones differ. */
const WINDOW = 1;
const SECRET_BYTES = 20;

function totpOf(secret: Uint8Array, issuer = "TOD", label = ""): TOTP {
  // RFC 6238 with what every authenticator app understands.
  return new TOTP({
    issuer,
    label,
    algorithm: "SHA1",
    digits: 6,
    period: PERIOD_SECONDS,
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
  });
}

function context(factorId: string): string {
  return `totp:${factorId}`;
}

/** A secret for an authenticator app; it counts once a first code proved that the app has it. */
export async function startTotp(
  sql: Sql,
  kms: Kms,
  { tenantId, userId, name, issuer, account, now }: {
    tenantId: TenantId;
    userId: string;
    name: string;
    issuer: string;
    account: string;
    now: number;
  },
): Promise<{ id: string; secret: string; uri: string }> {
  const id = crypto.randomUUID();
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const ciphertext = await kms.encrypt(tenantId, secret, context(id));
  // One that was never confirmed is worth nothing: the user began again.
  await sql`
    delete from second_factors
    where user_id = ${userId} and kind = 'totp' and confirmed_at is null`;
  await sql`
    insert into second_factors (id, tenant_id, user_id, kind, name, ciphertext, created_at)
    values (${id}, ${tenantId}, ${userId}, 'totp', ${name}, ${ciphertext}, ${new Date(now)})`;
  const totp = totpOf(secret, issuer, account);
  return { id, secret: totp.secret.base32, uri: totp.toString() };
}

/**
 * Takes a code of one of the user's apps: a confirmed one, or `onlyId` to confirm it. A code counts
 * once: its time step, and those before it, are used up. Answers the factor, or `undefined`.
 */
export async function takeTotp(
  sql: Sql,
  kms: Kms,
  { tenantId, userId, code, now, onlyId }: {
    tenantId: TenantId;
    userId: string;
    code: string;
    now: number;
    onlyId?: string;
  },
): Promise<string | undefined> {
  const factors = await sql<{ id: string; ciphertext: Uint8Array; lastStep: string | null }[]>`
    select id, ciphertext, last_step::text as "lastStep" from second_factors
    where user_id = ${userId} and kind = 'totp'
      and ${onlyId === undefined ? sql`confirmed_at is not null` : sql`id = ${onlyId}`}
    order by id for update`;
  for (const { id, ciphertext, lastStep } of factors) {
    const secret = await kms.decrypt(tenantId, ciphertext, context(id));
    const read = { actor: `user:${userId}`, purpose: "sign-in", secret: "authenticator app" };
    await noteSecretRead(sql, tenantId, { ...read, at: new Date(now) });
    const delta = totpOf(secret).validate({ token: code, timestamp: now, window: WINDOW });
    if (delta === null) continue;
    const step = Math.floor(now / 1_000 / PERIOD_SECONDS) + delta;
    if (lastStep !== null && step <= Number(lastStep)) continue;
    await sql`
      update second_factors set last_step = ${step}, last_used_at = ${new Date(now)},
        confirmed_at = coalesce(confirmed_at, ${new Date(now)})
      where id = ${id}`;
    return id;
  }
  return undefined;
}
