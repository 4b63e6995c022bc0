import type { PinChange } from "@/core/contract/config_policy.ts";
import type { ConfigVersion } from "@/core/contract/configs.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type ReadDeps, readVersion } from "./read_versions.ts";
import { tellDevice } from "./tell_device.ts";

/** Names a version, and pins it: a pinned one is kept whatever its age. */
export async function pinVersion(
  scope: Scope,
  deps: ReadDeps,
  deviceId: string,
  versionId: string,
  { isPinned, label }: PinChange,
): Promise<ConfigVersion> {
  demand(scope, "configs:write");
  await demandDevice(scope, deviceId);
  const at = new Date(deps.clock.now());
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const changed = await sql`
      update config_versions set label = ${label},
        pinned_at = case when ${isPinned} then coalesce(pinned_at, ${at}) end,
        pinned_by = case when ${isPinned} then coalesce(pinned_by, ${scope.actor}) end
      where device_id = ${deviceId} and id = ${versionId}`;
    if (changed.count === 0) throw new NotFound("Cannot find this version of the configuration");
    const version = await readVersion(sql, deviceId, versionId);
    const details = { version: versionId, takenAt: version!.takenAt, isPinned, label };
    await tellDevice(sql, scope, deps, deviceId, "config.pinned", details);
    return version!;
  });
}
