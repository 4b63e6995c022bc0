import { nameOf } from "@/core/actor_name.ts";
import type {
  ConfigComparison,
  ConfigText,
  ConfigVersion,
  ListedVersion,
} from "@/core/contract/configs.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printExport } from "@/core/wire/routeros/export/print.ts";
import { noCause, readCauses } from "./causes.ts";
import { openContent } from "./content.ts";
import { maskedChange } from "./masked_change.ts";
import { maskEntry } from "./secrets.ts";
import { diffExports } from "./semantic_diff.ts";
import { tellDevice } from "./tell_device.ts";
import { diffLines } from "./text_diff.ts";

export interface ReadDeps {
  kms: Kms;
  clock: Clock;
}

const MOST = 500;

/**
 * A device's versions, newest first, with what brought each.
 *
 * @throws {NotFound} also for another tenant's device
 */
export async function listVersions(scope: Scope, deviceId: string): Promise<ListedVersion[]> {
  demand(scope, "configs:read");
  await demandDevice(scope, deviceId);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const rows = await sql<VersionRow[]>`
      select ${columns(sql)} where v.device_id = ${deviceId}
      order by v.taken_at desc, v.id limit ${MOST}`;
    const versions = rows.map(toVersion);
    const causes = await readCauses(sql, scope, deviceId, versions.map(({ id }) => id));
    return versions.map((version) => ({
      ...version,
      cause: causes.get(version.id) ?? noCause(version),
    }));
  });
}

export async function readVersion(
  sql: Sql,
  deviceId: string,
  versionId: string,
): Promise<ConfigVersion | undefined> {
  const [row] = await sql<VersionRow[]>`
    select ${columns(sql)} where v.device_id = ${deviceId} and v.id = ${versionId}`;
  return row && toVersion(row);
}

/** The text of a version with its secrets hidden. */
export async function readConfig(
  scope: Scope,
  deps: ReadDeps,
  deviceId: string,
  versionId: string,
): Promise<ConfigText> {
  demand(scope, "configs:read");
  const { version, text } = await openVersion(scope, deps, deviceId, versionId);
  return {
    version,
    text: printExport(parseExport(text).entries.map(maskEntry)),
    isRevealed: false,
  };
}

/**
 * The text as the router printed it, secrets and all. Who, why and when stands in the audit log and
 * among the reads of secrets before it is given away.
 */
export async function revealConfig(
  scope: Scope,
  deps: ReadDeps,
  deviceId: string,
  versionId: string,
  reason: string,
): Promise<ConfigText> {
  demand(scope, "configs:reveal");
  const { version, text } = await openVersion(scope, deps, deviceId, versionId);
  const at = new Date(deps.clock.now());
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await noteSecretRead(sql, scope.tenantId, {
      ...{ actor: scope.actor, purpose: "config.reveal", secret: "device.config", deviceId, at },
      requestId: scope.requestId,
    });
    const details = { reason, version: versionId, takenAt: version.takenAt };
    await tellDevice(sql, scope, deps, deviceId, "config.revealed", details);
  });
  return { version, text, isRevealed: true };
}

/** What turned one version into another, item by item and line by line, without secrets. */
export async function compareConfigs(
  scope: Scope,
  deps: ReadDeps,
  deviceId: string,
  { from, to }: { from: string; to: string },
): Promise<ConfigComparison> {
  demand(scope, "configs:read");
  const [before, after] = await Promise.all([
    openVersion(scope, deps, deviceId, from),
    openVersion(scope, deps, deviceId, to),
  ]);
  const [old, now] = [before, after].map(({ text }) => parseExport(text).entries);
  return {
    from: before.version,
    to: after.version,
    changes: diffExports(old!, now!).map(maskedChange),
    lines: diffLines(maskedLines(old!), maskedLines(now!)),
  };
}

/** One line a command, secrets hidden; without what the router remarks on its state. */
function maskedLines(entries: readonly ExportEntry[]): string {
  return printExport(entries.map((entry) => ({ ...maskEntry(entry), remarks: [] })));
}

async function openVersion(
  scope: Scope,
  { kms }: ReadDeps,
  deviceId: string,
  versionId: string,
): Promise<{ version: ConfigVersion; text: string }> {
  await demandDevice(scope, deviceId);
  const [row] = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<(VersionRow & { contentId: string; ciphertext: Uint8Array })[]>`
      select c.id as "contentId", c.ciphertext, ${columns(sql)}
      where v.device_id = ${deviceId} and v.id = ${versionId}`,
  );
  if (!row) throw new NotFound("Cannot find this version of the configuration");
  const { contentId, ciphertext, ...version } = row;
  const text = await openContent(kms, scope.tenantId, contentId, ciphertext);
  return { version: toVersion(version), text };
}

type Times = "takenAt" | "seenAt" | "pinnedAt" | "restoredAt";
export type VersionRow = Omit<ConfigVersion, Times> & {
  takenAt: Date;
  seenAt: Date;
  pinnedAt: Date | null;
  restoredAt: Date | null;
};

export function columns(sql: Sql) {
  return sql`v.id, v.taken_at as "takenAt", v.seen_at as "seenAt", v.trigger, v.actor,
      ${
    nameOf(sql, sql`v.tenant_id`, sql`v.actor`)
  } as "actorName", v.routeros_version as "routerosVersion",
      c.text_bytes as "textBytes", v.failed_menus as "failedMenus", v.added, v.removed, v.changed,
      v.label, v.pinned_at as "pinnedAt", v.restored_at as "restoredAt"
    from config_versions v
    join config_contents c on c.tenant_id = v.tenant_id and c.id = v.content_id`;
}

export function toVersion(row: VersionRow): ConfigVersion {
  const { takenAt, seenAt, pinnedAt, restoredAt, ...version } = row;
  return {
    ...version,
    takenAt: takenAt.toISOString(),
    seenAt: seenAt.toISOString(),
    pinnedAt: pinnedAt?.toISOString() ?? null,
    restoredAt: restoredAt?.toISOString() ?? null,
  };
}
