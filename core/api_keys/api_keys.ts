import { recordAudit } from "@/core/audit/record.ts";
import { demandGrantable, knownPermissions, RESERVED_PERMISSIONS } from "@/core/auth/roles.ts";
import { randomToken, tokenHash } from "@/core/auth/tokens.ts";
import { type ApiKey, NewApiKey } from "@/core/contract/api_keys.ts";
import { Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { isNetwork } from "@/core/networks.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Permission, type Scope } from "@/core/scope.ts";

export const KEY_PREFIX = "mktp_";
const SHOWN_CHARACTERS = KEY_PREFIX.length + 6;

export interface ApiKeyDeps {
  kms: Kms;
  clock: Clock;
}

/** Every key of the tenant, the newest first; those that are over stay for a look back. */
export async function listApiKeys(scope: Scope): Promise<ApiKey[]> {
  demand(scope, "apikeys:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readKeys(sql));
}

/**
 * Makes a key for the person who asks. Answers it with its secret, which is stored as a hash and never
 * seen again.
 *
 * @throws {Forbidden} for a permission the maker lacks, or a key that makes keys
 */
export async function createApiKey(
  scope: Scope,
  { kms, clock }: ApiKeyDeps,
  input: NewApiKey,
): Promise<{ key: ApiKey; secret: string }> {
  demand(scope, "apikeys:write");
  const [kind, userId] = scope.actor.split(":");
  if (kind !== "user") throw new Forbidden("Cannot make an API key by an API key: sign in");
  const { name, permissions, allowedFrom, expiresAt } = parse(input, clock);
  demandGrantable(scope, permissions);
  const secret = KEY_PREFIX + randomToken();
  const key = await scope.db.tenant(scope.tenantId, async (sql) => {
    // A super_admin at work in another tenant is nobody there whose rights could bound a key.
    const [owner] = await sql`select from users where id = ${userId!}`;
    if (!owner) {
      throw new Forbidden("Cannot make an API key here: ask somebody who belongs to this tenant");
    }
    const [row] = await sql<{ id: string }[]>`
      insert into api_keys (tenant_id, user_id, name, prefix, key_hash, permissions, allowed_from,
        expires_at, created_at)
      values (${scope.tenantId}, ${userId!}, ${name}, ${secret.slice(0, SHOWN_CHARACTERS)},
        ${tokenHash(secret)}, ${permissions}, 
        (select coalesce(array_agg(network(n::inet)), '{}') from unnest(${allowedFrom}::text[]) n), ${expiresAt},
        ${new Date(clock.now())})
      returning id`;
    await recordAudit(sql, kms, scope.tenantId, {
      ...{ actor: scope.actor, action: "api_key.created", outcome: "ok" },
      target: { kind: "api_key", id: row!.id, label: name },
      requestId: scope.requestId,
      ip: scope.ip,
      details: { permissions, allowedFrom, expiresAt },
    });
    return (await readKeys(sql, row!.id))[0]!;
  });
  return { key, secret };
}

/** Ends a key: with the next request it is worth nothing. @throws {NotFound} */
export async function revokeApiKey(
  scope: Scope,
  { kms, clock }: ApiKeyDeps,
  id: string,
): Promise<void> {
  demand(scope, "apikeys:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const [row] = await sql<{ name: string }[]>`
      update api_keys set revoked_at = coalesce(revoked_at, ${new Date(clock.now())})
      where id = ${id} returning name`;
    if (!row) throw new NotFound("Cannot find this API key");
    await recordAudit(sql, kms, scope.tenantId, {
      ...{ actor: scope.actor, action: "api_key.revoked", outcome: "ok" },
      target: { kind: "api_key", id, label: row.name },
      requestId: scope.requestId,
      ip: scope.ip,
    });
  });
}

function parse(input: NewApiKey, clock: Clock) {
  const parsed = NewApiKey.safeParse(input);
  const issues = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  if (!parsed.success) throw new InvalidInput("Cannot make this API key", issues);
  const { allowedFrom, expiresAt, ...rest } = parsed.data;
  const permissions = knownPermissions(rest.permissions);
  const unknown = rest.permissions.filter((name) =>
    !permissions.includes(name as Permission) || RESERVED_PERMISSIONS.has(name as Permission)
  );
  for (const name of unknown) {
    issues.push({ path: "permissions", message: `${name} is nothing that a key can hold` });
  }
  for (const network of allowedFrom) {
    if (!isNetwork(network)) {
      issues.push({ path: "allowedFrom", message: `${network} is no address or network` });
    }
  }
  if (expiresAt !== null && Date.parse(expiresAt) <= clock.now()) {
    issues.push({ path: "expiresAt", message: "must be in the future" });
  }
  if (issues.length > 0) throw new InvalidInput("Cannot make this API key", issues);
  return {
    name: rest.name,
    permissions,
    allowedFrom,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  };
}

interface KeyRow
  extends Omit<ApiKey, "createdAt" | "expiresAt" | "lastUsedAt" | "revokedAt" | "owner"> {
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  userId: string;
  userName: string;
  userIsActive: boolean;
}

async function readKeys(sql: Sql, id?: string): Promise<ApiKey[]> {
  const rows = await sql<KeyRow[]>`
    select k.id, k.name, k.prefix, k.permissions, k.allowed_from::text[] as "allowedFrom",
      k.created_at as "createdAt", k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt",
      k.last_used_from as "lastUsedFrom", k.revoked_at as "revokedAt", u.id as "userId",
      u.name as "userName", u.is_active as "userIsActive"
    from api_keys k join users u on u.tenant_id = k.tenant_id and u.id = k.user_id
    ${id === undefined ? sql`` : sql`where k.id = ${id}`}
    order by k.created_at desc, k.id limit 1000`;
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return rows.map((row) => {
    const { userId, userName, userIsActive, ...key } = row;
    return {
      ...key,
      createdAt: row.createdAt.toISOString(),
      expiresAt: iso(row.expiresAt),
      lastUsedAt: iso(row.lastUsedAt),
      revokedAt: iso(row.revokedAt),
      owner: { id: userId, name: userName, isActive: userIsActive },
    };
  });
}
