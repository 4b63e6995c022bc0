import type { PreviewRequest, PushPreview } from "@/core/contract/push_views.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { PushesDeps } from "./deps.ts";
import { lookAtRouter } from "./look_at_router.ts";
import { needsName } from "./needs_name.ts";
import { mayAutoConfirm, readPushPolicy } from "./push_policy.ts";
import { printCommands } from "./print_commands.ts";

/** What a push would do, what guards it, and what may cut the router off; nothing is changed. */
export async function previewPush(
  scope: Scope,
  deps: PushesDeps,
  deviceId: string,
  { commands }: PreviewRequest,
): Promise<PushPreview> {
  demand(scope, "configs:push");
  const policy = await scope.db.tenant(scope.tenantId, (sql) => readPushPolicy(sql, scope));
  const { identity: _, ...look } = await lookAtRouter(scope, deps, deviceId, commands);
  return {
    deviceId,
    ...look,
    script: printCommands(commands),
    needsName: needsName(look),
    policy: {
      mayAutoConfirm: mayAutoConfirm(scope, policy),
      windowSeconds: policy.windowSeconds,
    },
    readAt: new Date(deps.clock.now()).toISOString(),
  };
}
