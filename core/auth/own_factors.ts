import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import { recordAudit } from "@/core/audit/record.ts";
import type { Factor } from "@/core/contract/auth.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { AuthDeps, Client } from "./deps.ts";
import { passkeyCreation, savePasskey } from "./passkeys.ts";
import { demandProof } from "./password.ts";
import type { Principal } from "./principal.ts";
import { revokeSessionsOf } from "./revoke.ts";
import { startTotp, takeTotp } from "./totp.ts";

const CHALLENGE_MS = 300_000;

/** One's own second factors, the oldest first. */
export async function listFactors(
  { db }: Pick<AuthDeps, "db">,
  { userId, homeTenantId }: Principal,
): Promise<Factor[]> {
  type Row = Omit<Factor, "createdAt" | "lastUsedAt"> & {
    createdAt: Date;
    lastUsedAt: Date | null;
  };
  const rows = await db.tenant(homeTenantId, (sql) =>
    sql<Row[]>`
    select id, kind, name, created_at as "createdAt", last_used_at as "lastUsedAt"
    from second_factors where user_id = ${userId} and confirmed_at is not null
    order by created_at, id`);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

/** The secret for an authenticator app, shown once. {@linkcode confirmTotp} makes it count. */
export async function addTotp(
  { db, kms, clock }: AuthDeps,
  { userId, homeTenantId, email, tenantName }: Principal,
  name: string,
): Promise<{ id: string; secret: string; uri: string }> {
  return await db.tenant(homeTenantId, (sql) =>
    startTotp(sql, kms, {
      ...{ tenantId: homeTenantId, userId, name, account: email, now: clock.now() },
      issuer: `TOD ${tenantName}`.replaceAll(":", " "),
    }));
}

/** @throws {InvalidInput} on a code that the app with this secret would not show now */
export async function confirmTotp(
  deps: AuthDeps,
  principal: Principal,
  { id, code }: { id: string; code: string },
  client: Client,
): Promise<void> {
  const { db, kms, clock } = deps;
  const { userId, homeTenantId: tenantId } = principal;
  await db.tenant(tenantId, async (sql) => {
    const now = clock.now();
    if (!await takeTotp(sql, kms, { tenantId, userId, code, now, onlyId: id })) {
      throw new InvalidInput(
        "Cannot take this code: type the one your app shows now, and check " +
          "that the clock of your phone is right",
      );
    }
    await added(sql, deps, principal, id, "totp", client);
  });
}

/** What the browser needs to make a passkey. */
export async function startPasskey(
  { db, locks }: AuthDeps,
  { userId, sessionId, homeTenantId, email, name }: Principal,
  client: Client,
) {
  const options = await db.tenant(
    homeTenantId,
    (sql) => passkeyCreation(sql, client, { userId, email, name }),
  );
  await locks.put(`passkey:${sessionId}`, options.challenge, CHALLENGE_MS);
  return options;
}

export async function addPasskey(
  deps: AuthDeps,
  principal: Principal,
  { name, response }: { name: string; response: RegistrationResponseJSON },
  client: Client,
): Promise<void> {
  const { db, locks, clock } = deps;
  const { userId, sessionId, homeTenantId: tenantId } = principal;
  const challenge = await locks.take(`passkey:${sessionId}`);
  if (challenge === undefined) throw new InvalidInput("Cannot take this passkey: begin again");
  await db.tenant(tenantId, async (sql) => {
    const now = clock.now();
    const made = { tenantId, userId, name, challenge, response, now };
    const id = await savePasskey(sql, client, made);
    await added(sql, deps, principal, id, "passkey", client);
  });
}

/** This session proved the factor just now; the others have to sign in with it. */
async function added(
  sql: Sql,
  { kms, clock }: AuthDeps,
  { userId, sessionId, homeTenantId }: Principal,
  factorId: string,
  kind: "totp" | "passkey",
  client: Client,
): Promise<void> {
  await sql`
    update sessions set factors = array_append(factors, ${kind}) where id = ${sessionId}`;
  const reason = "second_factor_changed";
  await revokeSessionsOf(sql, userId, { reason, now: clock.now(), except: sessionId });
  await recordAudit(sql, kms, homeTenantId, {
    ...{ actor: `user:${userId}`, action: "user.second_factor_added", outcome: "ok" },
    target: { kind: "second_factor", id: factorId },
    requestId: client.requestId,
    ip: client.address,
    details: { kind },
  });
}

/** Takes a factor away, against a proof of the password. */
export async function removeFactor(
  deps: AuthDeps,
  principal: Principal,
  { id, proof }: { id: string; proof: { handshake: string; M1: string } },
  client: Client,
): Promise<void> {
  await demandProof(deps, principal, proof, client);
  const { db, kms, clock } = deps;
  const { userId, sessionId, homeTenantId } = principal;
  await db.tenant(homeTenantId, async (sql) => {
    const [gone] = await sql<{ kind: string }[]>`
      delete from second_factors where id = ${id} and user_id = ${userId} returning kind`;
    if (!gone) throw new NotFound("Cannot find this second factor");
    await revokeSessionsOf(sql, userId, {
      ...{ reason: "second_factor_changed", now: clock.now(), except: sessionId },
    });
    await recordAudit(sql, kms, homeTenantId, {
      ...{ actor: `user:${userId}`, action: "user.second_factor_removed", outcome: "ok" },
      target: { kind: "second_factor", id },
      requestId: client.requestId,
      ip: client.address,
      details: { kind: gone.kind },
    });
  });
}
