import { DecryptFailed, type Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { SALT_BYTES } from "./chain.ts";
import { detailsContext } from "./record.ts";

export interface OpenedDetails {
  salt: string;
  /** JSON text, exactly as it was hashed. */
  text: string;
}

/**
 * Details in the clear; `undefined` when they cannot be read any more (the tenant's key was destroyed).
 *
 * @throws {Unavailable} if the KMS is away
 */
export async function openDetails(
  kms: Kms,
  tenantId: TenantId,
  entryId: string,
  ciphertext: Uint8Array,
): Promise<OpenedDetails | undefined> {
  try {
    const clear = await kms.decrypt(tenantId, ciphertext, detailsContext(entryId));
    return {
      salt: clear.slice(0, SALT_BYTES).toHex(),
      text: new TextDecoder().decode(clear.subarray(SALT_BYTES)),
    };
  } catch (error) {
    if (error instanceof DecryptFailed) return undefined;
    throw error;
  }
}
