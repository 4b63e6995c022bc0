import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { DeviceCredential } from "./poll_target.ts";

/** Where a device's credential is bound to: moved to another row it does not decrypt. */
export function credentialContext(deviceId: string): string {
  return `device:${deviceId}`;
}

/** A login as it is stored. Not inside a transaction: the KMS may need a connection of its own. */
export async function encryptCredential(
  kms: Kms,
  tenantId: TenantId,
  deviceId: string,
  { username, password }: DeviceCredential,
): Promise<Uint8Array> {
  const clear = new TextEncoder().encode(JSON.stringify({ username, password }));
  return await kms.encrypt(tenantId, clear, credentialContext(deviceId));
}
