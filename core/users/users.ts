import { forgetUser, nameActor } from "@/core/audit/forget.ts";
import { recordAudit } from "@/core/audit/record.ts";
import { createLink } from "@/core/auth/links.ts";
import { revokeSessionsOf } from "@/core/auth/revoke.ts";
import { type IssuedLink, NewUser, type User, UserPatch } from "@/core/contract/users.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { Conflict, InvalidInput, NotFound, PreconditionFailed } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { demandAuthorityOver, demandKeeperLeft, demandRole, lockKeepers } from "./rules.ts";
import { readUser, readUsers, type UserRow } from "./user_row.ts";

export interface UserDeps {
  kms: Kms;
  clock: Clock;
}

const SORT = "email";

/** A page of the tenant's users by address, filtered by a part of address or name. */
export async function listUsers(
  scope: Scope,
  { text = "", cursor, limit = 50 }: {
    text?: string | undefined;
    cursor?: string | undefined;
    limit?: number;
  } = {},
): Promise<{ users: User[]; nextCursor: string | null }> {
  demand(scope, "users:read");
  const after = cursor === undefined ? "" : decodeCursor(cursor, SORT).value ?? "";
  const rows = await scope.db.tenant(
    scope.tenantId,
    (sql) => readUsers(sql, { text, after, limit: limit + 1 }),
  );
  const users = rows.slice(0, limit).map(({ user }) => user);
  const last = users.at(-1);
  const nextCursor = rows.length > limit && last
    ? encodeCursor({ sort: SORT, value: last.email, id: last.id })
    : null;
  return { users, nextCursor };
}

/** @throws {NotFound} also for another tenant's user: the two look the same */
export async function getUser(scope: Scope, id: string): Promise<User> {
  demand(scope, "users:read");
  const { user } = await scope.db.tenant(scope.tenantId, (sql) => find(sql, id));
  return user;
}

async function find(sql: Sql, id: string): Promise<UserRow> {
  const row = await readUser(sql, id);
  if (!row) throw new NotFound("Cannot find this user");
  return row;
}

/**
 * Makes an account that nobody can sign in to yet, and the link of its invitation.
 *
 * @throws {Conflict} if the address is in use, wherever
 */
export async function inviteUser(
  scope: Scope,
  { kms, clock }: UserDeps,
  input: NewUser,
): Promise<{ user: User; link: IssuedLink }> {
  demand(scope, "users:write");
  const parsed = NewUser.safeParse(input);
  if (!parsed.success) throw invalid("Cannot invite", parsed.error.issues);
  const { email, name, role, customRoleId } = parsed.data;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await demandRole(sql, scope, role, customRoleId);
    const [made] = await sql<{ id: string }[]>`
      insert into users (tenant_id, email, name, role, custom_role_id, created_at, updated_at)
      values (${scope.tenantId}, ${email}, ${name}, ${role}, ${customRoleId},
        ${new Date(clock.now())}, ${new Date(clock.now())})
      on conflict do nothing returning id`;
    if (!made) throw new Conflict(`Cannot invite ${email}: the address is in use`);
    const link = await issue(sql, scope, clock, made.id, "invite");
    const { user } = await find(sql, made.id);
    await nameActor(sql, scope.tenantId, `user:${made.id}`, name);
    await audit(sql, scope, kms, user, "user.invited", { role, customRoleId });
    return { user, link };
  });
}

/**
 * A new link: an invitation for who has not enrolled yet, a recovery for who has. A recovery is used
 * by whoever holds the link: hand it over in person.
 */
export async function issueLink(
  scope: Scope,
  { kms, clock }: UserDeps,
  id: string,
): Promise<IssuedLink> {
  demand(scope, "users:write");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const row = await find(sql, id);
    demandAuthorityOver(scope, row);
    if (!row.user.isActive) throw new Conflict("Cannot make a link for a deactivated user");
    const purpose = row.user.isEnrolled ? "recover" : "invite";
    const link = await issue(sql, scope, clock, id, purpose);
    const action = purpose === "recover" ? "user.recovery_issued" : "user.invited";
    await audit(sql, scope, kms, row.user, action, {});
    return link;
  });
}

async function issue(
  sql: Sql,
  scope: Scope,
  clock: Clock,
  userId: string,
  purpose: "invite" | "recover",
): Promise<IssuedLink> {
  const made = await createLink(sql, scope.tenantId, {
    ...{ purpose, userId, createdBy: scope.actor, now: clock.now() },
  });
  return { token: made.token, purpose, expiresAt: made.expiresAt.toISOString() };
}

/**
 * Renames, gives another role, deactivates or activates. Other rights end every session of the user.
 *
 * @throws {Forbidden} {@linkcode Conflict} {@linkcode PreconditionFailed}
 */
export async function updateUser(
  scope: Scope,
  { kms, clock }: UserDeps,
  id: string,
  input: UserPatch,
  { ifRevision }: { ifRevision?: number | undefined } = {},
): Promise<User> {
  demand(scope, "users:write");
  const parsed = UserPatch.safeParse(input);
  if (!parsed.success) throw invalid("Cannot change this user", parsed.error.issues);
  const patch = parsed.data;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await lockKeepers(sql, scope, "users:write");
    const before = await find(sql, id);
    if (ifRevision !== undefined && ifRevision !== before.user.revision) {
      throw new PreconditionFailed(
        `Cannot save ${before.user.name} as they were changed meanwhile: reload, then repeat`,
      );
    }
    demandAuthorityOver(scope, before);
    const role = patch.role ?? before.user.role;
    const customRoleId = patch.customRoleId !== undefined
      ? patch.customRoleId
      : role === "custom"
      ? before.user.customRoleId
      : null;
    const isActive = patch.isActive ?? before.user.isActive;
    const hasOtherRole = role !== before.user.role || customRoleId !== before.user.customRoleId;
    if (hasOtherRole) await demandRole(sql, scope, role, customRoleId);
    if (!isActive || hasOtherRole) await demandKeeperLeft(sql, before);
    const now = clock.now();
    await sql`
      update users set name = ${patch.name ?? before.user.name}, role = ${role},
        custom_role_id = ${customRoleId}, is_active = ${isActive}, updated_at = ${new Date(now)},
        revision = revision + 1
      where id = ${id}`;
    const isOff = before.user.isActive && !isActive;
    const ended = hasOtherRole || isOff
      ? await revokeSessionsOf(sql, id, { reason: isOff ? "deactivated" : "role_changed", now })
      : 0;
    const { user } = await find(sql, id);
    await nameActor(sql, scope.tenantId, `user:${id}`, user.name);
    await audit(sql, scope, kms, user, "user.changed", {
      before: shown(before.user),
      after: shown(user),
      endedSessions: ended,
    });
    return user;
  });
}

/** Removes the account and everything that tells who it was; the audit chain stays whole. */
export async function deleteUser(
  scope: Scope,
  { kms }: UserDeps,
  id: string,
): Promise<void> {
  demand(scope, "users:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await lockKeepers(sql, scope, "users:write");
    const row = await find(sql, id);
    demandAuthorityOver(scope, row);
    await demandKeeperLeft(sql, row);
    await erase(sql, scope, kms, row.user);
  });
}

/** Erases one's own account. @throws {Conflict} for the last administrator */
export async function deleteOwnAccount(
  scope: Scope,
  { kms }: UserDeps,
  userId: string,
): Promise<void> {
  demand(scope, "account:self");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await lockKeepers(sql, scope, "account:self");
    const row = await find(sql, userId);
    await demandKeeperLeft(sql, row);
    await erase(sql, scope, kms, row.user);
  });
}

async function erase(sql: Sql, scope: Scope, kms: Kms, user: User): Promise<void> {
  const keys = await sql<{ id: string }[]>`select id from api_keys where user_id = ${user.id}`;
  await sql`delete from users where id = ${user.id}`;
  await sql`delete from fleet_views where owner = ${`user:${user.id}`} and not is_shared`;
  await forgetUser(sql, scope.tenantId, user.id, {
    keyIds: keys.map(({ id }) => id),
    labels: [user.email, user.name],
  });
  // After it, and without a name: the entry about the erasure must not tell what was erased.
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action: "user.deleted", outcome: "ok" },
    target: { kind: "user", id: user.id },
    requestId: scope.requestId,
    ...(scope.actor !== `user:${user.id}` && { ip: scope.ip }),
  });
}

async function audit(
  sql: Sql,
  scope: Scope,
  kms: Kms,
  user: User,
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "user", id: user.id, label: user.name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

function shown({ name, role, customRoleName, isActive }: User) {
  return { name, role, customRoleName, isActive };
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
