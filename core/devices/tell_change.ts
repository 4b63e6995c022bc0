import { recordAudit } from "@/core/audit/record.ts";
import type { Device } from "@/core/contract/device.ts";
import { recordEvents } from "@/core/events/events.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope } from "@/core/scope.ts";

const COMPARED = [
  ...["givenName", "address", "port", "tlsMode", "tlsFingerprint", "region", "site"] as const,
  ...["sshPort", "sshHostKey"] as const,
  ...["sector"] as const,
  ...["pollIntervalSeconds", "isEnabled", "profile"] as const,
];

/** What an edit changed, field by field; of what is not shown (`replaced`) only that it was. */
export function differences(
  before: Device,
  after: Device,
  replaced: Record<string, boolean>,
): Record<string, unknown> {
  const changed: [string, unknown][] = COMPARED.filter((name) => before[name] !== after[name])
    .map((name) => [name, { from: before[name], to: after[name] }]);
  const [from, to] = [before, after].map(({ tags }) => tags.map(({ name }) => name));
  if (from!.join() !== to!.join()) changed.push(["tags", { from, to }]);
  const hidden = Object.keys(replaced).filter((name) => replaced[name]);
  return {
    changed: Object.fromEntries(changed),
    ...(hidden.length > 0 && { replaced: hidden }),
  };
}

/** The event for people and the audit entry, in the act's transaction; the last step of it. */
export async function tellChange(
  sql: Sql,
  scope: Scope,
  { clock, kms }: { clock: Clock; kms: Kms },
  device: Device,
  kind: `device.${"added" | "changed" | "retired" | "restored" | "removed"}`,
  message: string,
  details: Record<string, unknown>,
): Promise<void> {
  const at = new Date(clock.now());
  await recordEvents(sql, scope.tenantId, [{
    ...{ at: at.toISOString(), kind, severity: "info", message },
    ...{ deviceId: device.id, deviceName: device.name },
  }]);
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at, actor: scope.actor, action: kind, outcome: "ok", details },
    target: { kind: "device", id: device.id, label: device.name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
