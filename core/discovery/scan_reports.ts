import type { ScanNews } from "@/core/contract/scans.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import type { ScanReport } from "./scan_protocol.ts";
import { findScan, readHosts } from "./scan_rows.ts";

export interface ReportDeps {
  db: Db;
  bus: Bus;
  clock: Clock;
}

/** A scan whose poller says nothing for so long is interrupted; a poller reports twice a second. */
export const SILENT_MS = 15_000;

const INTERRUPTED = "Its poller was stopped: what was found until then is below.";

/**
 * Stores what a poller says of a scan, and answers whether to go on. The same report again changes
 * nothing. A scan that was taken for interrupted goes on when its poller is heard again.
 */
export async function takeScanReport(
  { db, bus, clock }: ReportDeps,
  { tenantId: id, scanId, state, done, hosts }: ScanReport,
): Promise<boolean> {
  const tenantId = id as TenantId;
  const now = new Date(clock.now());
  const told = await db.tenant(tenantId, async (sql) => {
    const [scan] = await sql<{ status: string; cancelAt: Date | null }[]>`
      select status, cancel_at as "cancelAt" from scans where id = ${scanId} for update`;
    if (!scan) return undefined;
    if (scan.status !== "running" && scan.status !== "interrupted") return undefined;
    if (hosts.length > 0) {
      await sql`
        insert into scan_hosts ${
        sql(hosts.map((findings) => ({
          ...{ tenant_id: tenantId, scan_id: scanId, address: findings.address, found_at: now },
          findings: findings as never,
        })))
      } on conflict (tenant_id, scan_id, address) do update set findings = excluded.findings`;
    }
    await sql`
      update scans set status = ${state}, done = greatest(done, ${done}::int), heard_at = ${now},
        ended_at = ${state === "running" ? null : now},
        reason = ${state === "interrupted" ? INTERRUPTED : null}
      where id = ${scanId}`;
    return {
      goOn: state === "running" && scan.cancelAt === null,
      news: {
        scan: await findScan(sql, scanId),
        hosts: await readHosts(sql, scanId, hosts.map(({ address }) => address)),
      },
    };
  });
  if (!told) return false;
  announceScan(bus, tenantId, told.news);
  return told.goOn;
}

/** Scans whose poller died are ended, and it is said. Any instance may do it: each is told once. */
export async function interruptSilentScans({ db, bus, clock }: ReportDeps): Promise<number> {
  const since = new Date(clock.now() - SILENT_MS);
  const ended = await db.system((sql) =>
    sql<{ tenantId: TenantId; id: string }[]>`
      select tenant_id as "tenantId", id from system_interrupt_scans(${since})`
  );
  for (const { tenantId, id } of ended) {
    const scan = await db.tenant(tenantId, (sql) => findScan(sql, id));
    announceScan(bus, tenantId, { scan, hosts: [] });
  }
  return ended.length;
}

/** To the browsers that look at it. Call after the commit. */
export function announceScan(bus: Bus, tenantId: TenantId, news: ScanNews): void {
  const data = new TextEncoder().encode(JSON.stringify(news));
  bus.broadcast(subjects.scan(tenantId, news.scan.id), data);
}
