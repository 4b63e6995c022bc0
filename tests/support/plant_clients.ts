import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/**
 * So many clients over the tenant's devices, as ingest would have written them: one in three on a radio,
 * some thousand networks that all look alike, names and makers as they are, a stay each.
 */
export async function plantClients(
  db: Db,
  tenantId: TenantId,
  { clients, now, step = 10_000 }: { clients: number; now: number; step?: number },
): Promise<void> {
  const at = new Date(now).toISOString();
  for (let from = 0; from < clients; from += step) {
    const to = Math.min(from + step, clients) - 1;
    await db.tenant(tenantId, (sql) =>
      sql`
        with routers as (select array_agg(id order by id) as ids from devices),
        made as (
          insert into clients (tenant_id, mac, kind, name, vendor, ip, device_id,
            interface, ssid, is_wireless, place_rank, placed_at, first_seen, last_seen, seen_on)
          select ${tenantId}::uuid, hex::macaddr, 'client',
            (array['iPhone', 'DESKTOP-' || n, 'Galaxy-S21', null])[1 + n % 4],
            (array['Apple, Inc.', 'Intel Corporate', 'Samsung Electronics', 'Espressif Inc.',
              'Vendor ' || n % 900])[1 + n % 5],
            ('10.' || n / 50000 || '.' || n / 200 % 250 || '.' || 10 + n % 200)::inet,
            ids[1 + n / 7 % cardinality(ids)],
            case when n % 3 = 0 then 'wifi1' else 'ether' || 1 + n % 8 end,
            case when n % 3 = 0 then 'network-' || n % 300 end, n % 3 = 0, 1, at, at, at, at::date
          from routers, (select n,
              lpad(to_hex(n::bigint * 2654435761 % 281474976710656), 12, '0') as hex,
              ${at}::text::timestamptz - n * interval '100 milliseconds' as at
            from generate_series(${from}::int, ${to}::int) n) numbered
          returning *
        ), words as (
          insert into client_words (tenant_id, word, mac)
          select tenant_id, word, mac from made
          cross join lateral regexp_split_to_table(lower(name), '-') word
          where name is not null
        )
        insert into client_sightings (tenant_id, mac, device_id, interface, ssid, ip, is_wireless,
          first_seen, last_seen, seen_on, is_open)
        select tenant_id, mac, device_id, interface, ssid, ip, is_wireless, first_seen, last_seen,
          seen_on, true
        from made`);
  }
}
