import { recordAudit } from "./record.ts";
import { csvPages } from "@/core/csv_pages.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { listReads } from "@/core/transparency/list_reads.ts";
import type { ReadFilter } from "@/core/transparency/read_filter.ts";

const STEP = 1_000;

const COLUMNS = [
  ...["bucket", "span", "actor", "actor_name", "purpose", "secret", "device_id", "device_name"],
  ...["count", "first_at", "last_at", "last_request_id"],
];

/** Counted reads as CSV, newest first, in pieces. That it was exported is an audit entry. */
export async function exportReads(
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  filter: ReadFilter = {},
): Promise<AsyncGenerator<string>> {
  demand(scope, "transparency:read");
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  await scope.db.tenant(scope.tenantId, (sql) =>
    recordAudit(sql, kms, scope.tenantId, {
      ...{ at: new Date(clock.now()), actor: scope.actor, action: "transparency.exported" },
      ...{ outcome: "ok", requestId: scope.requestId, ip: scope.ip },
      details: { filter: Object.fromEntries(set) },
    }));
  return csvPages(
    COLUMNS,
    (cursor) => listReads(scope, { ...filter, cursor, limit: STEP }),
    (row) => [
      ...[row.bucket, row.span, row.actor, row.actorName, row.purpose, row.secret],
      ...[row.deviceId, row.deviceName, row.count, row.firstAt, row.lastAt, row.lastRequestId],
    ],
  );
}
