import {
  type FleetMap,
  MAP_STATUSES,
  type MapLink,
  type MapPlace,
  type MapStatus,
  type StatusCounts,
} from "@/core/contract/map.ts";
import { LINK_STATES, type Topology } from "@/core/contract/topology.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { listSectors } from "@/core/sites/sectors.ts";

interface SiteRow {
  id: string;
  parentId: string | null;
  name: string;
  path: string;
  latitude: number | null;
  longitude: number | null;
}

interface CountRow {
  siteId: string | null;
  status: MapStatus;
  devices: number;
}

/**
 * Where routers stand: each on its site, or on the nearest site above that has coordinates. Links only
 * for those who may see the topology.
 */
export async function readFleetMap(
  scope: Scope,
  { topologies }: { topologies: { read(scope: Scope): Promise<Topology> } },
): Promise<FleetMap> {
  demand(scope, "sites:read");
  const [sites, counts] = await scope.db.tenant(scope.tenantId, async (sql) => [
    await sql<SiteRow[]>`
      select id, parent_id as "parentId", name, path, latitude, longitude from sites
      order by string_to_array(lower(path), ' / ')`,
    [...await countsQuery(sql)],
  ]);
  const byId = new Map(sites.map((site) => [site.id, site]));
  const places = new Map<string, MapPlace>();
  for (const { id, name, path, latitude, longitude } of sites) {
    if (latitude === null || longitude === null) continue;
    places.set(id, { siteId: id, name, path, latitude, longitude, counts: noCounts() });
  }
  const placeOf = (siteId: string | null): MapPlace | undefined => {
    for (let site = byId.get(siteId ?? ""); site; site = byId.get(site.parentId ?? "")) {
      const place = places.get(site.id);
      if (place) return place;
    }
    return undefined;
  };
  const own = new Map<string, number>();
  let withoutSite = 0;
  for (const { siteId, status, devices } of counts) {
    if (siteId === null) withoutSite += devices;
    else {
      own.set(siteId, (own.get(siteId) ?? 0) + devices);
      const place = placeOf(siteId);
      if (place) place.counts[status] += devices;
    }
  }
  const sectors = (await listSectors(scope)).flatMap((sector) => {
    const { id, name, azimuth, beamwidth, devices, offline } = sector;
    const siteId = placeOf(sector.siteId)?.siteId;
    return siteId ? [{ id, siteId, name, azimuth, beamwidth, devices, offline }] : [];
  });
  return {
    places: [...places.values()],
    sectors,
    links: scope.permissions.has("topology:read")
      ? linksBetween(await topologies.read(scope), (siteId) => placeOf(siteId)?.siteId)
      : [],
    unplaced: sites.filter(({ id }) => placeOf(id) === undefined)
      .map(({ id, path }) => ({ siteId: id, path, devices: own.get(id) ?? 0 })),
    withoutSite,
  };
}

function noCounts(): StatusCounts {
  return Object.fromEntries(MAP_STATUSES.map((status) => [status, 0])) as StatusCounts;
}

/** Exported for the test of its plan. */
export function countsQuery(sql: Sql) {
  return sql<CountRow[]>`
    select d.site_id as "siteId", count(*)::int as devices,
      case when d.is_enabled then coalesce(l.status, 'pending') else 'disabled' end as status
    from devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.retired_at is null
    group by 1, 3`;
}

/** Links of the topology whose ends stand at two places, one entry a pair. */
function linksBetween(
  { nodes, links }: Topology,
  placeOf: (siteId: string | null) => string | undefined,
): MapLink[] {
  const places = new Map(nodes.map(({ key, siteId }) => [key, placeOf(siteId)]));
  const pairs = new Map<string, MapLink>();
  for (const { a, b, state, utilisationPercent } of links) {
    const [from, to] = [places.get(a.node), places.get(b.node)];
    if (state === "gone" || !from || !to || from === to) continue;
    const [first, second] = from < to ? [from, to] : [to, from];
    const pair = pairs.get(first + second);
    if (!pair) {
      pairs.set(first + second, { a: first, b: second, links: 1, state, utilisationPercent });
      continue;
    }
    pair.links += 1;
    const better = LINK_STATES.indexOf(state) < LINK_STATES.indexOf(pair.state);
    if (better) pair.state = state;
    pair.utilisationPercent = utilisationPercent === null
      ? pair.utilisationPercent
      : Math.max(utilisationPercent, pair.utilisationPercent ?? 0);
  }
  return [...pairs.values()];
}
