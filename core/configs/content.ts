import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { RouterosExport } from "@/core/wire/routeros/export/model.ts";
import { printExport } from "@/core/wire/routeros/export/print.ts";
import { volatileReason } from "./volatile.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const MAX_BYTES = 16 * 2 ** 20;

/**
 * SHA-256 of what a configuration says, the same whenever it is read. Left out, each for the reason that
 * stands in {@linkcode VOLATILE_RULES}: the header and the router's remarks.
 */
export function digestOf({ entries, failedMenus }: RouterosExport): Uint8Array {
  const said = (remark: string) => volatileReason("remark", remark) === undefined;
  const text = printExport(
    entries.map((entry) => ({ ...entry, remarks: entry.remarks.filter(said) })),
  );
  const failed = [...failedMenus].sort().join("\n");
  return createHash("sha256").update(`${text}\0${failed}`).digest();
}

/** Where a content is bound to: moved to another row it does not decrypt. */
const contextOf = (id: string) => `config:${id}`;

/** Compressed, then encrypted with the tenant's key. Not inside a transaction. */
export async function sealContent(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  text: string,
): Promise<Uint8Array> {
  return await kms.encrypt(tenantId, await compress(text), contextOf(id));
}

export async function openContent(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  ciphertext: Uint8Array,
): Promise<string> {
  const packed = await kms.decrypt(tenantId, ciphertext, contextOf(id));
  const text = await decompress(packed, { maxOutputLength: MAX_BYTES });
  return text.toString("utf8");
}
