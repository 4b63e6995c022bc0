import { randomBytes } from "node:crypto";
import { recordAudit } from "@/core/audit/record.ts";
import { NotFound, Unauthenticated } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { ACCESS_LIFE_SECONDS, signAccessToken } from "./access_token.ts";
import type { AuthDeps, Client } from "./deps.ts";
import { isGenuine, makeRefreshToken, parseRefreshToken } from "./refresh_token.ts";
import { type RevokeReason, revokeSessionsOf } from "./revoke.ts";

/** A refresh token is good for this long after its last use. */
export const REFRESH_LIFE_SECONDS = 7 * 86_400;

export interface Tokens {
  readonly access: string;
  readonly accessSeconds: number;
  readonly refresh: string;
  readonly refreshSeconds: number;
}

export interface OpenedSession {
  readonly id: string;
  readonly userId: string;
  readonly homeTenantId: TenantId;
  readonly generation: number;
  readonly seed: Uint8Array;
}

/** Starts a session in the transaction of the sign-in. {@linkcode issueTokens} after the commit. */
export async function openSession(
  sql: Sql,
  homeTenantId: TenantId,
  { userId, factors, client, now }: {
    userId: string;
    /** How it was proved: `srp`, `totp`, `passkey`, `recovery`, `oidc`, `link`. */
    factors: readonly string[];
    client: Client;
    now: number;
  },
): Promise<OpenedSession> {
  const id = crypto.randomUUID();
  const seed = randomBytes(32);
  await sql`
    insert into sessions (id, tenant_id, user_id, acting_tenant_id, refresh_seed, created_at,
      last_used_at, expires_at, address, user_agent, factors)
    values (${id}, ${homeTenantId}, ${userId}, ${homeTenantId}, ${seed}, ${new Date(now)},
      ${new Date(now)}, ${new Date(now + REFRESH_LIFE_SECONDS * 1_000)}, ${client.address},
      ${client.userAgent?.slice(0, 500) ?? null}, ${factors as string[]})`;
  await sql`update users set last_login_at = ${new Date(now)} where id = ${userId}`;
  // Those that ended long ago tell nobody anything.
  await sql`
    delete from sessions where user_id = ${userId}
      and expires_at < ${new Date(now - 30 * 86_400_000)}`;
  return { id, userId, homeTenantId, generation: 1, seed };
}

export async function issueTokens(
  deps: Pick<AuthDeps, "keys" | "clock">,
  { id, userId, homeTenantId, generation, seed }: OpenedSession,
): Promise<Tokens> {
  const claims = { sessionId: id, userId, homeTenantId };
  return {
    access: await signAccessToken(deps, claims),
    accessSeconds: ACCESS_LIFE_SECONDS,
    refresh: makeRefreshToken(await deps.keys.newest(), id, generation, seed),
    refreshSeconds: REFRESH_LIFE_SECONDS,
  };
}

const SIGN_IN_AGAIN = "Cannot go on with this session: sign in again";

/**
 * New tokens for a refresh token, which is worth nothing afterwards. One that was used before ends the
 * session: whoever has it stole it, or was stolen from.
 *
 * @throws {Unauthenticated}
 */
export async function refreshSession(
  deps: AuthDeps,
  text: string,
  client: Client,
): Promise<Tokens> {
  const { db, kms, keys, clock } = deps;
  const token = parseRefreshToken(text);
  if (!token) throw new Unauthenticated(SIGN_IN_AGAIN);
  const tenantId = await tenantOfSession(deps, token.sessionId);
  if (!tenantId) throw new Unauthenticated(SIGN_IN_AGAIN);
  const now = clock.now();
  const session = await db.tenant(tenantId, async (sql) => {
    const [row] = await sql<SessionRow[]>`
      select s.id, s.user_id as "userId", s.refresh_seed as seed, s.generation,
        s.expires_at as "expiresAt", s.revoked_at as "revokedAt",
        u.is_active and t.is_active as "isActive"
      from sessions s join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
      join tenants t on t.id = s.tenant_id
      where s.id = ${token.sessionId} for update of s`;
    if (!row || !await isGenuine(keys, token, row.seed)) return undefined;
    if (row.revokedAt !== null || row.expiresAt.getTime() <= now || !row.isActive) return undefined;
    if (token.generation !== row.generation) {
      await revokeSessionsOf(sql, row.userId, { reason: "token_reused", now });
      await recordAudit(sql, kms, tenantId, {
        ...{ actor: `user:${row.userId}`, action: "session.token_reused", outcome: "refused" },
        target: { kind: "session", id: row.id },
        requestId: client.requestId,
        ip: client.address,
        details: { generation: token.generation, current: row.generation },
      });
      return undefined;
    }
    const generation = row.generation + 1;
    await sql`
      update sessions set generation = ${generation}, last_used_at = ${new Date(now)},
        expires_at = ${new Date(now + REFRESH_LIFE_SECONDS * 1_000)}, address = ${client.address},
        user_agent = ${client.userAgent?.slice(0, 500) ?? null}
      where id = ${row.id}`;
    return { ...row, homeTenantId: tenantId, generation };
  });
  if (!session) throw new Unauthenticated(SIGN_IN_AGAIN);
  return await issueTokens(deps, session);
}

/**
 * Ends the session of a refresh token: for signing out when the access token has run out. A token that
 * we did not make ends nothing.
 */
export async function endSessionOf(deps: AuthDeps, text: string, client: Client): Promise<void> {
  const { db, kms, keys, clock } = deps;
  const token = parseRefreshToken(text);
  const tenantId = token && await tenantOfSession(deps, token.sessionId);
  if (!token || !tenantId) return;
  await db.tenant(tenantId, async (sql) => {
    const [row] = await sql<{ userId: string; seed: Uint8Array }[]>`
      select user_id as "userId", refresh_seed as seed from sessions
      where id = ${token.sessionId} and revoked_at is null for update`;
    if (!row || !await isGenuine(keys, token, row.seed)) return;
    await sql`
      update sessions set revoked_at = ${new Date(clock.now())}, revoke_reason = 'signed_out'
      where id = ${token.sessionId}`;
    await recordAudit(sql, kms, tenantId, {
      ...{ actor: `user:${row.userId}`, action: "session.signed_out", outcome: "ok" },
      target: { kind: "session", id: token.sessionId },
      requestId: client.requestId,
      ip: client.address,
    });
  });
}

interface SessionRow {
  id: string;
  userId: string;
  seed: Uint8Array;
  generation: number;
  expiresAt: Date;
  revokedAt: Date | null;
  isActive: boolean;
}

async function tenantOfSession(
  { db }: AuthDeps,
  sessionId: string,
): Promise<TenantId | undefined> {
  const [row] = await db.system((sql) =>
    sql<{ tenantId: TenantId | null }[]>`
      select system_find_refresh(${sessionId}::uuid) as "tenantId"`
  );
  return row?.tenantId ?? undefined;
}

/** A person and the session they speak through. */
export interface SignedIn {
  readonly userId: string;
  readonly sessionId: string;
  readonly homeTenantId: TenantId;
}

export interface SessionInfo {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  address: string | null;
  userAgent: string | null;
  factors: string[];
  isCurrent: boolean;
}

/** One's own open sessions, the newest use first. */
export async function listSessions(
  { db, clock }: Pick<AuthDeps, "db" | "clock">,
  { userId, sessionId, homeTenantId }: SignedIn,
): Promise<SessionInfo[]> {
  type Row = Omit<SessionInfo, "createdAt" | "lastUsedAt" | "expiresAt" | "isCurrent"> & {
    createdAt: Date;
    lastUsedAt: Date;
    expiresAt: Date;
  };
  const rows = await db.tenant(homeTenantId, (sql) =>
    sql<Row[]>`
    select id, created_at as "createdAt", last_used_at as "lastUsedAt",
      expires_at as "expiresAt", address, user_agent as "userAgent", factors
    from sessions
    where user_id = ${userId} and revoked_at is null and expires_at > ${new Date(clock.now())}
    order by last_used_at desc limit 100`);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isCurrent: row.id === sessionId,
  }));
}

/** Ends one of one's own sessions, or all others. @throws {NotFound} */
export async function revokeOwnSessions(
  { db, kms, clock }: Pick<AuthDeps, "db" | "kms" | "clock">,
  signedIn: SignedIn,
  client: Client,
  which: { id: string } | "others",
): Promise<void> {
  const { userId, sessionId, homeTenantId } = signedIn;
  const reason: RevokeReason = which !== "others" && which.id === sessionId
    ? "signed_out"
    : "revoked";
  const now = clock.now();
  await db.tenant(homeTenantId, async (sql) => {
    const count = which === "others"
      ? await revokeSessionsOf(sql, userId, { reason, now, except: sessionId })
      : (await sql`
        update sessions set revoked_at = ${new Date(now)}, revoke_reason = ${reason}
        where user_id = ${userId} and revoked_at is null and id = ${which.id}`).count;
    if (count === 0 && which !== "others") throw new NotFound("Cannot find this session");
    await recordAudit(sql, kms, homeTenantId, {
      actor: `user:${userId}`,
      action: reason === "signed_out" ? "session.signed_out" : "session.revoked",
      outcome: "ok",
      target: { kind: "session", id: which === "others" ? sessionId : which.id },
      requestId: client.requestId,
      ip: client.address,
      details: which === "others" ? { others: count } : {},
    });
  });
}

/** Moves a session of a super_admin to another tenant. */
export async function chooseTenant(
  deps: Pick<AuthDeps, "db" | "kms" | "clock">,
  scope: Scope,
  signedIn: SignedIn,
  chosen: TenantId,
): Promise<void> {
  demand(scope, "tenants:read");
  const { db, kms } = deps;
  const exists = await db.tenant(chosen, (sql) => sql`select from tenants where id = ${chosen}`);
  if (exists.length === 0) throw new NotFound("Cannot find this tenant");
  await db.tenant(
    signedIn.homeTenantId,
    (sql) => sql`update sessions set acting_tenant_id = ${chosen} where id = ${signedIn.sessionId}`,
  );
  // In the chain of the tenant that is entered: its admins may see who came.
  await db.tenant(chosen, (sql) =>
    recordAudit(sql, kms, chosen, {
      ...{ actor: scope.actor, action: "tenant.entered", outcome: "ok" },
      target: { kind: "tenant", id: chosen },
      requestId: scope.requestId,
      ip: scope.ip,
    }));
}
