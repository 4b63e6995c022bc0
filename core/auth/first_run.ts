import { recordAudit } from "@/core/audit/record.ts";
import { Conflict, Unauthenticated } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import type { AuthDeps, Client } from "./deps.ts";
import { createLink, readLink, tenantOfLink, useLink } from "./links.ts";
import { completeLogin } from "./login.ts";
import type { Tokens } from "./sessions.ts";

interface Deps {
  readonly db: Db;
  readonly kms: Kms;
  readonly clock: Clock;
}

/** The token of the link that sets the installation up; `undefined` once there is a user. */
export async function firstRunToken({ db, clock }: Deps): Promise<string | undefined> {
  const tenantId = await ensureDefaultTenant(db);
  return await db.tenant(tenantId, async (sql) => {
    const [row] = await sql<{ exists: boolean }[]>`select system_has_users() as exists`;
    if (row!.exists) return undefined;
    const { token } = await createLink(sql, tenantId, {
      ...{ purpose: "setup", userId: null, createdBy: "system:first-run", now: clock.now() },
    });
    return token;
  });
}

/** Makes a super_admin and the token of their invitation. For `tod admin create`. */
export async function createAdmin(
  { db, kms, clock }: Deps,
  { email, name }: { email: string; name: string },
): Promise<string> {
  const tenantId = await ensureDefaultTenant(db);
  return await db.tenant(tenantId, async (sql) => {
    const [made] = await sql<{ id: string }[]>`
      insert into users (tenant_id, email, name, role)
      values (${tenantId}, ${email}, ${name}, 'super_admin')
      on conflict do nothing returning id`;
    if (!made) throw new Conflict(`Cannot make ${email} an admin: the address is in use`);
    const { token } = await createLink(sql, tenantId, {
      ...{ purpose: "invite", userId: made.id, createdBy: "system:cli", now: clock.now() },
    });
    await recordAudit(sql, kms, tenantId, {
      ...{ actor: "system:cli", action: "user.invited", outcome: "ok" },
      target: { kind: "user", id: made.id, label: email },
      details: { role: "super_admin" },
    });
    return token;
  });
}

/** The token of a new enrolment for somebody who lost everything. For `tod admin reset`. */
export async function resetAdmin({ db, kms, clock }: Deps, email: string): Promise<string> {
  const [found] = await db.system((sql) =>
    sql<{ tenantId: TenantId; userId: string }[]>`
      select tenant_id as "tenantId", user_id as "userId" from system_find_login(${email})`
  );
  if (!found) throw new Conflict(`Cannot reset ${email}: there is no such user`);
  const { tenantId, userId } = found;
  return await db.tenant(tenantId, async (sql) => {
    await sql`update users set is_active = true where id = ${userId}`;
    const { token } = await createLink(sql, tenantId, {
      ...{ purpose: "recover", userId, createdBy: "system:cli", now: clock.now() },
    });
    await recordAudit(sql, kms, tenantId, {
      ...{ actor: "system:cli", action: "user.recovery_issued", outcome: "ok" },
      target: { kind: "user", id: userId, label: email },
    });
    return token;
  });
}

/** A user for `tod demo`, who signs in by the printed link alone. Answers its token. */
export async function demoToken({ db, clock }: Deps): Promise<string> {
  const tenantId = await ensureDefaultTenant(db);
  return await db.tenant(tenantId, async (sql) => {
    const [user] = await sql<{ id: string }[]>`
      insert into users (tenant_id, email, name, role)
      values (${tenantId}, 'demo@tod.invalid', 'Demo', 'super_admin')
      on conflict ((lower(email))) do update set name = excluded.name returning id`;
    const { token } = await createLink(sql, tenantId, {
      ...{ purpose: "demo", userId: user!.id, createdBy: "system:demo", now: clock.now() },
    });
    return token;
  });
}

/** Signs in by a demo's link. @throws {Unauthenticated} if it is none, or was used */
export async function signInByDemoLink(
  deps: AuthDeps,
  token: string,
  client: Client,
): Promise<Tokens> {
  const { db, clock } = deps;
  const tenantId = await tenantOfLink(db, token);
  const userId = tenantId && await db.tenant(tenantId, async (sql) => {
    const link = await readLink(sql, token, clock.now());
    if (link?.purpose !== "demo") return undefined;
    await useLink(sql, link, clock.now());
    return link.userId ?? undefined;
  });
  if (!tenantId || !userId) throw new Unauthenticated("Cannot sign in: this link was used already");
  return await completeLogin(deps, { id: userId, tenantId }, ["link"], client);
}
