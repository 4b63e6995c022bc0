import { openContent } from "@/core/configs/content.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";

/** A router's newest whole configuration that was kept. */
export interface CurrentConfig {
  entries: readonly ExportEntry[];
  /** When it was read last. */
  seenAt: Date;
}

/** `undefined`: none was kept so far. */
export async function readCurrentConfig(
  { db, kms }: { db: Db; kms: Kms },
  tenantId: TenantId,
  deviceId: string,
): Promise<CurrentConfig | undefined> {
  const [row] = await db.tenant(
    tenantId,
    (sql) =>
      sql<{ contentId: string; ciphertext: Uint8Array; seenAt: Date }[]>`
      select c.id as "contentId", c.ciphertext, v.seen_at as "seenAt"
      from config_versions v
      join config_contents c on c.tenant_id = v.tenant_id and c.id = v.content_id
      where v.device_id = ${deviceId} and v.failed_menus = '{}'
      order by v.taken_at desc, v.id limit 1`,
  );
  if (!row) return undefined;
  const text = await openContent(kms, tenantId, row.contentId, row.ciphertext);
  return { entries: parseExport(text).entries, seenAt: row.seenAt };
}
