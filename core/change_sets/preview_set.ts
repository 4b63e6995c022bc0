import type { RouterPreview } from "@/core/contract/change_sets.ts";
import { deviceName } from "@/core/configs/tell_device.ts";
import { AppError, NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { ChangeSetDeps } from "./deps.ts";
import { openChanges, readChanges } from "./rows.ts";

/** Routers looked at before one presses the button: more are looked at when it is pushed. */
const MOST_ROUTERS = 20;

/** What a push would meet at each router: what guards it, and what may cut the router off. */
export async function previewChangeSet(
  scope: Scope,
  deps: ChangeSetDeps,
  id: string,
): Promise<RouterPreview[]> {
  demand(scope, "configs:push");
  const rows = await scope.db.tenant(scope.tenantId, async (sql) => {
    const [set] = await sql`select from change_sets where id = ${id}`;
    if (!set) throw new NotFound("Cannot find this change set");
    return await readChanges(sql, id);
  });
  const parts = Map.groupBy(
    await openChanges(deps.kms, scope.tenantId, rows),
    ({ deviceId }) => deviceId,
  );
  const previews: RouterPreview[] = [];
  for (const [deviceId, changes] of [...parts].slice(0, MOST_ROUTERS)) {
    const name = await scope.db.tenant(scope.tenantId, (sql) => deviceName(sql, deviceId));
    const about = { deviceId, deviceName: name ?? deviceId };
    try {
      const commands = changes.map(({ command }) => command);
      const { deviceName, tier, tierReason, risks, problems, needsName } = await deps.previewPush(
        scope,
        deviceId,
        commands,
      );
      const of = (command: number) => changes[command]?.id ?? null;
      previews.push({
        ...{ deviceId, deviceName, tier, tierReason, needsName, failure: null },
        risks: risks.map(({ command, severity, reason }) => ({
          ...{ changeId: of(command), severity, reason },
        })),
        problems: problems.map(({ command, message }) => ({ changeId: of(command), message })),
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      previews.push({
        ...{ ...about, tier: null, tierReason: "", needsName: false, failure: error.message },
        ...{ risks: [], problems: [] },
      });
    }
  }
  return previews;
}
