import { recordAudit } from "@/core/audit/record.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { getProfile, type ProfileDeps } from "./profiles.ts";

/**
 * That a profile is about to be tried on addresses that are no devices yet: who lets a password be sent
 * somewhere is in the audit log, with where, before it is sent.
 *
 * @throws {NotFound} also for another tenant's profile
 */
export async function noteProfileTry(
  scope: Scope,
  { kms, clock }: Pick<ProfileDeps, "kms" | "clock">,
  { profileId, addresses }: { profileId: string; addresses: readonly string[] },
): Promise<void> {
  demand(scope, "credentials:read");
  const { name } = await getProfile(scope, profileId);
  const at = new Date(clock.now());
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await noteSecretRead(sql, scope.tenantId, {
      ...{ actor: scope.actor, purpose: "probe", secret: "credential.profile", at },
      requestId: scope.requestId,
    });
    await recordAudit(sql, kms, scope.tenantId, {
      ...{ at, actor: scope.actor, action: "credential_profile.tried", outcome: "ok" },
      target: { kind: "credential_profile", id: profileId, label: name },
      details: { addresses: addresses.map((address) => address.slice(0, 253)) },
      requestId: scope.requestId,
      ip: scope.ip,
    });
  });
}
