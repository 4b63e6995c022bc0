import type { BackupDeps } from "@/core/configs/back_up.ts";
import { noteRestoreSource } from "@/core/configs/operations.ts";
import type { PushPreview } from "@/core/contract/push_views.ts";
import type { RestoreChoice, RestoreRequest } from "@/core/contract/restores.ts";
import type { PushesDeps } from "@/core/pushes/deps.ts";
import { previewPush } from "@/core/pushes/preview_push.ts";
import { startPush } from "@/core/pushes/start_push.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { restoreCommands } from "./restore_commands.ts";

export interface RestoreDeps {
  readonly backups: BackupDeps;
  readonly pushes: PushesDeps;
}

/** What the push of a restore would do, with its secrets hidden; nothing is changed. */
export async function previewRestore(
  scope: Scope,
  { backups, pushes }: RestoreDeps,
  deviceId: string,
  choice: RestoreChoice,
): Promise<PushPreview> {
  demand(scope, "configs:push");
  const { commands } = await restoreCommands(scope, backups, deviceId, choice);
  return await previewPush(scope, pushes, deviceId, { commands });
}

/**
 * Starts the push that restores. The commands hold secrets in clear, so they are made here and never come
 * from a browser.
 *
 * @throws {Conflict} if the plan is out of date, or another push of the router has not ended
 */
export async function startRestore(
  scope: Scope,
  { backups, pushes }: RestoreDeps,
  deviceId: string,
  { title, confirm, windowSeconds, probes, typedName, ...choice }: RestoreRequest,
): Promise<{ id: string }> {
  demand(scope, "configs:push");
  const { commands, version } = await restoreCommands(scope, backups, deviceId, choice);
  const day = version.takenAt.toISOString().slice(0, 16).replace("T", " ");
  const push = await startPush(scope, pushes, {
    ...{ deviceId, commands, confirm, windowSeconds, probes, typedName },
    title: title ?? `Restore of ${day} UTC`,
    source: { kind: "restore", id: version.id },
  });
  // What a restore stood on is kept, whatever its age.
  await scope.db.tenant(
    scope.tenantId,
    (sql) => noteRestoreSource(sql, version.id, new Date(backups.clock.now())),
  );
  return push;
}
