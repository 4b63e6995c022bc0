import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { recordAuditApart } from "@/core/audit/record.ts";
import type { SecondFactor } from "@/core/contract/auth.ts";
import { TooManyRequests, Unauthenticated } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { AuthDeps, Client } from "./deps.ts";
import { completeLogin } from "./login.ts";
import { takePasskey } from "./passkeys.ts";
import { takeRecoveryCode } from "./recovery_codes.ts";
import type { Tokens } from "./sessions.ts";
import { keepTicket, takeTicket, type Ticket } from "./tickets.ts";
import { takeTotp } from "./totp.ts";

const MINUTE_MS = 60_000;
const TRIES_PER_MINUTE = 5;

/**
 * The second step: opens the session. After a wrong code the ticket is good for another try, a few
 * times a minute; a passkey's challenge is good for one.
 *
 * @throws {Unauthenticated} {@linkcode TooManyRequests}
 */
export async function finishSecondFactor(
  deps: AuthDeps,
  given: SecondFactor,
  client: Client,
): Promise<Tokens> {
  const { db, kms, locks, clock } = deps;
  const ticket = await takeTicket(locks, given.ticket);
  if (!ticket) {
    throw new Unauthenticated("Cannot go on with this sign-in: it took too long, begin again");
  }
  const { account } = ticket;
  const hit = await locks.hit(`second:${account.id}`, MINUTE_MS);
  if (hit.count > TRIES_PER_MINUTE) {
    await keepTicket(locks, given.ticket, ticket);
    const seconds = Math.ceil(hit.resetMs / 1_000);
    throw new TooManyRequests(`Cannot try again now: wait ${seconds} seconds`, seconds);
  }
  const used = await db.tenant(
    account.tenantId,
    (sql) => take(sql, deps, ticket, given, client, clock.now()),
  );
  if (used) return await completeLogin(deps, account, ["srp", used], client);
  if (!given.passkey) await keepTicket(locks, given.ticket, ticket);
  await recordAuditApart(db, kms, account.tenantId, [{
    ...{ actor: `user:${account.id}`, action: "login.second_factor_failed", outcome: "refused" },
    target: { kind: "user", id: account.id },
    requestId: client.requestId,
    ip: client.address,
  }]);
  throw new Unauthenticated("Cannot sign in as this second factor is wrong or was used already");
}

/** The kind of the factor that fits. */
async function take(
  sql: Sql,
  { kms }: AuthDeps,
  { account, challenge }: Ticket,
  { totp, recovery, passkey }: SecondFactor,
  client: Client,
  now: number,
): Promise<string | undefined> {
  const { id: userId, tenantId } = account;
  if (totp !== undefined) {
    return await takeTotp(sql, kms, { tenantId, userId, code: totp, now }) && "totp";
  }
  if (recovery !== undefined) {
    return await takeRecoveryCode(sql, userId, recovery, now) ? "recovery" : undefined;
  }
  if (passkey === undefined || challenge === null) return undefined;
  const response = passkey as unknown as AuthenticationResponseJSON;
  return await takePasskey(sql, client, { userId, challenge, response, now })
    ? "passkey"
    : undefined;
}
