import type { EditorDeps } from "@/core/config_editor/editor.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { PushPreview } from "@/core/contract/push_views.ts";
import type { PushRequest } from "@/core/contract/pushes.ts";
import type { Scope } from "@/core/scope.ts";

export interface ChangeSetDeps extends EditorDeps {
  /** The one way in which a router is changed. */
  startPush(scope: Scope, request: PushRequest): Promise<{ id: string }>;
  /** What it would do there, what guards it, and what may cut the router off. */
  previewPush(
    scope: Scope,
    deviceId: string,
    commands: readonly ConfigCommand[],
  ): Promise<PushPreview>;
  /** Whether a push has ended in a way that allows another. */
  mayPushAgain(scope: Scope, pushId: string): Promise<boolean>;
}
