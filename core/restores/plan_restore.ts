import { backUp, type BackupDeps } from "@/core/configs/back_up.ts";
import { maskedChange } from "@/core/configs/masked_change.ts";
import { areSecretsHidden } from "@/core/config_plan/wanted_changes.ts";
import { planChanges } from "@/core/config_plan/plan_changes.ts";
import { MAX_COMMANDS } from "@/core/contract/config_commands.ts";
import type { RestorePlan, RestoreSource } from "@/core/contract/restores.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { DeviceUnreachable } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { readVersion } from "./read_version.ts";
import { readSides, refusePartial, type Sides } from "./sides.ts";

/**
 * What would bring a router back to a version that was kept, of itself or of another router. Reads what it
 * runs now, which is kept as a version besides; changes nothing on it.
 *
 * @throws {DeviceUnreachable} if its configuration cannot be read
 * @throws {InvalidInput} if the version is partial, or of another kind of router
 */
export async function planRestore(
  scope: Scope,
  deps: BackupDeps,
  deviceId: string,
  { versionId, sourceId }: RestoreSource,
): Promise<RestorePlan> {
  demand(scope, "configs:push");
  await demandDevice(scope, deviceId);
  refusePartial(await readVersion(scope, deps.kms, sourceId ?? deviceId, versionId));
  const order = { tenantId: scope.tenantId, deviceId, trigger: "operation" } as const;
  const read = await backUp(deps, { ...order, actor: scope.actor });
  if (read.outcome === "failed") {
    throw new DeviceUnreachable(`Cannot read what the router runs now. ${read.detail}`);
  }
  const runningId = read.versionId;
  const sides = await readSides(scope, deps, deviceId, { versionId, sourceId, runningId });
  const { running, version, changes } = sides;
  const isMuch = changes.length > 2 * MAX_COMMANDS;
  return {
    deviceId,
    deviceName: running.deviceName,
    version: { id: version.id, takenAt: version.takenAt.toISOString() },
    source: sourceId !== null && sourceId !== deviceId
      ? { id: sourceId, name: version.deviceName }
      : null,
    runningId,
    warnings: warningsOf(sides, sourceId !== null && sourceId !== deviceId),
    changes: changes.map(maskedChange),
    // Of so much at once it takes seconds to say, and it cannot be pushed in one go anyway.
    cannot: isMuch ? [] : planChanges(sides.from, sides.to).cannot,
  };
}

function warningsOf({ running, version, unread, changes }: Sides, isOther: boolean): string[] {
  const warnings: string[] = [];
  if (changes.length > MAX_COMMANDS) {
    warnings.push(
      `More than ${MAX_COMMANDS} items differ, which is too much for one push: choose some menus, ` +
        "push these, then plan the rest.",
    );
  }
  if (isOther) {
    const same = running.model !== null && running.model === version.model;
    warnings.push(
      `This is the configuration of another router, ${version.deviceName}` +
        (same ? ", of the same model" : ", and it is not known whether it is of the same model") +
        ": its addresses, identity and keys come along unless you leave them out.",
    );
  }
  const [now, then] = [running.routerosVersion, version.routerosVersion];
  if (now !== null && then !== null && majorOf(now) !== majorOf(then)) {
    warnings.push(
      `It was written by RouterOS ${then} and the router runs ${now}: not every setting of the one ` +
        "exists in the other.",
    );
  }
  if (areSecretsHidden(running.entries) && !areSecretsHidden(version.entries)) {
    warnings.push(
      "What the router shows now holds no secrets, so those of the version are set anew: TOD's user " +
        "on it may lack the policy sensitive.",
    );
  }
  if (unread.length > 0) {
    warnings.push(
      `The router could not export ${unread.join(", ")} just now, so these stay as they are.`,
    );
  }
  return warnings;
}

const majorOf = (version: string) => version.split(".")[0];
