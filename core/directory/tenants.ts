import { recordAudit } from "@/core/audit/record.ts";
import {
  NewTenant,
  type Tenant,
  TenantPatch,
  type TenantSettings,
  TenantSettingsPatch,
} from "@/core/contract/tenants.ts";
import type { IssuedLink } from "@/core/contract/users.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { announceChange } from "@/core/devices/changes.ts";
import { inviteUser } from "@/core/users/users.ts";
import { findTenant } from "./find_tenant.ts";

export interface TenantDeps {
  kms: Kms;
  clock: Clock;
  bus: Bus;
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
    (sql) => recordTenantAct(sql, within, deps, "tenant.created", { name, slug }),
  );
  return { tenant: await findTenant(scope, made.id), link };
}

/** Renames, describes, suspends or resumes. Suspended: nobody signs in, no key works, nothing is polled. */
export async function updateTenant(
  scope: Scope,
  deps: TenantDeps,
  id: string,
  input: TenantPatch,
): Promise<Tenant> {
  demand(scope, "tenants:write");
  const parsed = TenantPatch.safeParse(input);
  if (!parsed.success) throw invalid("Cannot change this tenant", parsed.error.issues);
  const before = await findTenant(scope, id);
  const { data: patch } = parsed;
  if (patch.isActive && before.deletionRequestedAt) {
    throw new Conflict("Cannot resume this tenant: its deletion was asked for, cancel that first");
  }
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
    await recordTenantAct(sql, within, deps, "tenant.changed", { ...patch });
  });
  if (next.isActive !== before.isActive) await tellPollers(within, deps);
  return await findTenant(scope, id);
}

/** What one's own organisation decided. */
export async function getSettings(scope: Scope): Promise<TenantSettings> {
  demand(scope, "settings:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readSettings(sql, scope.tenantId));
}

async function readSettings(sql: Sql, tenantId: TenantId): Promise<TenantSettings> {
  const [row] = await sql<{ settings: Partial<TenantSettings> }[]>`
    select settings from tenants where id = ${tenantId}`;
  return {
    requireSecondFactor: row?.settings.requireSecondFactor === true,
    requireChangeReview: row?.settings.requireChangeReview === true,
  };
}

/** Takes effect with everybody's next request: who has no second factor is asked to add one. */
export async function saveSettings(
  scope: Scope,
  deps: TenantDeps,
  input: TenantSettingsPatch,
): Promise<TenantSettings> {
  demand(scope, "settings:write");
  const changes = TenantSettingsPatch.parse(input);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await readSettings(sql, scope.tenantId);
    const after: TenantSettings = {
      requireSecondFactor: changes.requireSecondFactor ?? before.requireSecondFactor,
      requireChangeReview: changes.requireChangeReview ?? before.requireChangeReview,
    };
    await sql`
      update tenants set revision = revision + 1, settings = settings || ${sql.json({ ...after })}
      where id = ${scope.tenantId}`;
    await recordAudit(sql, deps.kms, scope.tenantId, {
      ...{ actor: scope.actor, action: "settings.changed", outcome: "ok" },
      requestId: scope.requestId,
      ip: scope.ip,
      details: { ...changes },
    });
    return after;
  });
}

/** Routers of a suspended tenant are polled no more, and again once it is resumed. */
export async function tellPollers({ db, tenantId }: Scope, { bus }: TenantDeps): Promise<void> {
  const devices = await db.tenant(
    tenantId,
    (sql) => sql<{ id: string; region: string }[]>`select id, region from devices`,
  );
  for (const { id: deviceId, region } of devices) {
    announceChange(bus, region, { tenantId, deviceId, change: "upsert" });
  }
}

/** An act on the tenant of `scope`, in its own audit log. */
export async function recordTenantAct(
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
