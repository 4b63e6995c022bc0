import { backUp, type BackupDeps } from "@/core/configs/back_up.ts";
import { beginOperation, type ConfigOperation } from "@/core/configs/operations.ts";
import { openContent } from "@/core/configs/content.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { PushRecord } from "@/core/push/record.ts";

/** Less than the lease of a push: who drives it must not lose it over a slow export. */
const PATIENCE_MS = 60_000;

/**
 * The running configuration as text with its secrets, kept as a version besides. `undefined`: it cannot
 * be had now, or not as a whole. Never throws.
 */
export async function exportText(
  deps: BackupDeps & { clock: Clock },
  record: PushRecord,
): Promise<string | undefined> {
  const patience = new AbortController();
  try {
    return await Promise.race([
      read(deps, record).catch(() => undefined),
      deps.clock.sleep(PATIENCE_MS, patience.signal).then(() => undefined),
    ]);
  } finally {
    patience.abort();
  }
}

async function operationOf(deps: BackupDeps, record: PushRecord): Promise<ConfigOperation> {
  const [row] = await deps.db.tenant(
    record.tenantId,
    (sql) =>
      sql<{ actor: string }[]>`select started_by as actor from pushes where id = ${record.id}`,
  );
  const { tenantId, deviceId, id, request: { title } } = record;
  const actor = row?.actor ?? "system:pushes";
  return { tenantId, deviceId, kind: "push", id, actor, title };
}

async function read(deps: BackupDeps, record: PushRecord): Promise<string | undefined> {
  const { tenantId, deviceId } = record;
  // What it was before: noted with the push, so that what changes then is known to be its doing.
  const outcome = record.state === "draft"
    ? await beginOperation(deps, await operationOf(deps, record))
    : await backUp(deps, {
      ...{ tenantId, deviceId, trigger: "operation", actor: "system:pushes" },
    });
  if (outcome.outcome === "failed" || outcome.isPartial) return undefined;
  const [row] = await deps.db.tenant(
    tenantId,
    (sql) =>
      sql<{ id: string; ciphertext: Uint8Array }[]>`
      select c.id, c.ciphertext from config_versions v
      join config_contents c on c.tenant_id = v.tenant_id and c.id = v.content_id
      where v.id = ${outcome.versionId}`,
  );
  return row && await openContent(deps.kms, tenantId, row.id, row.ciphertext);
}
