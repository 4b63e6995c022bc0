import { recordAudit, recordAuditApart } from "@/core/audit/record.ts";
import { Verifier } from "@/core/contract/auth.ts";
import { Unauthenticated } from "@/core/errors.ts";
import { saveVerifier } from "./account.ts";
import type { AuthDeps, Client } from "./deps.ts";
import { checkProof } from "./login.ts";
import { renewRecoveryCodes } from "./recovery_codes.ts";
import { revokeSessionsOf } from "./revoke.ts";
import type { SignedIn } from "./sessions.ts";

interface Proof {
  handshake: string;
  M1: string;
}

/** Replaces the verifier, against a proof of the old password, and ends all other sessions. */
export async function changePassword(
  deps: AuthDeps,
  signedIn: SignedIn,
  { proof, next }: { proof: Proof; next: Verifier },
  client: Client,
): Promise<void> {
  const verifier = Verifier.parse(next);
  await demandProof(deps, signedIn, proof, client);
  const { db, kms, clock } = deps;
  const { userId, sessionId, homeTenantId } = signedIn;
  const now = clock.now();
  await db.tenant(homeTenantId, async (sql) => {
    await saveVerifier(sql, userId, verifier, now);
    const ended = await revokeSessionsOf(sql, userId, {
      reason: "password_changed",
      now,
      except: sessionId,
    });
    await recordAudit(sql, kms, homeTenantId, {
      ...{ actor: `user:${userId}`, action: "user.password_changed", outcome: "ok" },
      target: { kind: "user", id: userId },
      requestId: client.requestId,
      ip: client.address,
      details: { endedSessions: ended },
    });
  });
}

/** New recovery codes, against a proof of the password. */
export async function renewOwnRecoveryCodes(
  deps: AuthDeps,
  signedIn: SignedIn,
  proof: Proof,
  client: Client,
): Promise<string[]> {
  await demandProof(deps, signedIn, proof, client);
  const { db, kms } = deps;
  const { userId, homeTenantId } = signedIn;
  return await db.tenant(homeTenantId, async (sql) => {
    const codes = await renewRecoveryCodes(sql, homeTenantId, userId);
    await recordAudit(sql, kms, homeTenantId, {
      ...{ actor: `user:${userId}`, action: "user.recovery_codes_renewed", outcome: "ok" },
      target: { kind: "user", id: userId },
      requestId: client.requestId,
      ip: client.address,
    });
    return codes;
  });
}

/** @throws {Unauthenticated} unless the proof is this very user's; the refusal is audited */
export async function demandProof(
  deps: AuthDeps,
  { userId, homeTenantId }: SignedIn,
  proof: Proof,
  client: Client,
): Promise<void> {
  const checked = await checkProof(deps, proof);
  if (checked?.M2 !== undefined && checked.kept.account?.id === userId) return;
  await recordAuditApart(deps.db, deps.kms, homeTenantId, [{
    ...{ actor: `user:${userId}`, action: "user.proof_failed", outcome: "refused" },
    target: { kind: "user", id: userId },
    requestId: client.requestId,
    ip: client.address,
  }]);
  throw new Unauthenticated("Cannot go on as the password is wrong");
}
