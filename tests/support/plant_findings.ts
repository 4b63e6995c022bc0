import type { HostFindings } from "@/core/contract/discovery.ts";
import type { TenantId } from "@/core/scope.ts";
import type { TestDb } from "./databases.ts";

const HOSTILE = `<script>alert(1)</script>\u202e\u001b[31m${"long".repeat(40)}`;

/** What discovery found, with hostile words in it; answers the id of the scan. */
export async function plantFindings(
  { db }: Pick<TestDb, "db">,
  tenantId: TenantId,
): Promise<string> {
  const findings = (n: number): HostFindings => ({
    address: n % 2 ? `10.0.0.${n}` : `fd00:1111:2222:3333:4444:5555:6666:${n}`,
    ports: [{ port: 8729, service: "API over TLS", state: "open" }],
    sshBanner: `SSH-2.0-${HOSTILE}`.slice(0, 255),
    fingerprint: "ab".repeat(32),
    isRouteros: n % 3 > 0,
    suggestion: n % 3 > 0 ? { port: 8729, tlsMode: "pinned" } : null,
    advice: n % 3 > 0 ? null : HOSTILE,
  });
  return await db.tenant(tenantId, async (sql) => {
    const [scan] = await sql<{ id: string }[]>`
      insert into scans (tenant_id, targets, region, status, reason, total, done, started_by,
        started_at, heard_at, ended_at)
      values (${tenantId}, ${"10.0.0.0/24 ".repeat(40).trim()}, 'default', 'interrupted',
        'Its poller stopped answering', 254, 100, 'user:x', now(), now(), now())
      returning id`;
    for (let n = 1; n <= 12; n++) {
      await sql`
        insert into scan_hosts (tenant_id, scan_id, address, findings, found_at)
        values (${tenantId}, ${scan!.id}, ${findings(n).address},
          ${JSON.stringify(findings(n))}::text::jsonb, now())`;
      await sql`
        insert into seen_routers (tenant_id, id, identity, board, version, macs, addresses, seen_by,
          seers, first_seen_at, last_seen_at, ignored_at)
        select ${tenantId}::uuid, md5(${String(n)}), ${HOSTILE.slice(0, 190) + n}, ${
        HOSTILE.slice(0, 100)
      }, '=1+1',
          array['64:D1:54:00:00:01', '64:D1:54:00:00:02', '64:D1:54:00:00:03'],
          array['fd00:1111:2222:3333:4444:5555:6666:7777', ${`10.0.9.${n}`}],
          coalesce(jsonb_agg(jsonb_build_object('deviceId', id, 'interface', 'sfp-sfpplus1')), '[]'),
          9, now(), now(), case when ${n}::int > 8 then now() end
        from (select id from devices where tenant_id = ${tenantId} limit 3) d`;
    }
    return scan!.id;
  });
}
