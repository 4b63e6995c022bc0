import { recordAudit } from "@/core/audit/record.ts";
import type { BackupOutcome } from "@/core/contract/configs.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { backUp, type BackupDeps } from "./back_up.ts";
import { tellDevice } from "./tell_device.ts";

/** Backs up one device now and waits for it. @throws {NotFound} also for another tenant's device */
export async function backUpNow(
  scope: Scope,
  deps: BackupDeps,
  deviceId: string,
): Promise<BackupOutcome> {
  demand(scope, "configs:write");
  await demandDevice(scope, deviceId);
  const { tenantId, actor } = scope;
  const order = { tenantId, deviceId, trigger: "manual", actor } as const;
  return await backUp(
    deps,
    order,
    (sql, { outcome }) => tellDevice(sql, scope, deps, deviceId, "config.backed_up", { outcome }),
  );
}

/** Backs up every polled device as soon as its turn comes; answers how many there are. */
export async function backUpEverything(scope: Scope, deps: BackupDeps): Promise<number> {
  demand(scope, "configs:write");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const at = new Date(deps.clock.now());
    const ordered = await sql`
      insert into config_backups (tenant_id, device_id, due_at, trigger, actor)
      select tenant_id, id, ${at}, 'manual', ${scope.actor} from devices
      where is_enabled and retired_at is null
      on conflict (tenant_id, device_id) do update
        set due_at = excluded.due_at, trigger = excluded.trigger, actor = excluded.actor
      returning device_id`;
    await recordAudit(sql, deps.kms, scope.tenantId, {
      ...{ at, actor: scope.actor, action: "config.backups_ordered", outcome: "ok" },
      details: { devices: ordered.length },
      target: { kind: "tenant", id: scope.tenantId, label: "every router" },
      requestId: scope.requestId,
      ip: scope.ip,
    });
    return ordered.length;
  });
}
