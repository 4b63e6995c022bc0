import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { MIKROTIK_PREFIXES } from "./mikrotik_macs.ts";

/** A neighbour that no router names any more is forgotten after this. */
const KEEP = "7 days";
/** What somebody ignored is remembered longer: it may be switched off for a season. */
const KEEP_IGNORED = "400 days";
/** A reading older than this says nothing of now: its router is offline. */
const FRESH = "1 day";
/** Of one tenant; more nobody goes through. */
const MOST = 5_000;

/**
 * Makes the list of unmanaged neighbours of one tenant anew, from the last reading of every device.
 *
 * A neighbour is managed when a device has its address, or an interface with its MAC address. Two
 * neighbours are one router when they have the same identity and board and MAC addresses of one block
 * (a router shows another MAC on each link); of those that still have the identity they were sold
 * with, only the MAC tells.
 */
export async function refreshNeighbors(db: Db, tenantId: TenantId, nowMs: number): Promise<void> {
  const now = new Date(nowMs).toISOString();
  await db.tenant(tenantId, (sql) =>
    sql`
    with managed_macs as materialized (
      select distinct upper(i."macAddress") as mac
      from device_state s cross join lateral jsonb_to_recordset(s.data) as i ("macAddress" text)
      where s.tenant_id = ${tenantId} and s.section = 'interfaces' and i."macAddress" <> ''
    ), managed_addresses as materialized (
      select distinct lower(address) as address from devices
      where tenant_id = ${tenantId} and retired_at is null
    ), said as materialized (
      select s.device_id, s.sampled_at, left(n.interface, 200) as interface,
        lower(nullif(left(n.address, 45), '')) as address,
        upper(nullif(left(n."macAddress", 17), '')) as mac,
        left(coalesce(n.identity, ''), 200) as identity,
        nullif(left(n.platform, 100), '') as platform, nullif(left(n.board, 100), '') as board,
        nullif(left(n.version, 100), '') as version
      from device_state s
      cross join lateral jsonb_to_recordset(s.data) as n (
        interface text, address text, "macAddress" text, identity text, platform text, board text,
        version text)
      where s.tenant_id = ${tenantId} and s.section = 'neighbors'
        and s.sampled_at > ${now}::text::timestamptz - ${FRESH}::text::interval
    ), strangers as materialized (
      select n.*, md5(case
          when mac is not null and lower(identity) not in ('', 'mikrotik')
            then 'block ' || left(mac, 14) || ' ' || identity || ' ' || coalesce(board, '')
          when mac is not null then 'mac ' || mac
          when address is not null then 'address ' || address
          else 'name ' || identity || ' ' || coalesce(board, '') end) as id
      from said n
      where (platform ilike 'mikrotik%' or left(mac, 8) = any(${MIKROTIK_PREFIXES as string[]}))
        and (mac is not null or address is not null or identity <> '')
    ), judged as (
      select n.*,
        m.mac is not null or a.address is not null as is_managed
      from strangers n
      left join managed_macs m on m.mac = n.mac
      left join managed_addresses a on a.address = n.address
    ), grouped as (
      select id,
        (array_agg(identity order by sampled_at desc))[1] as identity,
        (array_agg(board order by sampled_at desc) filter (where board is not null))[1] as board,
        (array_agg(platform order by sampled_at desc) filter (where platform is not null))[1]
          as platform,
        (array_agg(version order by sampled_at desc) filter (where version is not null))[1]
          as version,
        coalesce((array_agg(distinct mac) filter (where mac is not null))[1:8], '{}') as macs,
        coalesce((array_agg(distinct address) filter (where address is not null))[1:8], '{}')
          as addresses,
        count(distinct device_id)::int as seers,
        (array_agg(jsonb_build_object('deviceId', device_id, 'interface', interface)
          order by sampled_at desc))[1:8] as seen_by,
        max(sampled_at) as last_seen_at
      from judged group by id
      -- One link that is known to be managed makes the whole router managed.
      having not bool_or(is_managed)
      order by max(sampled_at) desc limit ${MOST}
    ), named as (
      select lower(identity) as identity, board_name as board, (array_agg(device_id))[1] as device_id
      from device_latest
      where tenant_id = ${tenantId} and identity <> '' and lower(identity) <> 'mikrotik'
      group by 1, 2 having count(*) = 1
    ), saved as (
      insert into seen_routers as r (tenant_id, id, identity, board, platform, version, macs,
        addresses, seen_by, seers, likely_id, first_seen_at, last_seen_at)
      select ${tenantId}, g.id, g.identity, g.board, g.platform, g.version, g.macs, g.addresses,
        to_jsonb(g.seen_by), g.seers, l.device_id, g.last_seen_at, g.last_seen_at
      from grouped g left join named l on l.identity = lower(g.identity) and l.board = g.board
      on conflict (tenant_id, id) do update set identity = excluded.identity,
        board = excluded.board, platform = excluded.platform, version = excluded.version,
        macs = excluded.macs, addresses = excluded.addresses, seen_by = excluded.seen_by,
        seers = excluded.seers, likely_id = excluded.likely_id,
        last_seen_at = excluded.last_seen_at
      -- Most stay as they are from one time to the next: then only their age is written, seldom.
      where (r.identity, r.board, r.platform, r.version, r.macs, r.addresses, r.seers, r.likely_id)
          is distinct from (excluded.identity, excluded.board, excluded.platform, excluded.version,
            excluded.macs, excluded.addresses, excluded.seers, excluded.likely_id)
        or excluded.last_seen_at > r.last_seen_at + interval '10 minutes'
    )
    delete from seen_routers r
    where r.tenant_id = ${tenantId} and not exists (select from grouped g where g.id = r.id) and (
      r.id in (select id from strangers)
      or r.last_seen_at < ${now}::text::timestamptz - case when r.ignored_at is null
           then ${KEEP}::text::interval else ${KEEP_IGNORED}::text::interval end
      or exists (select from unnest(r.macs) as mac join managed_macs m using (mac))
      or exists (select from unnest(r.addresses) as address join managed_addresses m using (address)))`);
}
