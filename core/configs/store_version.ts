import { recordEvents } from "@/core/events/events.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { countChanges } from "./count_changes.ts";
import { digestOf, openContent, sealContent } from "./content.ts";
import { deviceName } from "./tell_device.ts";
import { diffExports, type ItemChange } from "./semantic_diff.ts";

export interface ConfigDeps {
  db: Db;
  kms: Kms;
  clock: Clock;
}

export interface TakenExport {
  tenantId: TenantId;
  deviceId: string;
  text: string;
  trigger: "manual" | "scheduled" | "change" | "operation";
  actor: string;
}

/** What keeping an export came to. */
export type Stored =
  | { outcome: "same" | "kept"; versionId: string; isPartial: boolean; changes: number }
  | { outcome: "refused"; reason: "empty" | "truncated"; detail: string };

interface Latest {
  id: string;
  contentId: string;
  digest: Uint8Array;
  ciphertext: Uint8Array;
}

/**
 * Keeps an export that was read whole: what says the same as the newest version only prolongs it. An
 * empty or cut one is never kept; a partial one is kept and marked, and compared with nothing.
 */
export async function storeExport(deps: ConfigDeps, taken: TakenExport): Promise<Stored> {
  const { tenantId, deviceId, text } = taken;
  const parsed = parseExport(text);
  if (parsed.entries.length === 0) {
    const detail = "The export holds no configuration: it was not kept.";
    return { outcome: "refused", reason: "empty", detail };
  }
  const cut = parsed.problems.find(({ reason }) => reason === "cut");
  if (cut) {
    const detail = `The export is cut in line ${cut.line}: it was not kept.`;
    return { outcome: "refused", reason: "truncated", detail };
  }
  const digest = digestOf(parsed);
  const isPartial = parsed.failedMenus.length > 0;
  const latest = await deps.db.tenant(tenantId, (sql) => readLatest(sql, deviceId));
  const before = latest.full && !isPartial && !equal(latest.full.digest, digest)
    ? parseExport(
      await openContent(deps.kms, tenantId, latest.full.contentId, latest.full.ciphertext),
    )
    : undefined;
  const changes = before && diffExports(before.entries, parsed.entries);
  // Before the transaction: the KMS may need a connection of its own.
  const contentId = crypto.randomUUID();
  const ciphertext = await sealContent(deps.kms, tenantId, contentId, text);
  return await deps.db.tenant(tenantId, async (sql) => {
    const at = new Date(deps.clock.now());
    // Two that finish at once would each make a version of the same.
    await sql`select from devices where id = ${deviceId} for update`;
    const { newest } = await readLatest(sql, deviceId);
    if (newest && equal(newest.digest, digest)) {
      await sql`update config_versions set seen_at = ${at} where id = ${newest.id}`;
      return { outcome: "same", versionId: newest.id, isPartial, changes: 0 };
    }
    const row = {
      ...{ tenant_id: tenantId, id: contentId, device_id: deviceId, digest, ciphertext },
      text_bytes: new TextEncoder().encode(text).length,
    };
    await sql`insert into config_contents ${sql(row)}
      on conflict (tenant_id, device_id, digest) do nothing`;
    const counts = changes && countChanges(changes);
    const [version] = await sql<{ id: string }[]>`
      insert into config_versions (tenant_id, device_id, content_id, taken_at, seen_at, trigger,
        actor, routeros_version, failed_menus, added, removed, changed)
      select ${tenantId}, ${deviceId}, c.id, ${at}, ${at}, ${taken.trigger}, ${taken.actor},
        ${parsed.header.version}, ${[...parsed.failedMenus]}::text[], ${counts?.added ?? null},
        ${counts?.removed ?? null}, ${counts?.changed ?? null}
      from config_contents c where c.device_id = ${deviceId} and c.digest = ${digest}
      returning id`;
    if (changes) await tellChanges(sql, taken, at, version!.id, changes);
    return {
      outcome: "kept",
      versionId: version!.id,
      isPartial,
      changes: changes?.length ?? 0,
    };
  });
}

/** The newest version, and the newest that is whole. */
async function readLatest(
  sql: Sql,
  deviceId: string,
): Promise<{ newest: Latest | undefined; full: Latest | undefined }> {
  const rows = await sql<(Latest & { isFull: boolean })[]>`
    (select v.id, c.id as "contentId", c.digest, c.ciphertext, v.failed_menus = '{}' as "isFull"
      from config_versions v join config_contents c
        on c.tenant_id = v.tenant_id and c.id = v.content_id
      where v.device_id = ${deviceId} order by v.taken_at desc, v.id limit 1)
    union all
    (select v.id, c.id, c.digest, c.ciphertext, true
      from config_versions v join config_contents c
        on c.tenant_id = v.tenant_id and c.id = v.content_id
      where v.device_id = ${deviceId} and v.failed_menus = '{}'
      order by v.taken_at desc, v.id limit 1)`;
  return { newest: rows[0], full: rows.find(({ isFull }) => isFull) };
}

const MENUS_NAMED = 5;

async function tellChanges(
  sql: Sql,
  { tenantId, deviceId }: TakenExport,
  at: Date,
  versionId: string,
  changes: readonly ItemChange[],
): Promise<void> {
  const name = await deviceName(sql, deviceId) ?? deviceId;
  const menus = [...new Set(changes.map(({ menu }) => menu))];
  const named = menus.slice(0, MENUS_NAMED).join(", ");
  const more = menus.length > MENUS_NAMED ? ` and ${menus.length - MENUS_NAMED} more` : "";
  const what = changes.length === 1 ? "1 item" : `${changes.length} items`;
  await recordEvents(sql, tenantId, [{
    ...{ at: at.toISOString(), kind: "config.changed", severity: "info" as const },
    ...{ deviceId, deviceName: name, data: { versionId } },
    message: `${name}: its configuration changed, ${what} in ${named}${more}`,
  }]);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
