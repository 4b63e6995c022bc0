import { recordAudit } from "@/core/audit/record.ts";
import { NewSite, type Site, SitePatch } from "@/core/contract/sites.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { inSiteWords } from "./site_errors.ts";

export interface SiteDeps {
  kms: Kms;
  clock: Clock;
}

/** The tenant's whole tree, a site before those below it. */
export async function listSites(scope: Scope): Promise<Site[]> {
  demand(scope, "sites:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readSites(sql));
}

/** @throws {NotFound} also for another tenant's site */
export async function getSite(scope: Scope, id: string): Promise<Site> {
  demand(scope, "sites:read");
  return await scope.db.tenant(scope.tenantId, (sql) => findSite(sql, id));
}

/** @throws {Conflict} for a name that stands there already; {@linkcode InvalidInput} */
export async function addSite(scope: Scope, deps: SiteDeps, input: NewSite): Promise<Site> {
  demand(scope, "sites:write");
  const parsed = NewSite.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const id = await insertSite(sql, scope, parsed.data);
    const site = await findSite(sql, id);
    await tellSite(sql, scope, deps, site, "site.added");
    return site;
  });
}

/**
 * Renames, moves, describes. What stands below a moved site moves with it.
 *
 * @throws {InvalidInput} for a place below itself, or too deep
 */
export async function updateSite(
  scope: Scope,
  deps: SiteDeps,
  id: string,
  patch: SitePatch,
): Promise<Site> {
  demand(scope, "sites:write");
  const parsed = SitePatch.safeParse(patch);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const { parentId, ...fields } = parsed.data;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await findSite(sql, id);
    const changes = {
      ...fields,
      ...(parentId !== undefined && { parent_id: parentId }),
      updated_at: new Date(deps.clock.now()),
    };
    await inSiteWords(() => sql`update sites set ${sql(changes as never)} where id = ${id}`);
    const after = await findSite(sql, id);
    await tellSite(sql, scope, deps, after, "site.changed", { from: before.path });
    return after;
  });
}

/** @throws {Conflict} while devices or other sites stand there */
export async function removeSite(scope: Scope, deps: SiteDeps, id: string): Promise<void> {
  demand(scope, "sites:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const site = await findSite(sql, id);
    const [below] = await sql<{ sites: number; retired: number }[]>`
      select (select count(*) from sites where parent_id = ${id})::int as sites,
        (select count(*) from devices where site_id = ${id} and retired_at is not null)::int
          as retired`;
    const held = [
      ...(below!.sites > 0 ? [`${below!.sites} ${below!.sites === 1 ? "site" : "sites"}`] : []),
      ...(below!.retired > 0 ? [`${below!.retired} retired`] : []),
      ...(site.devices > 0 ? [`${site.devices} ${site.devices === 1 ? "router" : "routers"}`] : []),
    ];
    if (held.length > 0) {
      throw new Conflict(
        `Cannot remove ${site.name}: it holds ${held.join(" and ")}, move them first`,
      );
    }
    await inSiteWords(() => sql`delete from sites where id = ${id}`);
    await tellSite(sql, scope, deps, site, "site.removed");
  });
}

/** Stores a site that was checked; answers its id. */
export async function insertSite(
  sql: Sql,
  { tenantId }: Scope,
  { parentId, ...fields }: Required<NewSite>,
): Promise<string> {
  const row = { tenant_id: tenantId, parent_id: parentId, ...fields };
  const [made] = await inSiteWords(() =>
    sql<{ id: string }[]>`insert into sites ${sql(row)} returning id`
  );
  return made!.id;
}

async function readSites(sql: Sql, id?: string): Promise<Site[]> {
  return await sql<Site[]>`
    select s.id, s.parent_id as "parentId", s.name, s.path, s.depth, s.address, s.notes, s.latitude,
      s.longitude, count(d.id)::int as devices,
      (count(*) filter (where d.is_enabled and l.status = 'online'))::int as online,
      (count(*) filter (where d.is_enabled and l.status = 'offline'))::int as offline
    from sites s
    left join devices d on d.tenant_id = s.tenant_id and d.site_id = s.id
      and d.retired_at is null
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    ${id === undefined ? sql`` : sql`where s.id = ${id}`}
    group by s.id
    order by string_to_array(lower(s.path), ' / '), s.id`;
}

/** @throws {NotFound} also for another tenant's site */
export async function findSite(sql: Sql, id: string): Promise<Site> {
  const [site] = await readSites(sql, id);
  if (!site) throw new NotFound("Cannot find this site");
  return site;
}

/** Puts what was done into the audit log; last in its transaction. */
export async function tellSite(
  sql: Sql,
  scope: Scope,
  { kms }: Pick<SiteDeps, "kms">,
  { id, path }: { id: string; path: string },
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "site", id, label: path },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

function invalid(issues: { path: PropertyKey[]; message: string }[]): InvalidInput {
  return new InvalidInput(
    "Cannot save this site",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
