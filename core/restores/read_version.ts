import { openContent } from "@/core/configs/content.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { NotFound } from "@/core/errors.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope } from "@/core/scope.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";

/** A version in clear, as the server alone sees it. */
export interface KeptVersion {
  readonly id: string;
  readonly takenAt: Date;
  readonly seenAt: Date;
  readonly deviceName: string;
  readonly model: string | null;
  readonly routerosVersion: string | null;
  readonly failedMenus: readonly string[];
  readonly entries: readonly ExportEntry[];
}

/** @throws {NotFound} also for another tenant's device, and for a version of another device */
export async function readVersion(
  scope: Scope,
  kms: Kms,
  deviceId: string,
  versionId: string,
): Promise<KeptVersion> {
  await demandDevice(scope, deviceId);
  const [row] = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<(Omit<KeptVersion, "entries"> & { contentId: string; ciphertext: Uint8Array })[]>`
      select v.id, v.taken_at as "takenAt", v.seen_at as "seenAt", v.failed_menus as "failedMenus",
        v.routeros_version as "routerosVersion", c.id as "contentId", c.ciphertext,
        coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName",
        coalesce(l.model, l.board_name) as model
      from config_versions v
      join config_contents c on c.tenant_id = v.tenant_id and c.id = v.content_id
      join devices d on d.tenant_id = v.tenant_id and d.id = v.device_id
      left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      where v.device_id = ${deviceId} and v.id = ${versionId}`,
  );
  if (!row) throw new NotFound("Cannot find this version of the configuration");
  const { contentId, ciphertext, ...version } = row;
  const text = await openContent(kms, scope.tenantId, contentId, ciphertext);
  const { header, entries } = parseExport(text);
  // A router may have been replaced since: what the export itself says is surer.
  const model = header.model ?? version.model;
  return { ...version, model, entries: entries.filter((entry) => !isOurs(entry)) };
}

/** What a push keeps on a router while it runs is nobody's configuration. */
function isOurs({ menu, attributes }: ExportEntry): boolean {
  return (menu === "/system/script" || menu === "/system/scheduler") &&
    attributes.some(({ name, value }) =>
      name === "name" && /^tod-[0-9a-f]{10}\b/.test(value ?? "")
    );
}
