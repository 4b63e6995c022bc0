import { recordAudit, recordAuditApart } from "@/core/audit/record.ts";
import { Unauthenticated } from "@/core/errors.ts";
import { findAccount } from "./account.ts";
import type { AuthDeps, Client } from "./deps.ts";
import { countAttempt } from "./limits.ts";
import { createLink } from "./links.ts";
import { takeRecoveryCode } from "./recovery_codes.ts";

/**
 * A recovery code opens a new enrolment for its account: answers the token of a one-time link.
 *
 * @throws {TooManyRequests} {@linkcode Unauthenticated} whatever was wrong, in the same words
 */
export async function recoverByCode(
  deps: AuthDeps,
  { email, code }: { email: string; code: string },
  client: Client,
): Promise<{ token: string }> {
  const { db, kms, locks, clock, attemptsPerMinute: perMinute } = deps;
  await countAttempt(locks, { account: email, address: client.address, perMinute });
  const account = await findAccount(db, email);
  const tenantId = account?.tenantId ?? await deps.decoys.tenantId();
  const userId = account?.isActive ? account.id : crypto.randomUUID();
  const now = clock.now();
  const link = await db.tenant(tenantId, async (sql) => {
    if (!await takeRecoveryCode(sql, userId, code, now)) return undefined;
    const made = await createLink(sql, tenantId, {
      ...{ purpose: "recover", userId, createdBy: `user:${userId}`, now },
    });
    await recordAudit(sql, kms, tenantId, {
      ...{ actor: `user:${userId}`, action: "user.recovery_code_used", outcome: "ok" },
      target: { kind: "user", id: userId },
      requestId: client.requestId,
      ip: client.address,
    });
    return made;
  });
  if (link) return { token: link.token };
  await recordAuditApart(db, kms, tenantId, [{
    ...{ actor: "anonymous", action: "user.recovery_failed", outcome: "refused" },
    target: { kind: "user", id: account?.id ?? "unknown", label: email },
    requestId: client.requestId,
    ip: client.address,
  }]);
  throw new Unauthenticated("Cannot recover as e-mail or recovery code is wrong");
}
