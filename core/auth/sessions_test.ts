import { Forbidden, NotFound, Unauthenticated } from "@/core/errors.ts";
import { CLIENT, makeUser, signIn } from "@/tests/support/identity.ts";
import { openTestAuth, tokensOf } from "@/tests/support/test_auth.ts";
import { deepEqual, equal, rejects } from "node:assert/strict";
import { verifyAccessToken } from "./access_token.ts";
import {
  chooseTenant,
  endSessionOf,
  listSessions,
  refreshSession,
  revokeOwnSessions,
} from "./sessions.ts";

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

test("a role that changes, changes what the next request may", async () => {
  await using auth = await openTestAuth();
  const { deps, acme, db } = auth;
  const user = await makeUser(deps, acme, "admin");
  const { access } = tokensOf((await signIn(deps, user)).result);
  await db.tenant(acme, (sql) => sql`update users set role = 'viewer' where id = ${user.id}`);
  equal((await auth.principal(access))!.permissions.has("users:write"), false);
});

test("a refresh token works once; a second use ends every session of its user", async () => {
  await using auth = await openTestAuth();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  const elsewhere = tokensOf((await signIn(deps, user)).result);
  const first = tokensOf((await signIn(deps, user)).result);
  const second = await refreshSession(deps, first.refresh, CLIENT);
  equal((await auth.principal(second.access))?.userId, user.id);
  await rejects(refreshSession(deps, first.refresh, CLIENT), Unauthenticated);
  equal(
    await auth.principal(second.access),
    undefined,
    "the thief's and the owner's are both over",
  );
  equal(await auth.principal(elsewhere.access), undefined);
  await rejects(refreshSession(deps, second.refresh, CLIENT), Unauthenticated);
  equal((await auth.audited(acme)).at(-1), "session.token_reused");
});

test("a forged refresh token ends nothing", async () => {
  await using auth = await openTestAuth();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  const { access, refresh } = tokensOf((await signIn(deps, user)).result);
  const [session, , kid, mac] = refresh.split(".");
  for (
    const forged of [
      `${session}.0.${kid}.${mac}`,
      `${session}.1.${kid}.${"A".repeat(43)}`,
      `${session}.1.999.${mac}`,
      `${crypto.randomUUID()}.1.${kid}.${mac}`,
      "nonsense",
    ]
  ) await rejects(refreshSession(deps, forged, CLIENT), Unauthenticated, forged);
  equal((await auth.principal(access))?.userId, user.id);
  await refreshSession(deps, refresh, CLIENT);
});

test("two uses of one refresh token at once: one goes on at most", async () => {
  await using auth = await openTestAuth();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  const { refresh } = tokensOf((await signIn(deps, user)).result);
  const results = await Promise.allSettled(
    [1, 2, 3].map(() => refreshSession(deps, refresh, CLIENT)),
  );
  equal(results.filter(({ status }) => status === "fulfilled").length, 1);
});

test("an access token is over after 15 minutes, a refresh token after 7 days", async () => {
  await using auth = await openTestAuth();
  const { deps, acme, clock } = auth;
  const user = await makeUser(deps, acme);
  const tokens = tokensOf((await signIn(deps, user)).result);
  await clock.advance(14 * 60_000);
  equal((await auth.principal(tokens.access))?.userId, user.id);
  await clock.advance(61_000);
  equal(await auth.principal(tokens.access), undefined);
  const next = await refreshSession(deps, tokens.refresh, CLIENT);
  await clock.advance(7 * 86_400_000 + 1_000);
  await rejects(refreshSession(deps, next.refresh, CLIENT), Unauthenticated);
});

test("a token that was changed, or signed by another key or for another purpose, is none", async () => {
  await using auth = await openTestAuth();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  const { access } = tokensOf((await signIn(deps, user)).result);
  const [header, payload, signature] = access.split(".") as [string, string, string];
  const none = btoa(JSON.stringify({ alg: "none", typ: "at+jwt", kid: "1" })).replaceAll("=", "");
  const flipped = payload.slice(0, -2) + (payload.endsWith("A") ? "BB" : "AA");
  for (
    const forged of [
      `${none}.${payload}.`,
      `${header}.${flipped}.${signature}`,
      `${header}.${payload}.${"A".repeat(43)}`,
      "",
      "a.b.c",
    ]
  ) equal(await verifyAccessToken(deps, forged), undefined);
});

test("sessions are listed, and ended one by one or all others", async () => {
  await using auth = await openTestAuth();
  const { deps, acme } = auth;
  const [user, other] = [await makeUser(deps, acme), await makeUser(deps, acme)];
  const tokens = [
    tokensOf((await signIn(deps, user)).result),
    tokensOf((await signIn(deps, user)).result),
    tokensOf((await signIn(deps, user)).result),
  ];
  const me = (await auth.principal(tokens[0]!.access))!;
  const foreign = (await auth.principal(tokensOf((await signIn(deps, other)).result).access))!;
  // The enrolment opened one too.
  equal((await listSessions(deps, me)).length, 4);
  await rejects(revokeOwnSessions(deps, me, CLIENT, { id: foreign.sessionId }), NotFound);
  const second = (await auth.principal(tokens[1]!.access))!;
  await revokeOwnSessions(deps, me, CLIENT, { id: second.sessionId });
  equal(await auth.principal(tokens[1]!.access), undefined);
  await revokeOwnSessions(deps, me, CLIENT, "others");
  const left = await listSessions(deps, me);
  deepEqual(left.map(({ id, isCurrent }) => [id, isCurrent]), [[me.sessionId, true]]);
  await revokeOwnSessions(deps, me, CLIENT, { id: me.sessionId });
  equal(await auth.principal(tokens[0]!.access), undefined);
  equal(
    (await auth.principal(tokensOf((await signIn(deps, other)).result).access))?.userId,
    other.id,
  );
});

test("only a super_admin works in another tenant, and its audit trail says so", async () => {
  await using auth = await openTestAuth();
  const { deps, acme, globex, db } = auth;
  const scopeFor = async (access: string) => {
    const principal = (await auth.principal(access))!;
    const { tenantId, permissions, userId } = principal;
    return { principal, scope: { db, tenantId, permissions, actor: `user:${userId}` } };
  };
  const boss = await makeUser(deps, acme, "super_admin");
  const { access } = tokensOf((await signIn(deps, boss)).result);
  const { principal, scope } = await scopeFor(access);
  await rejects(chooseTenant(deps, scope, principal, crypto.randomUUID() as never), NotFound);
  await chooseTenant(deps, scope, principal, globex);
  equal((await auth.principal(access))!.tenantId, globex);
  deepEqual(await auth.audited(globex), ["tenant.entered"]);
  // Who is no super_admin any more is at home again.
  await db.tenant(acme, (sql) => sql`update users set role = 'admin' where id = ${boss.id}`);
  equal((await auth.principal(access))!.tenantId, acme);

  const admin = await makeUser(deps, acme, "admin");
  const own = await scopeFor(tokensOf((await signIn(deps, admin)).result).access);
  await rejects(chooseTenant(deps, own.scope, own.principal, globex), Forbidden);
});

test("a tenant that demands a second factor opens nothing but the account without one", async () => {
  await using auth = await openTestAuth();
  const { deps, acme, db } = auth;
  const user = await makeUser(deps, acme, "admin");
  await db.tenant(
    acme,
    (sql) => sql`update tenants set settings = '{"requireSecondFactor": true}'`,
  );
  const { access } = tokensOf((await signIn(deps, user)).result);
  const principal = (await auth.principal(access))!;
  deepEqual([[...principal.permissions], principal.needsSecondFactor], [["account:self"], true]);
});

test("signing out by the refresh token alone ends the session; a forged one ends nothing", async () => {
  await using auth = await openTestAuth();
  const { deps, acme } = auth;
  const tokens = tokensOf((await signIn(deps, await makeUser(deps, acme))).result);
  const [id, generation, kid] = tokens.refresh.split(".");
  await endSessionOf(deps, `${id}.${generation}.${kid}.${"A".repeat(43)}`, CLIENT);
  await endSessionOf(deps, "nonsense", CLIENT);
  equal((await auth.principal(tokens.access)) !== undefined, true);
  // The access token has run out long before.
  auth.clock.advance(3_600_000);
  await endSessionOf(deps, tokens.refresh, CLIENT);
  await rejects(refreshSession(deps, tokens.refresh, CLIENT), Unauthenticated);
  equal((await auth.audited(acme)).at(-1), "session.signed_out");
  await endSessionOf(deps, tokens.refresh, CLIENT);
  equal((await auth.audited(acme)).filter((one) => one === "session.signed_out").length, 1);
});
