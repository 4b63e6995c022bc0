import { recordAudit } from "@/core/audit/record.ts";
import {
  type CredentialProfile,
  CredentialProfilePatch,
  NewCredentialProfile,
} from "@/core/contract/credentials.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { encryptLogin, profileContext } from "./login.ts";
import { announceProfileChange } from "./profile_change.ts";

export interface ProfileDeps {
  kms: Kms;
  bus: Bus;
  clock: Clock;
}

/** A tenant has a handful; more would be a login for each router again. */
export const MAX_PROFILES = 500;

export async function listProfiles(scope: Scope): Promise<CredentialProfile[]> {
  demand(scope, "credentials:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readProfiles(sql));
}

/** @throws {NotFound} also for another tenant's profile */
export async function getProfile(scope: Scope, id: string): Promise<CredentialProfile> {
  demand(scope, "credentials:read");
  return await scope.db.tenant(scope.tenantId, (sql) => findProfile(sql, id));
}

/** @throws {Conflict} for a name that is taken */
export async function addProfile(
  scope: Scope,
  deps: ProfileDeps,
  input: NewCredentialProfile,
): Promise<CredentialProfile> {
  demand(scope, "credentials:write");
  const parsed = NewCredentialProfile.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const { name, username, password, notes } = parsed.data;
  const id = crypto.randomUUID();
  const ciphertext = await sealed(scope, deps, id, { username, password });
  const at = new Date(deps.clock.now());
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [count] = await sql<{ n: number }[]>`select count(*)::int as n from credential_profiles`;
    if (count!.n >= MAX_PROFILES) {
      throw new Conflict(`Cannot add a profile: ${MAX_PROFILES} is the limit`);
    }
    const row = { id, tenant_id: scope.tenantId, name, username, notes, ciphertext };
    await inProfileWords(() =>
      sql`insert into credential_profiles ${sql({ ...row, secret_at: at, created_at: at })}`
    );
    await tell(sql, scope, deps, { id, name }, "credential_profile.added", { username });
    return await findProfile(sql, id);
  });
}

/**
 * Renames, describes, or sets another login; a login reaches every poller within a second.
 *
 * @throws {InvalidInput} for another user name without its password
 */
export async function updateProfile(
  scope: Scope,
  deps: ProfileDeps,
  id: string,
  patch: CredentialProfilePatch,
): Promise<CredentialProfile> {
  demand(scope, "credentials:write");
  const parsed = CredentialProfilePatch.safeParse(patch);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const { password, ...fields } = parsed.data;
  // Read apart: encryption must not wait inside a transaction, and the user name is bound in.
  const before = await scope.db.tenant(scope.tenantId, (sql) => findProfile(sql, id));
  const username = fields.username ?? before.username;
  if (username !== before.username && password === undefined) {
    throw invalid([{ path: ["password"], message: "is needed with another user name" }]);
  }
  const at = new Date(deps.clock.now());
  const secret = password === undefined ? {} : {
    username,
    ciphertext: await sealed(scope, deps, id, { username, password }),
    secret_at: at,
  };
  const [after, regions] = await scope.db.tenant(scope.tenantId, async (sql) => {
    const { username: _, ...plain } = fields;
    const changes = { ...plain, ...secret };
    if (Object.keys(changes).length > 0) {
      const saved = await inProfileWords(() =>
        sql`
          update credential_profiles set ${sql(changes as never)}
          where id = ${id} and username = ${before.username} returning id`
      );
      if (saved.length === 0) {
        throw new Conflict(`Cannot save ${before.name}: somebody changed it meanwhile, try again`);
      }
    }
    const regions = password === undefined ? [] : await sql<{ region: string }[]>`
      select distinct d.region from device_credentials c
      join devices d on d.tenant_id = c.tenant_id and d.id = c.device_id
      where c.tenant_id = ${scope.tenantId} and c.profile_id = ${id}`;
    const after = await findProfile(sql, id);
    await tell(sql, scope, deps, after, "credential_profile.changed", {
      changed: Object.keys(plain),
      ...(password !== undefined && { replaced: ["login"], username, devices: after.devices }),
    });
    return [after, regions] as const;
  });
  const change = { tenantId: scope.tenantId, profileId: id };
  announceProfileChange(deps.bus, regions.map(({ region }) => region), change);
  return after;
}

/** @throws {Conflict} while routers log in with it */
export async function removeProfile(scope: Scope, deps: ProfileDeps, id: string): Promise<void> {
  demand(scope, "credentials:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const profile = await findProfile(sql, id);
    if (profile.devices > 0) throw inUse(profile.name, profile.devices);
    await inProfileWords(() => sql`delete from credential_profiles where id = ${id}`);
    await tell(sql, scope, deps, profile, "credential_profile.removed", {});
  });
}

async function readProfiles(sql: Sql, id?: string): Promise<CredentialProfile[]> {
  const rows = await sql<
    (Omit<CredentialProfile, "secretAt" | "createdAt"> & { secretAt: Date; createdAt: Date })[]
  >`
    select p.id, p.name, p.username, p.notes, p.secret_at as "secretAt",
      p.created_at as "createdAt",
      (select count(*)::int from device_credentials c
        where c.tenant_id = p.tenant_id and c.profile_id = p.id) as devices
    from credential_profiles p
    ${id === undefined ? sql`` : sql`where p.id = ${id}`}
    order by lower(p.name) limit ${MAX_PROFILES}`;
  return rows.map((row) => ({
    ...row,
    secretAt: row.secretAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  }));
}

async function findProfile(sql: Sql, id: string): Promise<CredentialProfile> {
  const [profile] = await readProfiles(sql, id);
  if (!profile) throw new NotFound("Cannot find this credential profile");
  return profile;
}

async function sealed(
  { tenantId }: Scope,
  { kms }: ProfileDeps,
  id: string,
  login: { username: string; password: string },
): Promise<Uint8Array> {
  return await encryptLogin(kms, tenantId, profileContext(id), login);
}

/** Puts what was done into the audit log; last in its transaction. */
async function tell(
  sql: Sql,
  scope: Scope,
  { kms, clock }: ProfileDeps,
  { id, name }: { id: string; name: string },
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at: new Date(clock.now()), actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "credential_profile", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

async function inProfileWords<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, constraint_name: constraint } = error as Record<string, unknown>;
    if (code === "23505") throw new Conflict("Cannot save this profile: its name is taken");
    if (constraint === "device_credentials_profile") {
      throw new Conflict("Cannot remove this profile: a router began to use it just now");
    }
    throw error;
  }
}

function inUse(name: string, devices: number): Conflict {
  const routers = devices === 1 ? "1 router logs" : `${devices} routers log`;
  return new Conflict(
    `Cannot remove ${name}: ${routers} in with it. Give them another login first`,
  );
}

function invalid(issues: { path: PropertyKey[]; message: string }[]): InvalidInput {
  return new InvalidInput(
    "Cannot save this credential profile",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
