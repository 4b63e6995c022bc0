import { recordAudit } from "@/core/audit/record.ts";
import { DELETION_WAIT_MS, type Tenant } from "@/core/contract/tenants.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import { TABLES_WITHOUT_KEY } from "@/core/metric_tables.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { findTenant } from "./find_tenant.ts";
import { recordTenantAct, tellPollers, type TenantDeps } from "./tenants.ts";

/**
 * First step: suspends the tenant and starts the day in which one can think again and export.
 *
 * @throws {Conflict} for the first tenant, or if it was asked for before
 */
export async function requestDeletion(
  scope: Scope,
  deps: TenantDeps,
  id: string,
  { slug }: { slug: string },
): Promise<Tenant> {
  demand(scope, "tenants:write");
  const tenant = await findTenant(scope, id);
  confirmName(tenant, slug);
  if (tenant.slug === "default") {
    throw new Conflict("Cannot delete the first organisation: it is the one that runs this place");
  }
  if (tenant.deletionRequestedAt) throw new Conflict("Cannot ask for this deletion twice");
  const at = new Date(deps.clock.now());
  const within = { ...scope, tenantId: tenant.id as TenantId };
  await scope.db.tenant(within.tenantId, async (sql) => {
    await sql`
      update tenants set is_active = false, deletion_requested_at = ${at}, exported_at = null,
        revision = revision + 1
      where id = ${id}`;
    await recordTenantAct(sql, within, deps, "tenant.deletion_requested", {});
  });
  await tellPollers(within, deps);
  await recordAtHome(scope, deps, tenant, "tenant.deletion_requested");
  return await findTenant(scope, id);
}

/**
 * Takes the first step back. The tenant stays suspended until it is resumed.
 *
 * @throws {Conflict} once the second step has begun: the tenant's key may be gone
 */
export async function cancelDeletion(scope: Scope, deps: TenantDeps, id: string): Promise<Tenant> {
  demand(scope, "tenants:write");
  const tenant = await findTenant(scope, id);
  const within = { ...scope, tenantId: tenant.id as TenantId };
  await scope.db.tenant(within.tenantId, async (sql) => {
    const [row] = await sql`
      update tenants set deletion_requested_at = null, exported_at = null, revision = revision + 1
      where id = ${id} and deletion_requested_at is not null and deletion_started_at is null
      returning id`;
    if (!row) {
      throw new Conflict("Cannot keep this tenant: its deletion was not asked for, or began");
    }
    await recordTenantAct(sql, within, deps, "tenant.deletion_cancelled", {});
  });
  return await findTenant(scope, id);
}

/**
 * Second step: destroys the tenant's key and every row. It can be repeated where it was cut off.
 *
 * @throws {Conflict} before the day is over, or without a whole export since the first step
 */
export async function deleteTenant(
  scope: Scope,
  deps: TenantDeps,
  id: string,
  { slug }: { slug: string },
): Promise<void> {
  demand(scope, "tenants:write");
  const tenant = await findTenant(scope, id);
  const tenantId = tenant.id as TenantId;
  confirmName(tenant, slug);
  const now = new Date(deps.clock.now());
  if (scope.tenantId === tenantId) {
    throw new Conflict("Cannot delete the tenant that you work in: go to another first");
  }
  demandReady(tenant, now);
  await scope.db.tenant(tenantId, (sql) =>
    sql`
      update tenants set deletion_started_at = coalesce(deletion_started_at, ${now})
      where id = ${id}`);
  await deleteSamples(scope, tenantId);
  // From here its secrets can be read by nobody, whatever becomes of the rows.
  await deps.kms.destroy(tenantId);
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const [row] = await sql<{ isGone: boolean }[]>`
      select system_delete_tenant(${tenantId}, ${now}) as "isGone"`;
    if (!row!.isGone) throw new Conflict(`Cannot delete ${tenant.name}: it changed just now`);
    await recordAudit(sql, deps.kms, scope.tenantId, entryOf(scope, tenant, "tenant.deleted"));
  });
}

function confirmName(tenant: Tenant, slug: string): void {
  if (slug === tenant.slug) return;
  const message = `must be the short name of the tenant: ${tenant.slug}`;
  throw new InvalidInput("Cannot go on without the right name", [{ path: "slug", message }]);
}

function demandReady(tenant: Tenant, now: Date): void {
  const { deletionRequestedAt, exportedAt, name } = tenant;
  if (!deletionRequestedAt) throw new Conflict(`Cannot delete ${name}: ask for its deletion first`);
  const from = new Date(Date.parse(deletionRequestedAt) + DELETION_WAIT_MS);
  if (now < from) {
    throw new Conflict(`Cannot delete ${name} before ${from.toISOString()}`);
  }
  if (!exportedAt || exportedAt < deletionRequestedAt) {
    throw new Conflict(`Cannot delete ${name}: export its data first`);
  }
}

const DEVICES_AT_ONCE = 20;

/** Ahead of the rest and in steps: a fleet's history is far too much for one transaction. */
async function deleteSamples({ db }: Scope, tenantId: TenantId): Promise<void> {
  const ids = await db.tenant(tenantId, async (sql) => {
    const rows = await sql<{ id: string }[]>`select id from devices order by id`;
    return rows.map(({ id }) => id);
  });
  for (let at = 0; at < ids.length; at += DEVICES_AT_ONCE) {
    const some = ids.slice(at, at + DEVICES_AT_ONCE);
    await db.tenant(tenantId, async (sql) => {
      for (const table of TABLES_WITHOUT_KEY) {
        await sql`delete from ${sql(table)} where device_id = any(${some}::uuid[])`;
      }
    });
  }
}

async function recordAtHome(
  scope: Scope,
  { kms }: TenantDeps,
  tenant: Tenant,
  action: string,
): Promise<void> {
  await scope.db.tenant(
    scope.tenantId,
    (sql) => recordAudit(sql, kms, scope.tenantId, entryOf(scope, tenant, action)),
  );
}

function entryOf({ actor, requestId, ip }: Scope, { id, name, slug }: Tenant, action: string) {
  return {
    ...{ actor, action, outcome: "ok" as const, requestId, ip },
    target: { kind: "tenant", id, label: name },
    details: { slug },
  };
}
