import { recordAudit } from "@/core/audit/record.ts";
import { csvPages } from "@/core/csv_pages.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { listDevices, type ListOptions } from "./list_devices.ts";

const STEP = 500;

/** What an import reads stands first, under the names it knows: an export can be imported again. */
const COLUMNS = [
  ...["address", "port", "name", "site", "tags", "tls_mode", "region", "poll_interval_seconds"],
  ...[
    "enabled",
    "profile",
    "id",
    "identity",
    "status",
    "reason",
    "since",
    "model",
    "board",
    "serial_number",
    "version",
  ],
  ...[
    "firmware",
    "firmware_upgrade",
    "architecture",
    "uptime_seconds",
    "health_score",
    "last_seen",
  ],
];

/** The fleet as CSV, in pieces, without any login. That it was exported is an audit entry. */
export async function exportDevices(
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  filter: Pick<ListOptions, "q" | "sort" | "order"> = {},
): Promise<AsyncGenerator<string>> {
  demand(scope, "devices:read");
  await scope.db.tenant(scope.tenantId, (sql) =>
    recordAudit(sql, kms, scope.tenantId, {
      ...{ at: new Date(clock.now()), actor: scope.actor, action: "devices.exported" },
      ...{ outcome: "ok", requestId: scope.requestId, ip: scope.ip },
      details: { q: filter.q ?? "" },
    }));
  return csvPages(
    COLUMNS,
    (cursor) => listDevices(scope, { ...filter, cursor, limit: STEP }),
    (row) => [
      ...[row.address, row.port, row.givenName, row.site],
      ...[row.tags.map(({ name }) => name).join(", "), row.tlsMode, row.region],
      ...[row.pollIntervalSeconds, row.isEnabled ? "yes" : "no", row.profile, row.id],
      ...[
        row.identity,
        row.status,
        row.reason,
        row.statusSince,
        row.model,
        row.boardName,
        row.serialNumber,
      ],
      ...[row.version, row.firmwareCurrent, row.firmwareUpgrade, row.architecture],
      ...[row.uptimeSeconds, row.healthScore, row.sampledAt],
    ],
  );
}
