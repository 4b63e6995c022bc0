import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const MAX_BYTES = 64 * 2 ** 20;

/** Parts of a push that hold configuration with its secrets. */
export type SealedPart = "request" | "plan" | "evidence";

/** Where a part is bound to: moved to another push or column it does not decrypt. */
const contextOf = (pushId: string, part: SealedPart) => `push:${pushId}:${part}`;

/** Compressed, then encrypted with the tenant's key. Not inside a transaction. */
export async function sealPart(
  kms: Kms,
  tenantId: TenantId,
  pushId: string,
  part: SealedPart,
  value: unknown,
): Promise<Uint8Array> {
  const packed = await compress(JSON.stringify(value));
  return await kms.encrypt(tenantId, packed, contextOf(pushId, part));
}

export async function openPart<Value>(
  kms: Kms,
  tenantId: TenantId,
  pushId: string,
  part: SealedPart,
  ciphertext: Uint8Array,
): Promise<Value> {
  const packed = await kms.decrypt(tenantId, ciphertext, contextOf(pushId, part));
  const text = await decompress(packed, { maxOutputLength: MAX_BYTES });
  return JSON.parse(text.toString("utf8")) as Value;
}
