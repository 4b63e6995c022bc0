import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";

/** Of the clear file; each is encrypted apart, so that no message or row grows without bound. */
const CHUNK_BYTES = 512 * 1_024;

/** Bound to its row and place: moved elsewhere it does not decrypt. */
const chunkContext = (id: string, n: number) => `binary:${id}:${n}`;
const passwordContext = (id: string) => `binary:${id}:password`;

export interface SealedBinary {
  readonly password: Uint8Array;
  readonly chunks: readonly Uint8Array[];
}

/** Not inside a transaction: the KMS may need a connection of its own. */
export async function sealBinary(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  data: Uint8Array,
  password: string,
): Promise<SealedBinary> {
  const chunks: Uint8Array[] = [];
  for (let at = 0, n = 0; at < data.length; at += CHUNK_BYTES, n += 1) {
    const chunk = data.subarray(at, at + CHUNK_BYTES);
    chunks.push(await kms.encrypt(tenantId, chunk, chunkContext(id, n)));
  }
  const clear = new TextEncoder().encode(password);
  return { password: await kms.encrypt(tenantId, clear, passwordContext(id)), chunks };
}

export async function insertChunks(
  sql: Sql,
  tenantId: TenantId,
  id: string,
  chunks: readonly Uint8Array[],
): Promise<void> {
  for (const [n, ciphertext] of chunks.entries()) {
    const row = { tenant_id: tenantId, backup_id: id, n, ciphertext };
    await sql`insert into binary_backup_chunks ${sql(row)}`;
  }
}

/** The clear file, chunk by chunk. */
export async function* openChunks(
  read: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>,
  kms: Kms,
  tenantId: TenantId,
  id: string,
): AsyncGenerator<Uint8Array> {
  for (let n = 0;; n += 1) {
    const [row] = await read((sql) =>
      sql<{ ciphertext: Uint8Array }[]>`
        select ciphertext from binary_backup_chunks where backup_id = ${id} and n = ${n}`
    );
    if (!row) return;
    yield await kms.decrypt(tenantId, row.ciphertext, chunkContext(id, n));
  }
}

export async function openPassword(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  sealed: Uint8Array,
): Promise<string> {
  return new TextDecoder().decode(await kms.decrypt(tenantId, sealed, passwordContext(id)));
}

/** The whole clear file. @throws {Error} if what is stored is not what was taken */
export async function openBinary(
  read: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>,
  kms: Kms,
  tenantId: TenantId,
  { id, bytes, sha256 }: { id: string; bytes: number; sha256: Uint8Array },
): Promise<Uint8Array> {
  const data = new Uint8Array(bytes);
  let at = 0;
  for await (const chunk of openChunks(read, kms, tenantId, id)) {
    if (at + chunk.length > bytes) break;
    data.set(chunk, at);
    at += chunk.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  if (at !== bytes || digest.toHex() !== new Uint8Array(sha256).toHex()) {
    throw new Error("The stored backup is not whole");
  }
  return data;
}
