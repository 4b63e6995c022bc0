import type { TenantId } from "@/core/scope.ts";

/**
 * Encryption with one key per tenant. Ciphertext names its key version, so keys rotate without
 * rewriting. `context` is bound in (AAD): a ciphertext moved to another row does not decrypt.
 */
export interface Kms {
  encrypt(tenantId: TenantId, plaintext: Uint8Array, context: string): Promise<Uint8Array>;
  /** @throws {Unavailable} if the KMS is away; `DecryptFailed` if the bytes are not ours */
  decrypt(tenantId: TenantId, ciphertext: Uint8Array, context: string): Promise<Uint8Array>;
  /** New data is encrypted with a new key version; old data stays readable. */
  rotate(tenantId: TenantId): Promise<void>;
  /** Destroys every version of the tenant's key: its ciphertexts can never be read again. */
  destroy(tenantId: TenantId): Promise<void>;
  /** Answers what stands behind it, or throws `Unavailable` within 2 s. */
  check(): Promise<string>;
}

/** The ciphertext is damaged, was made for another tenant or context, or its key is destroyed. */
export class DecryptFailed extends Error {
  override name = "DecryptFailed";
}
