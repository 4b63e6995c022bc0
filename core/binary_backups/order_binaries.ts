import { recordAudit } from "@/core/audit/record.ts";
import { tellDevice } from "@/core/configs/tell_device.ts";
import type { BinaryOutcome } from "@/core/contract/binary_backups.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { Conflict } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { claimBinary, noteBinary } from "./binary_jobs.ts";
import { type BinaryDeps, takeBinary } from "./take_binary.ts";

/** Takes a full backup of one router now and waits for it. */
export async function takeBinaryNow(
  scope: Scope,
  deps: BinaryDeps,
  deviceId: string,
  { force }: { force: boolean },
): Promise<BinaryOutcome> {
  demand(scope, "configs:write");
  await demandDevice(scope, deviceId);
  const { tenantId, actor } = scope;
  if (!await claimBinary(deps, tenantId, deviceId)) {
    throw new Conflict("Cannot take a full backup as one of this router is being taken");
  }
  const order = { tenantId, deviceId, trigger: "manual", actor, isForced: force } as const;
  let outcome: BinaryOutcome | undefined;
  try {
    outcome = await takeBinary(deps, order);
    return outcome;
  } finally {
    await noteBinary(deps, order, outcome, async (sql) => {
      const details = { outcome: outcome?.outcome ?? "error" };
      await tellDevice(sql, scope, deps, deviceId, "config.binary_taken", details);
    });
  }
}

/** A full backup of every polled router, as soon as its turn comes; answers how many there are. */
export async function takeBinariesEverywhere(scope: Scope, deps: BinaryDeps): Promise<number> {
  demand(scope, "configs:write");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const at = new Date(deps.clock.now());
    const ordered = await sql`
      insert into binary_backup_jobs (tenant_id, device_id, due_at, trigger, actor)
      select tenant_id, id, ${at}, 'manual', ${scope.actor} from devices
      where is_enabled and retired_at is null
      on conflict (tenant_id, device_id) do update
        set due_at = excluded.due_at, trigger = excluded.trigger, actor = excluded.actor
      returning device_id`;
    await recordAudit(sql, deps.kms, scope.tenantId, {
      ...{ at, actor: scope.actor, action: "config.binaries_ordered", outcome: "ok" },
      details: { devices: ordered.length },
      target: { kind: "tenant", id: scope.tenantId, label: "every router" },
      requestId: scope.requestId,
      ip: scope.ip,
    });
    return ordered.length;
  });
}
