import type { Db, Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { commit, GENESIS, hashRow, SALT_BYTES } from "./chain.ts";
import { type AuditEntry, type CleanEntry, cleanEntry } from "./entry.ts";

export type { AuditEntry } from "./entry.ts";

/**
 * Writes one entry in the transaction of the act itself: if it cannot be written, the act fails.
 *
 * Call it last in the transaction. From here to the commit other writers of the tenant wait, as the
 * chain has one end. The tenant must be committed before: its key is made on a connection of its own.
 *
 * @throws {Unavailable} if the KMS is away: let it through, so that the act rolls back
 */
export async function recordAudit(
  sql: Sql,
  kms: Kms,
  tenantId: TenantId,
  entry: AuditEntry,
): Promise<void> {
  await append(sql, kms, tenantId, [entry]);
}

/** Writes entries that belong to no act that commits (refusals), in a short transaction of their own. */
export async function recordAuditApart(
  db: Db,
  kms: Kms,
  tenantId: TenantId,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await db.tenant(tenantId, (sql) => append(sql, kms, tenantId, entries));
}

/** What is bound into the ciphertext: moved to another entry it does not decrypt. */
export function detailsContext(entryId: string): string {
  return `audit:${entryId}`;
}

async function append(
  sql: Sql,
  kms: Kms,
  tenantId: TenantId,
  entries: readonly AuditEntry[],
): Promise<void> {
  // Encrypted before the lock is taken: a slow KMS must not hold up every other act of the tenant.
  const sealed = await Promise.all(
    entries.map((entry) => seal(kms, tenantId, cleanEntry(entry))),
  );
  const head = await lockHead(sql, tenantId);
  let seq = BigInt(head.seq);
  let hash = head.hash;
  const rows = sealed.map((entry) => {
    const prevHash = hash;
    seq += 1n;
    const atMicros = `${entry.at.getTime()}000`;
    hash = hashRow({ ...entry, tenantId, seq: `${seq}`, atMicros, prevHash });
    return { ...entry, seq: `${seq}`, prevHash, hash };
  });
  await insert(sql, tenantId, rows);
}

interface SealedEntry extends CleanEntry {
  entryId: string;
  labelSalt: string | null;
  labelSha256: string | null;
  ipSalt: string | null;
  ipSha256: string | null;
  /** Ciphertext of salt and JSON text, hex. */
  sealedDetails: string | null;
  detailsSha256: string | null;
}

async function seal(kms: Kms, tenantId: TenantId, entry: CleanEntry): Promise<SealedEntry> {
  const entryId = crypto.randomUUID();
  const committed = (value: string | null) => {
    if (value === null) return { salt: null, sha256: null };
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    return { salt, sha256: commit(salt, value) };
  };
  const [label, ip, details] = [entry.targetLabel, entry.ip, entry.details].map(committed);
  let sealedDetails: string | null = null;
  if (entry.details !== null) {
    const text = new TextEncoder().encode(entry.details);
    const clear = new Uint8Array(SALT_BYTES + text.length);
    clear.set(details!.salt!);
    clear.set(text, SALT_BYTES);
    sealedDetails = (await kms.encrypt(tenantId, clear, detailsContext(entryId))).toHex();
  }
  return {
    ...entry,
    entryId,
    labelSalt: label!.salt?.toHex() ?? null,
    labelSha256: label!.sha256,
    ipSalt: ip!.salt?.toHex() ?? null,
    ipSha256: ip!.sha256,
    sealedDetails,
    detailsSha256: details!.sha256,
  };
}

interface Head {
  seq: string;
  hash: string;
}

async function lockHead(sql: Sql, tenantId: TenantId): Promise<Head> {
  const read = () =>
    sql<Head[]>`
      select seq::text, encode(hash, 'hex') as hash from audit_heads
      where tenant_id = ${tenantId} for update`;
  const [head] = await read();
  if (head) return head;
  await sql`
    insert into audit_heads (tenant_id, hash) values (${tenantId}, decode(${GENESIS}, 'hex'))
    on conflict do nothing`;
  const [made] = await read();
  if (!made) throw new Error("Cannot audit as the tenant's chain has no head");
  return made;
}

type NewRow = SealedEntry & { seq: string; prevHash: string; hash: string };

async function insert(sql: Sql, tenantId: TenantId, rows: readonly NewRow[]): Promise<void> {
  const column = <Key extends keyof NewRow>(key: Key) => rows.map((row) => row[key]) as string[];
  const last = rows.at(-1)!;
  await sql`
    with entries as (
      select * from unnest(
        ${column("seq")}::text[], ${column("entryId")}::text[],
        ${rows.map(({ at }) => at.toISOString())}::text[], ${column("actor")}::text[],
        ${column("action")}::text[], ${column("targetKind")}::text[],
        ${column("targetId")}::text[], ${column("outcome")}::text[],
        ${column("requestId")}::text[], ${column("labelSha256")}::text[],
        ${column("ipSha256")}::text[], ${column("detailsSha256")}::text[],
        ${column("prevHash")}::text[], ${column("hash")}::text[],
        ${column("targetLabel")}::text[], ${column("labelSalt")}::text[], ${column("ip")}::text[],
        ${column("ipSalt")}::text[], ${column("sealedDetails")}::text[]
      ) as e (seq, entry_id, at, actor, action, target_kind, target_id, outcome, request_id,
              label_sha256, ip_sha256, details_sha256, prev_hash, hash,
              target_label, label_salt, ip, ip_salt, details)
    ), logged as (
      insert into audit_log (tenant_id, seq, entry_id, at, actor, action, target_kind, target_id,
        outcome, request_id, label_sha256, ip_sha256, details_sha256, prev_hash, hash)
      select ${tenantId}, seq::bigint, entry_id::uuid, at::timestamptz, actor, action, target_kind,
        target_id, outcome, request_id, decode(label_sha256, 'hex'), decode(ip_sha256, 'hex'),
        decode(details_sha256, 'hex'), decode(prev_hash, 'hex'), decode(hash, 'hex')
      from entries
    ), kept_apart as (
      insert into audit_private (tenant_id, seq, target_label, label_salt, ip, ip_salt, details)
      select ${tenantId}, seq::bigint, target_label, decode(label_salt, 'hex'), ip,
        decode(ip_salt, 'hex'), decode(details, 'hex')
      from entries where coalesce(target_label, ip, details) is not null
    )
    update audit_heads set seq = ${last.seq}::text::bigint, hash = decode(${last.hash}, 'hex')
    where tenant_id = ${tenantId}`;
}
