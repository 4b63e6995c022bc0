import { readCauses } from "@/core/configs/causes.ts";
import { recordEvents } from "@/core/events/events.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { type FoundDrift, shownDrift } from "./work_out.ts";

export interface DriftedRouter {
  readonly deviceId: string;
  readonly name: string;
  /** The version that was looked at. */
  readonly versionId: string;
  readonly takenAt: Date;
  readonly found: readonly FoundDrift[];
}

/**
 * Keeps the differences of routers and tells of new ones: what is known already only takes what it says
 * now. Items that no longer differ go.
 */
export async function storeDrift(
  sql: Sql,
  tenantId: TenantId,
  routers: readonly DriftedRouter[],
  now: Date,
): Promise<void> {
  const events = [];
  for (const { deviceId, name, versionId, takenAt, found } of routers) {
    const known = await sql<{ id: string; fingerprint: Uint8Array; baselineId: string }[]>`
      select id, fingerprint, baseline_id as "baselineId" from drift_items
      where device_id = ${deviceId}`;
    if (known.length === 0 && found.length === 0) continue;
    const keyOf = (one: { fingerprint: Uint8Array; baselineId: string }) =>
      `${one.baselineId} ${one.fingerprint.toHex()}`;
    const wanted = new Set(found.map(keyOf));
    const gone = known.filter((one) => !wanted.has(keyOf(one))).map(({ id }) => id);
    if (gone.length > 0) await sql`delete from drift_items where id = any(${gone}::uuid[])`;
    const old = new Set(known.map(keyOf));
    const isNew = found.filter((one) => !old.has(keyOf(one)));
    const who = isNew.length > 0 ? await whoChanged(sql, deviceId, versionId) : null;
    if (found.length > 0) await write(sql, tenantId, deviceId, { found, takenAt, who });
    if (isNew.length > 0) {
      events.push({
        ...{ at: now.toISOString(), kind: "config.drifted" as const, severity: "warning" as const },
        ...{ deviceId, deviceName: name, data: { items: isNew.length } },
        message: `${name} drifted from its baseline: ${tell(isNew)}${who ? ` (${who})` : ""}`,
      });
    } else if (found.length === 0) {
      events.push({
        ...{ at: now.toISOString(), kind: "config.undrifted" as const, severity: "info" as const },
        ...{ deviceId, deviceName: name, message: `${name} is as its baseline has it again` },
      });
    }
  }
  await recordEvents(sql, tenantId, events);
}

const MENUS_NAMED = 4;

function tell(found: readonly FoundDrift[]): string {
  const menus = [...new Set(found.map(({ change }) => change.menu))];
  const more = menus.length > MENUS_NAMED ? ` and ${menus.length - MENUS_NAMED} more` : "";
  const what = found.length === 1 ? "1 item" : `${found.length} items`;
  return `${what} in ${menus.slice(0, MENUS_NAMED).join(", ")}${more}`;
}

async function write(
  sql: Sql,
  tenantId: TenantId,
  deviceId: string,
  { found, takenAt, who }: { found: readonly FoundDrift[]; takenAt: Date; who: string | null },
): Promise<void> {
  const rows = found.map((one, place) => ({ ...one, ...shownDrift(one.change), place }));
  await sql`
    insert into drift_items as i (tenant_id, device_id, baseline_id, fingerprint, kind, menu, label,
      wanted, running, attributes, place, since, who)
    select ${tenantId}, ${deviceId}, t.*, ${takenAt}, ${who}
    from unnest(${rows.map(({ baselineId }) => baselineId)}::uuid[],
      ${rows.map(({ fingerprint }) => `\\x${fingerprint.toHex()}`)}::text[]::bytea[],
      ${rows.map(({ kind }) => kind)}::text[], ${rows.map(({ menu }) => menu)}::text[],
      ${rows.map(({ label }) => label)}::text[],
      ${rows.map(({ wanted }) => wanted) as string[]}::text[],
      ${rows.map(({ running }) => running) as string[]}::text[],
      ${rows.map(({ attributes }) => JSON.stringify(attributes))}::text[]::jsonb[],
      ${rows.map(({ place }) => place)}::int[]) as t
    on conflict (tenant_id, device_id, baseline_id, fingerprint) do update
      set label = excluded.label, wanted = excluded.wanted, running = excluded.running,
        attributes = excluded.attributes, place = excluded.place
      where (i.label, i.wanted, i.running, i.attributes, i.place) is distinct from
        (excluded.label, excluded.wanted, excluded.running, excluded.attributes, excluded.place)`;
}

/** Our own operations first, then whoever the router's log names; `null`: nobody knows. */
async function whoChanged(sql: Sql, deviceId: string, versionId: string): Promise<string | null> {
  const permissions = new Set(["events:read"] as const);
  const causes = await readCauses(sql, { permissions }, deviceId, [versionId]);
  const { operations = [], changes = [] } = causes.get(versionId) ?? {};
  const names = operations.length > 0
    ? operations.map(({ title, actorName }) => actorName ? `${actorName}: ${title}` : title)
    : changes.map(({ by }) => by);
  const who = [...new Set(names.filter(Boolean))].join(", ").replaceAll("\0", "");
  return who === "" ? null : who.slice(0, 200).toWellFormed();
}
