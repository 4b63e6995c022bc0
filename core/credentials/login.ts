import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";

/** A clear login: held by poller and relay only, never logged, never stored. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** What a profile's login is bound to: moved to another row it does not decrypt. */
export function profileContext(profileId: string): string {
  return `profile:${profileId}`;
}

/** A login as it is stored. Not inside a transaction: the KMS may need a connection of its own. */
export async function encryptLogin(
  kms: Kms,
  tenantId: TenantId,
  context: string,
  { username, password }: Login,
): Promise<Uint8Array> {
  const clear = new TextEncoder().encode(JSON.stringify({ username, password }));
  return await kms.encrypt(tenantId, clear, context);
}

/** @throws {DecryptFailed} if the stored bytes are damaged or belong elsewhere */
export async function decryptLogin(
  kms: Kms,
  tenantId: TenantId,
  context: string,
  ciphertext: Uint8Array,
): Promise<Login> {
  const bytes = await kms.decrypt(tenantId, ciphertext, context);
  const { username, password } = JSON.parse(new TextDecoder().decode(bytes)) as Login;
  bytes.fill(0);
  return { username, password };
}
