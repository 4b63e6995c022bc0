import { recordAudit } from "@/core/audit/record.ts";
import { NewTenant, type Tenant, TenantPatch, TenantSettings } from "@/core/contract/tenants.ts";
import type { IssuedLink } from "@/core/contract/users.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { inviteUser } from "@/core/users/users.ts";

export interface TenantDeps {
  kms: Kms;
  clock: Clock;
}

/** Every tenant of the installation, by name. For who works across them. */
export async function listTenants(scope: Scope): Promise<Tenant[]> {
  demand(scope, "tenants:read");
  type Row = Omit<Tenant, "createdAt"> & { createdAt: Date };
  const rows = await scope.db.system((sql) =>
    sql<Row[]>`
    select id, name, slug, description, contact_email as "contactEmail", is_active as "isActive",
      users::int, devices::int, created_at as "createdAt"
    from system_tenants()`
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

async function find(scope: Scope, id: string): Promise<Tenant> {
  const tenant = (await listTenants(scope)).find((one) => one.id === id);
  if (!tenant) throw new NotFound("Cannot find this tenant");
  return tenant;
}

/**
 * Makes a tenant and invites its first administrator.
 *
 * @throws {Conflict} if slug or address is in use
 */
export async function createTenant(
  scope: Scope,
  deps: TenantDeps,
  input: NewTenant,
): Promise<{ tenant: Tenant; link: IssuedLink }> {
  demand(scope, "tenants:write");
  const parsed = NewTenant.safeParse(input);
  if (!parsed.success) throw invalid("Cannot make this tenant", parsed.error.issues);
  const { name, slug, adminName, adminEmail } = parsed.data;
  // Before anything is made: an address in use would leave a tenant without anybody.
  const [taken] = await scope.db.system((sql) => sql`select from system_find_login(${adminEmail})`);
  if (taken) throw new Conflict(`Cannot invite ${adminEmail}: the address is in use`);
  const [made] = await scope.db.system((sql) =>
    sql<{ id: TenantId | null }[]>`select system_add_tenant(${slug}, ${name}) as id`
  );
  if (!made?.id) throw new Conflict(`Cannot make ${slug}: there is a tenant of this short name`);
  const within = { ...scope, tenantId: made.id };
  const { link } = await inviteUser(within, deps, {
    ...{ email: adminEmail, name: adminName, role: "admin" },
  });
  await scope.db.tenant(
    made.id,
    (sql) => record(sql, within, deps, "tenant.created", { name, slug }),
  );
  return { tenant: await find(scope, made.id), link };
}

/** Renames, describes, suspends or resumes. Suspended: nobody signs in, no key works. */
export async function updateTenant(
  scope: Scope,
  deps: TenantDeps,
  id: string,
  input: TenantPatch,
): Promise<Tenant> {
  demand(scope, "tenants:write");
  const parsed = TenantPatch.safeParse(input);
  if (!parsed.success) throw invalid("Cannot change this tenant", parsed.error.issues);
  const before = await find(scope, id);
  const { data: patch } = parsed;
  const next = {
    name: patch.name ?? before.name,
    description: patch.description === undefined ? before.description : patch.description,
    contactEmail: patch.contactEmail === undefined ? before.contactEmail : patch.contactEmail,
    isActive: patch.isActive ?? before.isActive,
  };
  if (!next.isActive && before.slug === "default") {
    throw new Conflict("Cannot suspend the first organisation: it is the one that runs this place");
  }
  const within = { ...scope, tenantId: id as TenantId };
  await scope.db.tenant(within.tenantId, async (sql) => {
    await sql`
      update tenants set name = ${next.name}, description = ${next.description},
        contact_email = ${next.contactEmail}, is_active = ${next.isActive}, revision = revision + 1
      where id = ${id}`;
    await record(sql, within, deps, "tenant.changed", { ...patch });
  });
  return await find(scope, id);
}

/** What one's own organisation decided. */
export async function getSettings(scope: Scope): Promise<TenantSettings> {
  demand(scope, "settings:read");
  const [row] = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<{ settings: Partial<TenantSettings> }[]>`
      select settings from tenants where id = ${scope.tenantId}`,
  );
  return { requireSecondFactor: row?.settings.requireSecondFactor === true };
}

/** Takes effect with everybody's next request: who has no second factor is asked to add one. */
export async function saveSettings(
  scope: Scope,
  deps: TenantDeps,
  input: TenantSettings,
): Promise<TenantSettings> {
  demand(scope, "settings:write");
  const { requireSecondFactor } = TenantSettings.parse(input);
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await sql`
      update tenants set revision = revision + 1,
        settings = settings || jsonb_build_object('requireSecondFactor', ${requireSecondFactor}::boolean)
      where id = ${scope.tenantId}`;
    await recordAudit(sql, deps.kms, scope.tenantId, {
      ...{ actor: scope.actor, action: "settings.changed", outcome: "ok" },
      requestId: scope.requestId,
      ip: scope.ip,
      details: { requireSecondFactor },
    });
  });
  return { requireSecondFactor };
}

async function record(
  sql: Sql,
  scope: Scope,
  { kms }: TenantDeps,
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "tenant", id: scope.tenantId },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

function invalid(
  title: string,
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): InvalidInput {
  return new InvalidInput(
    title,
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
