import { nameOf } from "@/core/actor_name.ts";
import type { HostFindings } from "@/core/contract/discovery.ts";
import type { Scan, ScanHost } from "@/core/contract/scans.ts";
import { NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";

type ScanRow = Omit<Scan, "startedAt" | "endedAt"> & { startedAt: Date; endedAt: Date | null };

/** Scans, the newest first; or one. */
export async function readScans(sql: Sql, limit: number, id?: string): Promise<Scan[]> {
  const rows = await sql<ScanRow[]>`
    select s.id, s.targets, s.region, s.status, s.reason, s.total, s.done,
      s.status = 'running' and s.cancel_at is not null as "isStopping",
      (select count(*)::int from scan_hosts h
        where h.tenant_id = s.tenant_id and h.scan_id = s.id) as found,
      ${nameOf(sql, sql`s.tenant_id`, sql`s.started_by`)} as "startedBy",
      s.started_at as "startedAt", s.ended_at as "endedAt"
    from scans s
    ${id === undefined ? sql`` : sql`where s.id = ${id}`}
    order by s.started_at desc, s.id limit ${limit}`;
  return rows.map((row) => ({
    ...row,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }));
}

/** @throws {NotFound} also for another tenant's scan */
export async function findScan(sql: Sql, id: string): Promise<Scan> {
  const [scan] = await readScans(sql, 1, id);
  if (!scan) throw new NotFound("Cannot find this scan: it may be too old");
  return scan;
}

/** What a scan found, with the devices that are managed there; all of it, or just some addresses. */
export async function readHosts(
  sql: Sql,
  scanId: string,
  addresses?: readonly string[],
): Promise<ScanHost[]> {
  const rows = await sql<
    { findings: HostFindings; foundAt: Date; device: ScanHost["device"] }[]
  >`
    select h.findings, h.found_at as "foundAt", (
      select jsonb_build_object('deviceId', d.id,
        'deviceName', coalesce(d.name, nullif(l.identity, ''), d.address))
      from devices d left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      where d.tenant_id = h.tenant_id and d.retired_at is null
        and (d.address = h.address or d.id = (
          select f.id from devices f where f.tenant_id = h.tenant_id and f.retired_at is null
            and f.tls_fingerprint = h.findings->>'fingerprint' limit 1))
      order by d.address = h.address desc limit 1) as device
    from scan_hosts h
    where h.scan_id = ${scanId}
      ${addresses === undefined ? sql`` : sql`and h.address = any(${addresses as string[]})`}
    order by family(h.address::inet), h.address::inet`;
  return rows.map(({ findings, foundAt, device }) => ({
    ...findings,
    foundAt: foundAt.toISOString(),
    device,
  }));
}
