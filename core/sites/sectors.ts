import { recordAudit } from "@/core/audit/record.ts";
import {
  MAX_SECTORS_OF_SITE,
  NewSector,
  type Sector,
  SectorPatch,
} from "@/core/contract/sectors.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { findSite, getSite, type SiteDeps } from "./sites.ts";

/** Sectors of all sites, or of one, with where their site is: for lists, and for maps that draw them. */
export async function listSectors(scope: Scope, siteId?: string): Promise<Sector[]> {
  demand(scope, "sites:read");
  if (siteId !== undefined) await getSite(scope, siteId); // a foreign id is not found, rather than empty
  return await scope.db.tenant(
    scope.tenantId,
    (sql) => readSectors(sql, siteId === undefined ? sql`` : sql`where x.site_id = ${siteId}`),
  );
}

/** @throws {Conflict} for a name that the site has already */
export async function addSector(
  scope: Scope,
  deps: SiteDeps,
  siteId: string,
  input: NewSector,
): Promise<Sector> {
  demand(scope, "sites:write");
  const parsed = NewSector.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await findSite(sql, siteId);
    const [count] = await sql<{ n: number }[]>`
      select count(*)::int as n from site_sectors where site_id = ${siteId}`;
    if (count!.n >= MAX_SECTORS_OF_SITE) {
      throw new Conflict(`Cannot add a sector: ${MAX_SECTORS_OF_SITE} is the limit of a site`);
    }
    const row = { tenant_id: scope.tenantId, site_id: siteId, ...parsed.data };
    const [made] = await inSectorWords(() =>
      sql<{ id: string }[]>`insert into site_sectors ${sql(row)} returning id`
    );
    const sector = await findSector(sql, made!.id);
    await tell(sql, scope, deps, sector, "sector.added");
    return sector;
  });
}

export async function updateSector(
  scope: Scope,
  deps: SiteDeps,
  id: string,
  patch: SectorPatch,
): Promise<Sector> {
  demand(scope, "sites:write");
  const parsed = SectorPatch.safeParse(patch);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await findSector(sql, id);
    const changes = { ...parsed.data, updated_at: new Date(deps.clock.now()) };
    await inSectorWords(() =>
      sql`update site_sectors set ${sql(changes as never)} where id = ${id}`
    );
    const after = await findSector(sql, id);
    const { name, azimuth, beamwidth } = before;
    await tell(sql, scope, deps, after, "sector.changed", { from: { name, azimuth, beamwidth } });
    return after;
  });
}

/** Its routers stay on the site. */
export async function removeSector(scope: Scope, deps: SiteDeps, id: string): Promise<void> {
  demand(scope, "sites:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const sector = await findSector(sql, id);
    await sql`delete from site_sectors where id = ${id}`;
    await tell(sql, scope, deps, sector, "sector.removed", { devices: sector.devices });
  });
}

async function readSectors(sql: Sql, where: ReturnType<Sql>): Promise<Sector[]> {
  return await sql<Sector[]>`
    select x.id, x.site_id as "siteId", s.path as site, s.latitude, s.longitude, x.name, x.azimuth,
      x.beamwidth, count(d.id)::int as devices,
      (count(*) filter (where d.is_enabled and l.status = 'online'))::int as online,
      (count(*) filter (where d.is_enabled and l.status = 'offline'))::int as offline
    from site_sectors x
    join sites s on s.tenant_id = x.tenant_id and s.id = x.site_id
    left join devices d on d.tenant_id = x.tenant_id and d.site_id = x.site_id
      and d.sector_id = x.id and d.retired_at is null
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    ${where}
    group by x.id, s.id
    order by string_to_array(lower(s.path), ' / '), x.azimuth, lower(x.name), x.id`;
}

async function findSector(sql: Sql, id: string): Promise<Sector> {
  const [sector] = await readSectors(sql, sql`where x.id = ${id}`);
  if (!sector) throw new NotFound("Cannot find this sector");
  return sector;
}

async function inSectorWords<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { constraint_name: constraint } = error as { constraint_name?: string };
    if (constraint === "site_sectors_by_name") {
      throw new Conflict("Cannot save this sector: the site has one of this name already");
    }
    throw error;
  }
}

async function tell(
  sql: Sql,
  scope: Scope,
  { kms }: SiteDeps,
  { id, name, site }: Sector,
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "sector", id, label: `${site}, ${name}` },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

function invalid(issues: { path: PropertyKey[]; message: string }[]): InvalidInput {
  return new InvalidInput(
    "Cannot save this sector",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
