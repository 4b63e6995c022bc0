import type { NeighborReading } from "@/core/contract/sample.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { FleetDevice, Port } from "./sighting.ts";

/** Rows at one time: what the event loop turns from JSON in one go. */
const PAGE = 200;

interface Row {
  id: string;
  address: string;
  identity: string | null;
  ports: [name: string, mac: string | null, type: string][] | null;
  neighbors: NeighborReading[] | null;
  toldAt: Date | null;
}

/**
 * Every device of the tenant with its ports and its neighbours. The database leaves counters and rates
 * out: of an interface only name, MAC and type travel.
 */
export async function readFleet(sql: Sql): Promise<FleetDevice[]> {
  const fleet: FleetDevice[] = [];
  for await (const rows of fleetQuery(sql).cursor(PAGE)) {
    for (const { ports, neighbors, toldAt, ...row } of rows) {
      fleet.push({
        ...row,
        ports: (ports ?? []).map(([name, mac, type]): Port => ({ name, mac, type })),
        neighbors: neighbors ?? [],
        toldMs: toldAt?.getTime() ?? null,
      });
    }
  }
  return fleet;
}

/** Exported for the test of its plan. */
export function fleetQuery(sql: Sql) {
  // Looked up device by device: joins would be as slow as the planner is wrong about fresh tables.
  return sql<Row[]>`
    select d.id, d.address, l.identity, n.data as neighbors, n.sampled_at as "toldAt", (
      select jsonb_agg(jsonb_build_array(i ->> 'name', i ->> 'macAddress', i ->> 'type'))
      from device_state s cross join lateral jsonb_array_elements(s.data) i
      where s.tenant_id = d.tenant_id and s.device_id = d.id and s.section = 'interfaces'
        and i ->> 'type' <> 'loopback') as ports
    from devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    left join device_state n on n.tenant_id = d.tenant_id and n.device_id = d.id
      and n.section = 'neighbors'
    where d.retired_at is null
    order by d.id`;
}

/** In short what can change links: another text, another picture. */
export async function readMarker(sql: Sql): Promise<string> {
  const [row] = await sql<{ marker: string }[]>`
    select concat_ws(' ',
      (select max(sampled_at) from device_state where section = 'neighbors'),
      (select max(updated_at) from devices), (select count(*) from devices)) as marker`;
  return row!.marker;
}
