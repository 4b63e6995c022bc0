import type { RouterFacts } from "@/core/config_view/config_view.ts";
import { openContent } from "@/core/configs/content.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { RouterosExport } from "@/core/wire/routeros/export/model.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";

/** A router with its newest version, not opened yet. */
export interface SealedConfig {
  readonly deviceId: string;
  readonly name: string;
  readonly isOnline: boolean;
  readonly siteId: string | null;
  readonly tagIds: readonly string[];
  readonly routerosVersion: string | null;
  /** `null`: there is no backup. */
  readonly versionId: string | null;
  readonly takenAt: Date | null;
  readonly contentId: string | null;
  readonly ciphertext: Uint8Array | null;
  readonly checkedVersion: string | null;
  readonly facts: RouterFacts["menus"] | null;
  readonly factsAt: Date | null;
}

/** The routers of `ids` that there are, each with the newest version of its configuration. */
export async function readSealed(sql: Sql, ids: readonly string[]): Promise<SealedConfig[]> {
  return await sql<SealedConfig[]>`
    select d.id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as name,
      coalesce(l.status = 'online' and d.is_enabled, false) as "isOnline", d.site_id as "siteId",
      array(select dt.tag_id from device_tags dt where dt.device_id = d.id) as "tagIds",
      coalesce(l.version, v.routeros_version) as "routerosVersion", v.id as "versionId",
      v.taken_at as "takenAt", c.id as "contentId", c.ciphertext,
      k.version_id as "checkedVersion", k.facts, k.facts_at as "factsAt"
    from devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    left join config_checks k on k.tenant_id = d.tenant_id and k.device_id = d.id
    left join lateral (
      select n.id, n.taken_at, n.content_id, n.routeros_version from config_versions n
      where n.device_id = d.id order by n.taken_at desc, n.id limit 1) v on true
    left join config_contents c on c.tenant_id = d.tenant_id and c.id = v.content_id
    where d.id = any(${[...ids]}::uuid[]) and d.retired_at is null`;
}

/** Opened and parsed; `undefined`: there is no backup. */
export async function openSealed(
  kms: Kms,
  tenantId: TenantId,
  { contentId, ciphertext }: Pick<SealedConfig, "contentId" | "ciphertext">,
): Promise<RouterosExport | undefined> {
  if (contentId === null || ciphertext === null) return undefined;
  return parseExport(await openContent(kms, tenantId, contentId, ciphertext));
}
