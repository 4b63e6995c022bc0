import { encryptLogin } from "@/core/credentials/login.ts";
import { demandProfile } from "@/core/credentials/use_profile.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope, TenantId } from "@/core/scope.ts";

/** What a device logs in with, ready to be stored: a login of its own, or a profile. */
export type ReadyLogin = { ciphertext: Uint8Array } | { profileId: string };

/** As a request names it. */
export interface GivenLogin {
  username: string | undefined;
  password: string | undefined;
  profileId: string | undefined;
}

/** Where a device's credential is bound to: moved to another row it does not decrypt. */
export function credentialContext(deviceId: string): string {
  return `device:${deviceId}`;
}

/** Not inside a transaction: the KMS may need a connection of its own. */
export async function readyLogin(
  kms: Kms,
  tenantId: TenantId,
  deviceId: string,
  { username, password, profileId }: GivenLogin,
): Promise<ReadyLogin | undefined> {
  if (profileId !== undefined) return { profileId };
  if (username === undefined || password === undefined) return undefined;
  const context = credentialContext(deviceId);
  return { ciphertext: await encryptLogin(kms, tenantId, context, { username, password }) };
}

/** Stores what a device logs in with from now on; either replaces the other. */
export async function saveLogin(
  sql: Sql,
  scope: Scope,
  deviceId: string,
  login: ReadyLogin,
): Promise<void> {
  if ("profileId" in login) await demandProfile(sql, scope, login.profileId);
  const row = loginRow(scope.tenantId, deviceId, login);
  await sql`
    insert into device_credentials ${sql(row)}
    on conflict (tenant_id, device_id) do update
      set ciphertext = excluded.ciphertext, profile_id = excluded.profile_id, updated_at = now()`;
}

export function loginRow(tenantId: TenantId, deviceId: string, login: ReadyLogin) {
  return {
    tenant_id: tenantId,
    device_id: deviceId,
    ciphertext: "ciphertext" in login ? login.ciphertext : null,
    profile_id: "profileId" in login ? login.profileId : null,
  };
}
