import type { Context } from "hono";
import { recordAuditApart } from "@/core/audit/record.ts";
import { Forbidden } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Locks } from "@/core/ports/locks.ts";
import type { ApiEnv } from "./env.ts";

const WINDOW_MS = 3_600_000;

export interface RefusalDeps {
  kms: Kms;
  locks: Locks;
  log: Logger;
}

/**
 * Puts into the audit log that somebody asked for what they may not do: once an hour for each of them
 * and each address, so that knocking on doors fills neither the log nor the disk.
 */
export async function noteRefusal(
  c: Context<ApiEnv>,
  error: Error,
  { kms, locks, log }: RefusalDeps,
): Promise<void> {
  const scope = c.get("scope") as ApiEnv["Variables"]["scope"] | undefined;
  if (!(error instanceof Forbidden) || !scope) return;
  const { method, path } = c.req;
  try {
    const key = `refused:${scope.tenantId}:${scope.actor}:${method} ${path.slice(0, 200)}`;
    const { count } = await locks.hit(key, WINDOW_MS);
    if (count > 1) return;
    await recordAuditApart(scope.db, kms, scope.tenantId, [{
      ...{ actor: scope.actor, action: "access.refused", outcome: "refused" },
      requestId: scope.requestId,
      ip: scope.ip,
      details: { method, path: path.slice(0, 500), reason: error.message },
    }]);
  } catch (cause) {
    // The answer is no either way; what is lost is the note of it.
    log.warn("a refusal was not audited", { method, path, actor: scope.actor, error: cause });
  }
}
