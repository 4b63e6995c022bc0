import type { BackupDeps } from "@/core/configs/back_up.ts";
import { diffExports, type ItemChange } from "@/core/configs/semantic_diff.ts";
import { normalise } from "@/core/config_plan/normalise.ts";
import type { RestoreSource } from "@/core/contract/restores.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import type { Scope } from "@/core/scope.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { type KeptVersion, readVersion } from "./read_version.ts";

/** What a router runs and what it shall run. */
export interface Sides {
  readonly running: KeptVersion;
  readonly version: KeptVersion;
  readonly from: readonly ExportEntry[];
  readonly to: readonly ExportEntry[];
  /** Menus that the router could not export just now, so that nobody knows what is there. */
  readonly unread: readonly string[];
  readonly changes: readonly ItemChange[];
}

/** A plan is good for this long: what it stands on must not be old. */
const FRESH_MS = 15 * 60_000;

/**
 * @throws {InvalidInput} if the version is partial, or of another kind of router
 * @throws {Conflict} if what the plan stands on is not what the router runs any more
 */
export async function readSides(
  scope: Scope,
  { kms, clock }: BackupDeps,
  deviceId: string,
  { versionId, sourceId, runningId }: RestoreSource & { runningId: string },
): Promise<Sides> {
  const running = await readVersion(scope, kms, deviceId, runningId);
  const version = await readVersion(scope, kms, sourceId ?? deviceId, versionId);
  refusePartial(version);
  refuseOtherModel(running, version);
  if (
    clock.now() - running.seenAt.getTime() > FRESH_MS || !await isNewest(scope, deviceId, running)
  ) {
    throw new Conflict("The plan is out of date: read the router again, then restore");
  }
  const unread = running.failedMenus;
  const readable = ({ menu }: ExportEntry) =>
    !unread.some((path) => menu === path || menu.startsWith(`${path}/`));
  const from = normalise(running.entries.filter(readable));
  const to = normalise(version.entries.filter(readable));
  return { running, version, from, to, unread, changes: diffExports(from, to) };
}

export function refusePartial({ failedMenus }: KeptVersion): void {
  if (failedMenus.length === 0) return;
  throw new InvalidInput("Cannot restore this version as the router could not export all of it", [{
    path: "versionId",
    message: `lacks ${failedMenus.join(", ")}`,
  }]);
}

function refuseOtherModel(running: KeptVersion, version: KeptVersion): void {
  const [here, there] = [running.model, version.model];
  if (here === null || there === null || here === there) return;
  throw new InvalidInput(
    `Cannot restore to a ${here} what a ${there} had: their ports are not the same`,
    [{ path: "sourceId", message: "must be a router of the same model" }],
  );
}

async function isNewest(scope: Scope, deviceId: string, { id }: KeptVersion): Promise<boolean> {
  const [row] = await scope.db.tenant(scope.tenantId, (sql) =>
    sql<{ id: string }[]>`
      select id from config_versions where device_id = ${deviceId}
      order by taken_at desc, id limit 1`);
  return row?.id === id;
}
