import { recordAudit } from "@/core/audit/record.ts";
import { csvPages } from "@/core/csv_pages.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type ListClientOptions, listClients } from "./list_clients.ts";

const STEP = 500;
const COLUMNS = [
  ...["mac", "name", "kind", "vendor", "random_mac", "ipv4", "ipv6", "router", "interface", "ssid"],
  ...["vlan", "wireless", "here", "first_seen", "last_seen"],
];

/** The list as CSV, in pieces. That it was exported is an audit entry. */
export async function exportClients(
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  filter: Pick<ListClientOptions, "q" | "sort" | "order"> = {},
): Promise<AsyncGenerator<string>> {
  demand(scope, "clients:read");
  const nowMs = clock.now();
  await scope.db.tenant(scope.tenantId, (sql) =>
    recordAudit(sql, kms, scope.tenantId, {
      ...{ at: new Date(nowMs), actor: scope.actor, action: "clients.exported", outcome: "ok" },
      ...{ requestId: scope.requestId, ip: scope.ip, details: { q: filter.q ?? "" } },
    }));
  const yes = (value: boolean) => value ? "yes" : "no";
  return csvPages(
    COLUMNS,
    (cursor) => listClients(scope, { ...filter, cursor, limit: STEP, nowMs, isCounted: false }),
    (row) => [
      ...[row.macAddress, row.name, row.kind, row.vendor, yes(row.isRandom)],
      row.addresses.find((address) => !address.includes(":")) ?? null,
      row.addresses.find((address) => address.includes(":")) ?? null,
      ...[row.device?.name ?? null, row.interface, row.ssid, row.vlan, yes(row.isWireless)],
      ...[yes(row.isHere), row.firstSeen, row.lastSeen],
    ],
  );
}
