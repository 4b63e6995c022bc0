import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import type { Changes, StoredStay } from "./client_memory.ts";
import type { Sighting } from "./sightings.ts";
import { wordsOf } from "./words.ts";

/** A place is believed this long after it was last confirmed; then a worse one may take over. */
const PLACE_HOLDS = "40 minutes";

const iso = (ms: number) => new Date(ms).toISOString();

/** Open stays of these devices, as the database has them. */
export async function readStays(sql: Sql, deviceIds: readonly string[]): Promise<StoredStay[]> {
  type Row = Omit<StoredStay, "lastSeenMs" | "writtenMs" | "text"> & { lastSeen: Date };
  const rows = await sql<Row[]>`
    select s.device_id as "deviceId", upper(s.mac::text) as mac, c.kind, c.name, host(s.ip) as ip,
      host(c.ip6) as ip6, s.interface, s.ssid, s.vlan, s.last_seen as "lastSeen"
    from client_sightings s
    join clients c on c.tenant_id = s.tenant_id and c.mac = s.mac
    where s.device_id = any(${deviceIds as string[]}::uuid[]) and s.is_open`;
  return rows.map(({ lastSeen, ...row }) => ({
    ...{ ...row, text: undefined },
    ...{ lastSeenMs: lastSeen.getTime(), writtenMs: lastSeen.getTime() },
  }));
}

/**
 * Stores changes of devices that are the tenant's, each device once. Told again it changes nothing but
 * the times. Rows are locked in the order of their MACs: several writers may meet at one of them.
 */
export async function writeClients(
  sql: Sql,
  tenantId: TenantId,
  changes: readonly Changes[],
): Promise<void> {
  const at = ({ atMs }: Changes) => ({ at: iso(atMs), day: iso(atMs).slice(0, 10) });
  const seen = changes.flatMap((change) =>
    change.seen.map((sighting) => ({
      ...{ deviceId: change.deviceId, ...at(change), ...sighting },
      leftAt: sighting.leftAtMs === null ? null : iso(sighting.leftAtMs),
    }))
  );
  const own = changes.flatMap((change) =>
    change.own.map((sighting) => ({ deviceId: change.deviceId, ...at(change), ...sighting }))
  );
  const gone = changes.flatMap(({ deviceId, gone }) =>
    gone.map(({ mac, leftAtMs }) => ({ deviceId, mac, leftAt: iso(leftAtMs) }))
  );
  // One statement cannot touch a row twice: of a MAC seen on several devices the best place counts.
  const best = new Map<string, typeof own[number]>();
  for (const row of [...seen, ...own]) {
    const known = best.get(row.mac);
    const isBetter = !known || row.kind === "router" ||
      (known.kind !== "router" && row.rank < known.rank);
    if (isBetter) best.set(row.mac, row);
  }
  if (best.size > 0) await upsertClients(sql, tenantId, [...best.values()]);
  const named = [...seen, ...own].filter((row) => !("hasNewText" in row) || row.hasNewText);
  if (named.length > 0) await writeWords(sql, tenantId, named);
  if (seen.length > 0) await writeStays(sql, tenantId, seen);
  if (gone.length > 0) await endStays(sql, tenantId, gone);
}

async function upsertClients(sql: Sql, tenantId: TenantId, rows: unknown[]): Promise<void> {
  await sql`
    insert into clients as c (tenant_id, mac, kind, name, vendor, ip, ip6, device_id,
      interface, ssid, vlan, is_wireless, place_rank, placed_at, first_seen, last_seen, seen_on)
    select ${tenantId}::uuid, mac::macaddr, kind, name, vendor,
      ip::inet, ip6::inet, "deviceId", interface, ssid, vlan, "isWireless", rank, at, at, at, day
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as t (mac text, kind text,
      name text, vendor text, ip text, ip6 text, "deviceId" uuid, interface text, ssid text,
      vlan integer, "isWireless" boolean, rank smallint, at timestamptz, day date)
    order by mac
    on conflict (tenant_id, mac) do update set
      kind = case when c.kind = 'router' or excluded.kind = 'client' then c.kind else excluded.kind end,
      name = coalesce(excluded.name, c.name), vendor = excluded.vendor,
      ip = coalesce(excluded.ip, c.ip), ip6 = coalesce(excluded.ip6, c.ip6),
      (device_id, interface, ssid, vlan, is_wireless, place_rank, placed_at) = (
        select p.device_id, p.interface, p.ssid, p.vlan, p.is_wireless, p.place_rank, p.placed_at
        from (values
          (true, excluded.device_id, excluded.interface, excluded.ssid, excluded.vlan,
            excluded.is_wireless, excluded.place_rank, excluded.placed_at),
          (false, c.device_id, c.interface, c.ssid, c.vlan, c.is_wireless, c.place_rank, c.placed_at)
        ) as p (is_new, device_id, interface, ssid, vlan, is_wireless, place_rank, placed_at)
        where p.is_new = (excluded.kind = 'router' or (c.kind <> 'router'
          and (excluded.place_rank <= c.place_rank or c.device_id is null
            or c.device_id = excluded.device_id
            or c.placed_at < excluded.placed_at - ${PLACE_HOLDS}::text::interval)))),
      last_seen = greatest(c.last_seen, excluded.last_seen),
      seen_on = greatest(c.seen_on, excluded.seen_on)`;
}

async function writeWords(
  sql: Sql,
  tenantId: TenantId,
  rows: readonly Pick<Sighting, "mac" | "text">[],
): Promise<void> {
  const words = new Map(rows.map(({ mac, text }) => [mac, wordsOf(text)]));
  const flat = [...words].flatMap(([mac, all]) => all.map((word) => ({ mac, word })));
  const macs = [...words.keys()];
  const wanted = JSON.stringify(flat);
  await sql`
    with wanted as (
      select mac::macaddr, word collate "C" as word
      from jsonb_to_recordset(${wanted}::text::jsonb) as t (mac text, word text)
    ), old as (
      delete from client_words w where w.tenant_id = ${tenantId}
        and w.mac = any(${macs}::text[]::macaddr[])
        and not exists (select from wanted t where t.mac = w.mac and t.word = w.word)
    )
    insert into client_words (tenant_id, word, mac)
    select ${tenantId}::uuid, word, mac from wanted order by mac, word
    on conflict do nothing`;
}

async function writeStays(sql: Sql, tenantId: TenantId, rows: unknown[]): Promise<void> {
  const json = JSON.stringify(rows);
  // Whoever is somewhere else now has left where they were.
  await sql`
    update client_sightings s set is_open = false,
      last_seen = greatest(s.last_seen, t."leftAt"),
      seen_on = greatest(s.seen_on, (t."leftAt" at time zone 'UTC')::date)
    from jsonb_to_recordset(${json}::text::jsonb) as t ("deviceId" uuid, mac text, interface text,
      ssid text, vlan integer, ip text, "leftAt" timestamptz)
    where s.tenant_id = ${tenantId} and s.device_id = t."deviceId" and s.mac = t.mac::macaddr
      and s.is_open and (s.interface is distinct from t.interface or s.ssid is distinct from t.ssid
        or s.vlan <> t.vlan or s.ip <> t.ip::inet)`;
  await sql`
    insert into client_sightings as s (tenant_id, mac, device_id, interface, ssid, vlan, ip,
      is_wireless, first_seen, last_seen, seen_on)
    select ${tenantId}::uuid, mac::macaddr, "deviceId", interface, ssid, vlan, ip::inet,
      "isWireless", at, at, day
    from jsonb_to_recordset(${json}::text::jsonb) as t (mac text, "deviceId" uuid, interface text,
      ssid text, vlan integer, ip text, "isWireless" boolean, at timestamptz, day date)
    order by "deviceId", mac
    on conflict (tenant_id, device_id, mac) where is_open do update set
      ip = coalesce(excluded.ip, s.ip), vlan = coalesce(excluded.vlan, s.vlan),
      last_seen = greatest(s.last_seen, excluded.last_seen),
      seen_on = greatest(s.seen_on, excluded.seen_on)`;
}

/** Who is nowhere on a device any more, with the time they were last there. */
async function endStays(
  sql: Sql,
  tenantId: TenantId,
  rows: readonly { deviceId: string; mac: string; leftAt: string }[],
): Promise<void> {
  const json = JSON.stringify(rows);
  await sql`
    update client_sightings s set is_open = false,
      last_seen = greatest(s.last_seen, t."leftAt"),
      seen_on = greatest(s.seen_on, (t."leftAt" at time zone 'UTC')::date)
    from jsonb_to_recordset(${json}::text::jsonb) as t ("deviceId" uuid, mac text,
      "leftAt" timestamptz)
    where s.tenant_id = ${tenantId} and s.device_id = t."deviceId" and s.mac = t.mac::macaddr
      and s.is_open`;
  await sql`
    with left_at as (
      select mac::macaddr, max("leftAt") as at
      from jsonb_to_recordset(${json}::text::jsonb) as t (mac text, "leftAt" timestamptz)
      group by 1
    ), locked as materialized (
      select c.mac from clients c where c.tenant_id = ${tenantId}
        and c.mac = any(${rows.map(({ mac }) => mac)}::text[]::macaddr[])
      order by c.mac for update
    )
    update clients c set last_seen = t.at, seen_on = greatest(c.seen_on, (t.at at time zone 'UTC')::date)
    from left_at t join locked using (mac)
    where c.tenant_id = ${tenantId} and c.mac = t.mac and c.last_seen < t.at`;
}
