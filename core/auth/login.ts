import { recordAudit, recordAuditApart } from "@/core/audit/record.ts";
import type { SrpChallenge } from "@/core/contract/auth.ts";
import { Unauthenticated } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { SrpAborted } from "@/core/srp/arithmetic.ts";
import { finishServer, type ServerState, startServer } from "@/core/srp/server.ts";
import { type Account, findAccount, readAccount } from "./account.ts";
import type { AuthDeps, Client } from "./deps.ts";
import { countAttempt } from "./limits.ts";
import { issueTokens, openSession, type Tokens } from "./sessions.ts";
import { openTicket } from "./tickets.ts";
import { randomToken } from "./tokens.ts";

const HANDSHAKE_MS = 60_000;
const REFUSED = "Cannot sign in as e-mail, password or Secret Key is wrong";

/** A handshake between its two steps. */
interface Handshake {
  srp: ServerState;
  /** Absent for an account that is not there, or may not sign in. */
  account: { id: string; tenantId: TenantId } | null;
  email: string;
}

/**
 * First step of a sign-in. An unknown address gets an answer that looks the same, from the same work.
 *
 * @throws {TooManyRequests} {@linkcode Unauthenticated} on numbers no client sends
 */
export async function startLogin(
  deps: AuthDeps,
  { email, A }: { email: string; A: string },
  client: Client,
): Promise<SrpChallenge> {
  const { locks, decoys, attemptsPerMinute: perMinute } = deps;
  await countAttempt(locks, { account: email, address: client.address, perMinute });
  const account = await findAccount(deps.db, email) ?? await missAccount(deps);
  const decoy = await decoys.of(email);
  const isReal = account?.isActive === true && account.verifier !== null;
  const { identity, verifier } = isReal
    ? { identity: account.id, verifier: account.verifier! }
    : decoy;
  return await challenge(deps, {
    identity,
    verifier,
    A,
    account: isReal ? { id: account.id, tenantId: account.tenantId } : null,
    email,
  });
}

/** As many queries as an account that is there costs. */
async function missAccount({ db, decoys }: AuthDeps): Promise<undefined> {
  const tenantId = await decoys.tenantId();
  await db.tenant(tenantId, (sql) => readAccount(sql, tenantId, crypto.randomUUID()));
}

/** First step for somebody who is signed in and has to prove the password again. */
export async function startProof(
  deps: AuthDeps,
  account: { id: string; tenantId: TenantId },
  A: string,
  client: Client,
): Promise<SrpChallenge> {
  await countAttempt(deps.locks, {
    ...{ account: account.id, address: client.address, perMinute: deps.attemptsPerMinute },
  });
  const found = await deps.db.tenant(
    account.tenantId,
    (sql) => readAccount(sql, account.tenantId, account.id),
  );
  if (!found?.verifier) throw new Unauthenticated("Cannot prove a password as there is none yet");
  const { verifier } = found;
  return await challenge(deps, { identity: account.id, verifier, A, account, email: "" });
}

async function challenge(
  { locks, turns }: AuthDeps,
  { identity, verifier, A, account, email }: {
    identity: string;
    verifier: NonNullable<Account["verifier"]>;
    A: string;
    account: Handshake["account"];
    email: string;
  },
): Promise<SrpChallenge> {
  const { srpSalt, pbkdf2Salt, hkdfSalt, iterations, group } = verifier;
  const srp = await turns.run(() =>
    startServer({ identity, salt: srpSalt, verifier: verifier.verifier, A })
  ).catch(abortedAsRefused);
  const handshake = randomToken();
  const kept: Handshake = { srp, account, email };
  await locks.put(`srp:${handshake}`, JSON.stringify(kept), HANDSHAKE_MS);
  return { handshake, identity, B: srp.B, group, srpSalt, pbkdf2Salt, hkdfSalt, iterations };
}

/** Takes a handshake, once, and checks its proof. `undefined`: wrong, replayed, or too late. */
export async function checkProof(
  { locks, turns }: AuthDeps,
  { handshake, M1 }: { handshake: string; M1: string },
): Promise<{ kept: Handshake; M2: string | undefined } | undefined> {
  const text = await locks.take(`srp:${handshake}`);
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as Handshake;
  const M2 = await turns.run(() => finishServer(kept.srp, M1)).catch(abortedAsRefused);
  return { kept, M2: kept.account ? M2 : undefined };
}

export type LoginResult =
  | { next: "done"; M2: string; tokens: Tokens }
  | {
    next: "second-factor";
    M2: string;
    ticket: string;
    factors: string[];
    passkeyOptions?: { challenge: string };
  };

/**
 * Second step. The session is there, or a ticket for the second factor.
 *
 * @throws {Unauthenticated} whatever was wrong, in the same words
 */
export async function finishLogin(
  deps: AuthDeps,
  proof: { handshake: string; M1: string },
  client: Client,
): Promise<LoginResult> {
  const checked = await checkProof(deps, proof);
  if (!checked) throw new Unauthenticated(REFUSED);
  const { kept: { account, email }, M2 } = checked;
  if (!account || M2 === undefined) {
    await auditFailure(deps, account, email, client);
    throw new Unauthenticated(REFUSED);
  }
  const { db } = deps;
  const factors = await db.tenant(account.tenantId, (sql) => secondFactorsOf(sql, account.id));
  if (factors.length > 0) {
    return {
      next: "second-factor",
      M2,
      factors,
      ...await openTicket(deps, account, factors, client),
    };
  }
  return { next: "done", M2, tokens: await completeLogin(deps, account, ["srp"], client) };
}

/** Kinds of second factor that this account can be asked for; a recovery code stands in for any. */
async function secondFactorsOf(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`
    select distinct kind from second_factors
    where user_id = ${userId} and confirmed_at is not null order by kind desc`;
  return rows.length === 0 ? [] : [...rows.map(({ kind }) => kind), "recovery"];
}

/** Opens the session of somebody who has proved all that was asked, and audits it with it. */
export async function completeLogin(
  deps: AuthDeps,
  account: { id: string; tenantId: TenantId },
  factors: readonly string[],
  client: Client,
): Promise<Tokens> {
  const { db, kms, clock } = deps;
  const { id: userId, tenantId } = account;
  const session = await db.tenant(tenantId, async (sql) => {
    const current = await readAccount(sql, tenantId, userId);
    if (!current?.isActive) throw new Unauthenticated(REFUSED);
    const now = clock.now();
    const opened = await openSession(sql, tenantId, { userId, factors, client, now });
    await recordAudit(sql, kms, tenantId, {
      ...{ actor: `user:${userId}`, action: "login.succeeded", outcome: "ok" },
      target: { kind: "session", id: opened.id },
      requestId: client.requestId,
      ip: client.address,
      details: { factors },
    });
    return opened;
  });
  return await issueTokens(deps, session);
}

async function auditFailure(
  { db, kms, decoys }: AuthDeps,
  account: Handshake["account"],
  email: string,
  client: Client,
): Promise<void> {
  const tenantId = account?.tenantId ?? await decoys.tenantId();
  await recordAuditApart(db, kms, tenantId, [{
    ...{ actor: "anonymous", action: "login.failed", outcome: "refused" },
    // The label is kept apart from the chain and can be forgotten.
    target: { kind: "user", id: account?.id ?? "unknown", label: email },
    requestId: client.requestId,
    ip: client.address,
    details: { userAgent: client.userAgent },
  }]);
}

function abortedAsRefused(error: unknown): never {
  throw error instanceof SrpAborted ? new Unauthenticated(REFUSED) : error;
}
