import { tellDevice } from "@/core/configs/tell_device.ts";
import type { BinaryRestore, RestoreOrder } from "@/core/contract/binary_backups.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { checkRestore } from "./check_restore.ts";
import { restoreColumns, toRestore } from "./read_binaries.ts";
import type { BinaryDeps } from "./take_binary.ts";

/**
 * Orders a router back to a full backup. The router is asked first; what it does not fit is refused here.
 * The job does the rest: see `drive_restore.ts`.
 *
 * @throws {NotFound} also for another tenant's device or backup
 * @throws {InvalidInput} the name was not typed, or the backup does not fit
 * @throws {Conflict} a restore of this router is under way
 */
export async function startRestore(
  scope: Scope,
  deps: BinaryDeps,
  deviceId: string,
  backupId: string,
  { typedName, acceptOtherUnit }: RestoreOrder,
): Promise<BinaryRestore> {
  demand(scope, "configs:push");
  const check = await checkRestore(scope, deps, deviceId, backupId);
  const refuse = (path: string, message: string) => {
    throw new InvalidInput("Cannot restore this backup", [{ path, message }]);
  };
  if (check.problems.length > 0) refuse("", check.problems.join(" "));
  if (typedName.trim() !== check.routerName.trim()) {
    refuse("typedName", "is not the name of this router");
  }
  if (check.isOtherUnit && !acceptOtherUnit) {
    refuse("acceptOtherUnit", "is needed: the backup was taken from another unit");
  }
  const at = new Date(deps.clock.now());
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const row = {
      ...{ tenant_id: scope.tenantId, device_id: deviceId, backup_id: backupId },
      ...{ actor: scope.actor, started_at: at, updated_at: at, due_at: at },
    };
    const [made] = await sql<{ id: string }[]>`
      insert into binary_restores ${sql(row)}
      on conflict (tenant_id, device_id) where ended_at is null do nothing returning id`;
    if (!made) throw new Conflict("Cannot restore as a restore of this router is under way");
    const restore = await findRestore(sql, deviceId, made.id);
    const details = { backup: backupId, restore: made.id, isOtherUnit: check.isOtherUnit };
    await tellDevice(sql, scope, deps, deviceId, "config.restore_started", details);
    return restore;
  });
}

async function findRestore(
  sql: Parameters<typeof restoreColumns>[0],
  deviceId: string,
  id: string,
): Promise<BinaryRestore> {
  const [row] = await sql<Parameters<typeof toRestore>[0][]>`
    select ${restoreColumns(sql)} where r.device_id = ${deviceId} and r.id = ${id}`;
  if (!row) throw new NotFound("Cannot find this restore");
  return toRestore(row);
}
