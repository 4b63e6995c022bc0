import type { AuditEntryView } from "@/core/contract/audit.ts";
import { NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { actorAndTarget, type ListedRow, toAuditRow } from "./audit_row.ts";
import { commit, hashRow } from "./chain.ts";
import { openDetails } from "./details.ts";
import { fromAudit } from "./query.ts";
import { chainColumns } from "./stored_row.ts";

const SEQ = /^\d{1,18}$/;

type WholeRow = ListedRow & {
  labelSalt: string | null;
  ipSalt: string | null;
  details: Uint8Array | null;
};

/**
 * One entry with its details in the clear. That they were read is counted in the transparency log.
 *
 * @throws {NotFound} if the tenant has no such entry
 */
export async function getAuditEntry(
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  seq: string,
): Promise<AuditEntryView> {
  demand(scope, "audit:read");
  const { tenantId, actor, requestId } = scope;
  const row = await scope.db.tenant(tenantId, async (sql) => {
    const [row] = SEQ.test(seq)
      ? await sql<WholeRow[]>`
        select ${chainColumns(sql)}, ${actorAndTarget(sql)}, p.target_label as "targetLabel", p.ip,
          encode(p.label_salt, 'hex') as "labelSalt", encode(p.ip_salt, 'hex') as "ipSalt", p.details
        ${fromAudit(sql)}
        where l.tenant_id = ${tenantId} and l.seq = ${seq}::text::bigint`
      : [];
    if (row?.details) {
      const at = new Date(clock.now());
      const read = { actor, purpose: "audit.view", secret: "audit.details", requestId, at };
      await noteSecretRead(sql, tenantId, read);
    }
    return row;
  });
  if (!row) throw new NotFound("Cannot find this audit entry");
  const opened = row.details
    ? await openDetails(kms, tenantId, row.entryId, row.details)
    : undefined;
  const state = row.detailsSha256 === null
    ? "none"
    : opened
    ? "readable"
    : row.details
    ? "unreadable"
    : "erased";
  return {
    ...toAuditRow(row),
    ...{ entryId: row.entryId, prevHash: row.prevHash, hash: row.hash, detailsState: state },
    details: opened ? JSON.parse(opened.text) : null,
    isWhole: hashRow(row) === row.hash &&
      gives(row.labelSha256, row.labelSalt, row.targetLabel) &&
      gives(row.ipSha256, row.ipSalt, row.ip) &&
      gives(row.detailsSha256, opened?.salt ?? null, opened?.text ?? null),
  };
}

/** What was erased proves nothing and breaks nothing. */
function gives(sha256: string | null, salt: string | null, value: string | null): boolean {
  if (value === null) return true;
  return salt !== null && commit(Uint8Array.fromHex(salt), value) === sha256;
}
