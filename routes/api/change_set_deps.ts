import type { ChangeSetDeps } from "@/core/change_sets/deps.ts";
import { mayPushAgain } from "@/core/change_sets/push_states.ts";
import { startPush } from "@/core/pushes/start_push.ts";
import { previewPush } from "@/core/pushes/preview_push.ts";
import type { ApiDeps } from "./mod.ts";

/** What change sets need, with the pushes they end in. */
export function changeSetDeps(deps: ApiDeps): ChangeSetDeps {
  const { kms, clock, routers } = deps;
  const pushes = { ...deps, db: deps.backups.db };
  return {
    ...{ kms, clock, routers, mayPushAgain },
    // What a review has to say was asked before.
    startPush: (scope, request) => startPush(scope, pushes, request, { isReviewed: true }),
    previewPush: (scope, deviceId, commands) =>
      previewPush(scope, pushes, deviceId, { commands: [...commands] }),
  };
}
