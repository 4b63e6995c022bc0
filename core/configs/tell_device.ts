import { recordAudit } from "@/core/audit/record.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope } from "@/core/scope.ts";

/** What a device is called; `undefined`: it is gone. */
export async function deviceName(sql: Sql, deviceId: string): Promise<string | undefined> {
  const [device] = await sql<{ name: string }[]>`
    select coalesce(d.name, nullif(l.identity, ''), d.address) as name
    from devices d left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.id = ${deviceId}`;
  return device?.name;
}

/** Puts what somebody did with a device's configuration into the audit log; last in its transaction. */
export async function tellDevice(
  sql: Sql,
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  deviceId: string,
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  const label = await deviceName(sql, deviceId) ?? deviceId;
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at: new Date(clock.now()), actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "device", id: deviceId, label },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
