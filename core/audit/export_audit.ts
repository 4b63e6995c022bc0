import { actorName } from "@/core/actor_name.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { CHAIN_START, type ChainPlace } from "./chain_walk.ts";
import { openDetails } from "./details.ts";
import {
  EXPORT_COLUMNS,
  EXPORT_WRITERS,
  type ExportHeader,
  exportHeader,
  type ExportRow,
} from "./export_format.ts";
import { type AuditFilter, describeFilter, fromAudit, whereAudit } from "./query.ts";
import { recordAudit } from "./record.ts";
import { chainColumns, microsToIso, type StoredRow } from "./stored_row.ts";

const STEP = 500;
/** Details decrypted at one time: with OpenBao each is a request. */
const AT_ONCE = 16;

export interface ExportDeps {
  kms: Kms;
  clock: Clock;
}

/**
 * The log as a file, oldest first, with all that `tod audit verify` needs. That it was exported is an
 * entry itself, and the last of an export that is not filtered. The text comes in pieces, as fast as
 * it is read.
 *
 * @throws {Unavailable} while it is read, if database or KMS are away: the file then has no last line
 */
export async function exportAudit(
  scope: Scope,
  deps: ExportDeps,
  format: "csv" | "jsonl",
  filter: AuditFilter = {},
): Promise<AsyncGenerator<string>> {
  demand(scope, "audit:export");
  const header = await beginExport(scope, deps, format, filter);
  return pieces(scope, deps.kms, header, format, filter);
}

async function beginExport(
  scope: Scope,
  { kms, clock }: ExportDeps,
  format: string,
  filter: AuditFilter,
): Promise<ExportHeader> {
  const { db, tenantId, actor, requestId, ip } = scope;
  const at = new Date(clock.now());
  const described = describeFilter(filter);
  return await db.tenant(tenantId, async (sql) => {
    const read = { actor, purpose: "audit.export", secret: "audit.details", requestId, at };
    await noteSecretRead(sql, tenantId, read);
    const details = { format, ...(described && { filter: described }) };
    const entry = { at, actor, action: "audit.exported", requestId, ip, details };
    await recordAudit(sql, kms, tenantId, { ...entry, outcome: "ok" });
    const [about] = await sql<{ tenant: string; seq: string; hash: string }[]>`
      select t.name as tenant, h.seq::text, encode(h.hash, 'hex') as hash
      from audit_heads h join tenants t on t.id = h.tenant_id where h.tenant_id = ${tenantId}`;
    return exportHeader({
      tenant_id: tenantId,
      tenant: about!.tenant,
      exported_at: at.toISOString(),
      exported_by: actor,
      filter: described,
      head: { seq: about!.seq, hash: about!.hash },
    });
  });
}

async function* pieces(
  scope: Scope,
  kms: Kms,
  header: ExportHeader,
  format: "csv" | "jsonl",
  filter: AuditFilter,
): AsyncGenerator<string> {
  const writer = EXPORT_WRITERS[format];
  yield writer.begin(header);
  let after = CHAIN_START.seq;
  let written = 0;
  for (let isMore = true; isMore;) {
    const rows = await readRows(scope, filter, after, header.head);
    const opened = await openAll(scope, kms, rows);
    if (rows.length > 0) {
      yield rows.map((row, at) => writer.row(toExport(row, opened[at]))).join("");
      after = rows.at(-1)!.seq;
    }
    written += rows.length;
    isMore = rows.length === STEP;
  }
  yield writer.end({ ...header, kind: "end", rows: written });
}

interface WholeRow extends StoredRow {
  actorName: string | null;
  targetLabel: string | null;
  labelSalt: string | null;
  ip: string | null;
  ipSalt: string | null;
  details: Uint8Array | null;
}

/** A short transaction a step: the log only grows, so the steps fit together without a snapshot. */
async function readRows(
  { db, tenantId }: Scope,
  filter: AuditFilter,
  after: string,
  head: ChainPlace,
): Promise<WholeRow[]> {
  return await db.tenant(tenantId, (sql) =>
    sql<WholeRow[]>`
      select ${chainColumns(sql)}, ${
      actorName(sql, "l")
    } as "actorName", p.target_label as "targetLabel",
        encode(p.label_salt, 'hex') as "labelSalt", p.ip, encode(p.ip_salt, 'hex') as "ipSalt",
        p.details
      ${fromAudit(sql)}
      where l.tenant_id = ${tenantId} and l.seq > ${after}::text::bigint
        and l.seq <= ${head.seq}::text::bigint ${whereAudit(sql, filter)}
      order by l.seq limit ${STEP}`);
}

async function openAll(scope: Scope, kms: Kms, rows: readonly WholeRow[]) {
  const opened: Awaited<ReturnType<typeof openDetails>>[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE).map(({ entryId, details }) =>
      details ? openDetails(kms, scope.tenantId, entryId, details) : undefined
    );
    opened.push(...await Promise.all(some));
  }
  return opened;
}

function toExport(
  row: WholeRow,
  details: { salt: string; text: string } | undefined,
): ExportRow {
  const values: ExportRow = {
    ...{ seq: row.seq, chain: "1", tenant_id: row.tenantId, entry_id: row.entryId },
    ...{ at: microsToIso(row.atMicros), actor: row.actor, actor_name: row.actorName },
    ...{ action: row.action, target_kind: row.targetKind, target_id: row.targetId },
    ...{ target_label: row.targetLabel, outcome: row.outcome, ip: row.ip },
    ...{ request_id: row.requestId, details: details?.text ?? null },
    ...{ label_salt: row.labelSalt, label_sha256: row.labelSha256, ip_salt: row.ipSalt },
    ...{ ip_sha256: row.ipSha256, details_salt: details?.salt ?? null },
    ...{ details_sha256: row.detailsSha256, prev_hash: row.prevHash, hash: row.hash },
  };
  // In the columns' order also as JSON, for people who look into the file.
  return Object.fromEntries(EXPORT_COLUMNS.map((name) => [name, values[name]])) as ExportRow;
}
