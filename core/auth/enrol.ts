import { recordAudit } from "@/core/audit/record.ts";
import { Enrolment, type LinkInfo } from "@/core/contract/auth.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { saveVerifier } from "./account.ts";
import type { AuthDeps, Client } from "./deps.ts";
import { type OneTimeLink, readLink, tenantOfLink, useLink } from "./links.ts";
import { renewRecoveryCodes } from "./recovery_codes.ts";
import { revokeSessionsOf } from "./revoke.ts";
import { issueTokens, type OpenedSession, openSession, type Tokens } from "./sessions.ts";

const NO_LINK = "Cannot use this link as it was used, has expired, or is not complete";

/** What a link is for. @throws {NotFound} if it is good for nothing (any more) */
export async function describeLink({ db, clock }: AuthDeps, token: string): Promise<LinkInfo> {
  const tenantId = await tenantOfLink(db, token);
  if (!tenantId) throw new NotFound(NO_LINK);
  return await db.tenant(tenantId, async (sql) => {
    const link = await readLink(sql, token, clock.now());
    if (!link) throw new NotFound(NO_LINK);
    const [row] = await sql<{ organisation: string; email: string | null; name: string | null }[]>`
      select t.name as organisation, u.email, u.name
      from tenants t left join users u on u.tenant_id = t.id and u.id = ${link.userId}
      where t.id = ${tenantId}`;
    return {
      purpose: link.purpose,
      identity: identityOf(link),
      email: row!.email,
      name: row!.name,
      organisation: row!.organisation,
      expiresAt: link.expiresAt.toISOString(),
    };
  });
}

/** The first user takes the id of the link that makes them: the verifier needs it before they exist. */
function identityOf(link: OneTimeLink): string {
  return link.userId ?? link.id;
}

export interface EnrolResult {
  accountId: string;
  recoveryCodes: string[];
  /** Absent after a recovery: a second factor, where there is one, is asked for as ever. */
  tokens: Tokens | undefined;
}

/**
 * Gives the account of a link its verifier; the first setup makes the account too. The link is used up.
 *
 * @throws {NotFound} {@linkcode InvalidInput} {@linkcode Conflict}
 */
export async function enrol(
  deps: AuthDeps,
  token: string,
  input: Enrolment,
  client: Client,
): Promise<EnrolResult> {
  const { db, kms, clock } = deps;
  const enrolment = Enrolment.parse(input);
  const tenantId = await tenantOfLink(db, token);
  if (!tenantId) throw new NotFound(NO_LINK);
  const now = clock.now();
  const [result, session] = await db.tenant(tenantId, async (sql) => {
    const link = await readLink(sql, token, now);
    if (!link || link.purpose === "demo") throw new NotFound(NO_LINK);
    const userId = identityOf(link);
    if (link.purpose === "setup") await makeFirstUser(sql, link, enrolment);
    else if (enrolment.name !== undefined) {
      await sql`update users set name = ${enrolment.name} where id = ${userId}`;
    }
    await saveVerifier(sql, userId, enrolment, now);
    await useLink(sql, link, now);
    const recoveryCodes = await renewRecoveryCodes(sql, tenantId, userId);
    let opened: OpenedSession | undefined;
    if (link.purpose === "recover") {
      await revokeSessionsOf(sql, userId, { reason: "recovered", now });
    } else opened = await openSession(sql, tenantId, { userId, factors: ["srp"], client, now });
    await recordAudit(sql, kms, tenantId, {
      actor: `user:${userId}`,
      action: link.purpose === "recover" ? "user.recovered" : "user.enrolled",
      outcome: "ok",
      target: { kind: "user", id: userId },
      requestId: client.requestId,
      ip: client.address,
      details: { purpose: link.purpose },
    });
    return [{ accountId: userId, recoveryCodes }, opened] as const;
  });
  return { ...result, tokens: session && await issueTokens(deps, session) };
}

async function makeFirstUser(sql: Sql, link: OneTimeLink, enrolment: Enrolment): Promise<void> {
  const { name, email, organisation } = enrolment;
  const missing = Object.entries({ name, email, organisation })
    .filter(([, value]) => value === undefined)
    .map(([path]) => ({ path, message: "is needed at the first setup" }));
  if (missing.length > 0) throw new InvalidInput("Cannot set up", missing);
  const [{ exists }] = await sql<[{ exists: boolean }]>`select system_has_users() as exists`;
  if (exists) {
    throw new Conflict("Cannot set up as somebody did already: ask them for an invitation");
  }
  await sql`
    insert into users (id, tenant_id, email, name, role)
    values (${link.id}, ${link.tenantId}, ${email!}, ${name!}, 'super_admin')`;
  await sql`
    update tenants set name = ${organisation!}, revision = revision + 1 where id = ${link.tenantId}`;
}
