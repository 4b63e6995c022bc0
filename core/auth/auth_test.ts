import { deepEqual, equal, match, notEqual, rejects } from "node:assert/strict";
import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { Forbidden, NotFound, TooManyRequests, Unauthenticated } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { finishClient, startClient } from "@/core/srp/client.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { CLIENT, makeUser, signIn, type TestUser, verifierFor } from "@/tests/support/identity.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { verifyAccessToken } from "./access_token.ts";
import { describeLink, enrol } from "./enrol.ts";
import {
  createAdmin,
  demoToken,
  firstRunToken,
  resetAdmin,
  signInByDemoLink,
} from "./first_run.ts";
import { createLink } from "./links.ts";
import { finishLogin, type LoginResult, startLogin, startProof } from "./login.ts";
import { openAuth } from "./open_auth.ts";
import { changePassword } from "./password.ts";
import { readPrincipal } from "./principal.ts";
import { recoverByCode } from "./recover.ts";
import { chooseTenant, listSessions, refreshSession, revokeOwnSessions } from "./sessions.ts";

async function open(clock: Clock = new FakeClock()) {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db, ["--auth-attempts-per-minute=1000"], {
    clock,
    locks: new MemoryLocks(() => clock.now()),
  });
  const deps = openAuth(platform);
  return {
    ...test,
    deps,
    clock: clock as FakeClock,
    /** What the next request with these tokens may do. */
    async principal(access: string) {
      const claims = await verifyAccessToken(deps, access);
      return claims && await readPrincipal(deps.db, claims, deps.clock.now());
    },
    audited: async (tenantId: TestUser["tenantId"]) =>
      (await test.db.tenant(
        tenantId,
        (sql) => sql<{ action: string }[]>`select action from audit_log order by seq`,
      )).map(({ action }) => action),
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

function tokensOf(result: LoginResult) {
  if (result.next !== "done") throw new Error("a second factor was asked for");
  return result.tokens;
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

test("signing in: both sides prove themselves, and the token says who it is", async () => {
  await using auth = await open();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme, "operator");
  const { proof, result } = await signIn(deps, user);
  equal(proof.isServer(result.M2), true);
  const tokens = tokensOf(result);
  const principal = (await auth.principal(tokens.access))!;
  deepEqual([principal.userId, principal.tenantId, principal.role], [user.id, acme, "operator"]);
  equal(principal.permissions.has("devices:write"), true);
  equal(principal.permissions.has("users:write"), false);
  deepEqual(await auth.audited(acme), ["user.enrolled", "login.succeeded"]);
});

test("a wrong secret, a replayed proof and a late one are refused in the same words", async () => {
  await using auth = await open();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  const refused = { name: "Unauthenticated", message: /e-mail, password or Secret Key is wrong/ };
  await rejects(signIn(deps, { ...user, x: new Uint8Array(32) }), refused);
  const { challenge, proof } = await signIn(deps, user);
  const used = { handshake: challenge.handshake, M1: proof.M1 };
  await rejects(finishLogin(deps, used, CLIENT), refused);

  const client = startClient();
  const late = await startLogin(deps, { email: user.email, A: client.A }, CLIENT);
  const M1 = (await finishClient(client, {
    ...{ identity: late.identity, salt: late.srpSalt, B: late.B, x: user.x },
  })).M1;
  await auth.clock.advance(61_000);
  await rejects(finishLogin(deps, { handshake: late.handshake, M1 }, CLIENT), refused);
  deepEqual(await auth.audited(acme), ["user.enrolled", "login.failed", "login.succeeded"]);
});

test("numbers no client sends are refused like a wrong password", async () => {
  await using auth = await open();
  const user = await makeUser(auth.deps, auth.acme);
  for (const A of ["00", "00".repeat(256), "ff".repeat(256)]) {
    await rejects(startLogin(auth.deps, { email: user.email, A }, CLIENT), Unauthenticated);
  }
});

test("an address nobody has answers like one that somebody has", async () => {
  await using auth = await open();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  const ask = (email: string) => startLogin(deps, { email, A: startClient().A }, CLIENT);
  const [real, first, second, other] = await Promise.all([
    ask(user.email),
    ask("nobody@example.net"),
    ask(" Nobody@Example.net"),
    ask("else@example.net"),
  ]);
  const form = (answer: typeof real) =>
    Object.entries(answer).map(([name, value]) => [name, typeof value, String(value).length]);
  deepEqual(form(first!), form(real!));
  const salts = ({ srpSalt, pbkdf2Salt, hkdfSalt, identity }: typeof real) =>
    [srpSalt, pbkdf2Salt, hkdfSalt, identity].join();
  equal(salts(first!), salts(second!), "the same each time");
  notEqual(salts(first!), salts(other!));
  notEqual(first!.B, second!.B, "and B is fresh");
  match(first!.identity, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  await rejects(
    signIn(deps, { email: "nobody@example.net", x: new Uint8Array(32) }),
    Unauthenticated,
  );
});

test("the decoy stays the same in another process", async () => {
  await using auth = await open();
  const [one, two] = [
    openAuth({ ...auth.deps, config: { auth: { attemptsPerMinute: 9 } } as never }),
    auth.deps,
  ];
  const [a, b] = await Promise.all([
    one.decoys.of("x@example.net"),
    two.decoys.of("x@example.net"),
  ]);
  deepEqual(a, b);
});

test("who is deactivated, or whose tenant is, neither signs in nor goes on", async () => {
  await using auth = await open();
  const { deps, acme, db } = auth;
  for (
    const [off, on] of [
      ["update users set is_active = false", "update users set is_active = true"],
      ["update tenants set is_active = false", "update tenants set is_active = true"],
    ] as const
  ) {
    const user = await makeUser(deps, acme);
    const { access, refresh } = tokensOf((await signIn(deps, user)).result);
    equal((await auth.principal(access))?.userId, user.id);
    await db.tenant(acme, (sql) => sql.unsafe(off));
    equal(await auth.principal(access), undefined);
    await rejects(signIn(deps, user), Unauthenticated);
    await rejects(refreshSession(deps, refresh, CLIENT), Unauthenticated);
    await db.tenant(acme, (sql) => sql.unsafe(on));
  }
});

test("a role that changes, changes what the next request may", async () => {
  await using auth = await open();
  const { deps, acme, db } = auth;
  const user = await makeUser(deps, acme, "admin");
  const { access } = tokensOf((await signIn(deps, user)).result);
  await db.tenant(acme, (sql) => sql`update users set role = 'viewer' where id = ${user.id}`);
  equal((await auth.principal(access))!.permissions.has("users:write"), false);
});

test("a refresh token works once; a second use ends every session of its user", async () => {
  await using auth = await open();
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
  await using auth = await open();
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
  await using auth = await open();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  const { refresh } = tokensOf((await signIn(deps, user)).result);
  const results = await Promise.allSettled(
    [1, 2, 3].map(() => refreshSession(deps, refresh, CLIENT)),
  );
  equal(results.filter(({ status }) => status === "fulfilled").length, 1);
});

test("an access token is over after 15 minutes, a refresh token after 7 days", async () => {
  await using auth = await open();
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
  await using auth = await open();
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
  await using auth = await open();
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

test("changing the password needs a proof of the old one, and ends the other sessions", async () => {
  await using auth = await open();
  const { deps, acme } = auth;
  const [user, other] = [await makeUser(deps, acme), await makeUser(deps, acme)];
  const before = tokensOf((await signIn(deps, user)).result);
  const me = (await auth.principal(tokensOf((await signIn(deps, user)).result).access))!;
  const next = crypto.getRandomValues(new Uint8Array(32));
  const prove = async (who: TestUser) => {
    const client = startClient();
    const challenge = await startProof(deps, { id: who.id, tenantId: acme }, client.A, CLIENT);
    const { identity, srpSalt, B, handshake } = challenge;
    const { M1 } = await finishClient(client, { identity, salt: srpSalt, B, x: who.x });
    return { handshake, M1 };
  };
  const change = async (proof: { handshake: string; M1: string }) =>
    await changePassword(deps, me, { proof, next: verifierFor(next) }, CLIENT);
  await rejects(change(await prove({ ...user, x: next })), Unauthenticated);
  await rejects(change(await prove(other)), Unauthenticated, "another user's proof");
  await change(await prove(user));
  equal(await auth.principal(before.access), undefined);
  await rejects(signIn(deps, user), Unauthenticated);
  tokensOf((await signIn(deps, { email: user.email, x: next })).result);
});

test("a recovery code opens one new enrolment, which ends every session", async () => {
  await using auth = await open();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  const { access } = tokensOf((await signIn(deps, user)).result);
  const [code] = user.recoveryCodes as [string];
  await rejects(
    recoverByCode(deps, { email: user.email, code: "AAAA-BBBB" }, CLIENT),
    Unauthenticated,
  );
  await rejects(recoverByCode(deps, { email: "x@example.net", code }, CLIENT), Unauthenticated);
  const { token } = await recoverByCode(
    deps,
    { email: user.email, code: code.toLowerCase() },
    CLIENT,
  );
  await rejects(recoverByCode(deps, { email: user.email, code }, CLIENT), Unauthenticated, "used");
  equal((await describeLink(deps, token)).identity, user.id);
  const next = crypto.getRandomValues(new Uint8Array(32));
  const { tokens } = await enrol(deps, token, verifierFor(next), CLIENT);
  equal(tokens, undefined, "a second factor would be asked for");
  equal(await auth.principal(access), undefined);
  await rejects(enrol(deps, token, verifierFor(next), CLIENT), NotFound);
  tokensOf((await signIn(deps, { email: user.email, x: next })).result);
});

test("the first setup makes one super_admin, whoever is faster; then there is no setup", async () => {
  await using auth = await open();
  const { deps } = auth;
  const old = (await firstRunToken(deps))!;
  const token = (await firstRunToken(deps))!;
  await rejects(describeLink(deps, old), NotFound, "a newer one ends the older");
  const info = await describeLink(deps, token);
  deepEqual([info.purpose, info.email], ["setup", null]);
  const x = crypto.getRandomValues(new Uint8Array(32));
  const verifier = verifierFor(x);
  await rejects(enrol(deps, token, verifier, CLIENT), /Cannot set up/);
  const setup = { ...verifier, name: "Ann", email: "ann@example.net", organisation: "Acme MSP" };
  const results = await Promise.allSettled([1, 2].map(() => enrol(deps, token, setup, CLIENT)));
  equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  const { access } = tokensOf((await signIn(deps, { email: "ann@example.net", x })).result);
  const principal = (await auth.principal(access))!;
  deepEqual([principal.role, principal.tenantName], ["super_admin", "Acme MSP"]);
  equal(await firstRunToken(deps), undefined);
});

test("a link is over at its time, and when it was used", async () => {
  await using auth = await open();
  const { deps, acme, clock } = auth;
  const user = await makeUser(deps, acme);
  const { token } = await deps.db.tenant(acme, (sql) =>
    createLink(sql, acme, {
      ...{ purpose: "recover", userId: user.id, createdBy: "user:x", now: clock.now() },
    }));
  await describeLink(deps, token);
  await clock.advance(3_600_001);
  await rejects(describeLink(deps, token), NotFound);
  await rejects(describeLink(deps, "no such token"), NotFound);
});

test("the command line makes admins and opens a way back for one", async () => {
  await using auth = await open();
  const { deps } = auth;
  const tenantId = await ensureDefaultTenant(deps.db);
  const token = await createAdmin(deps, { email: "root@example.net", name: "Root" });
  await rejects(createAdmin(deps, { email: "ROOT@example.net", name: "R" }), /in use/);
  const x = crypto.getRandomValues(new Uint8Array(32));
  await enrol(deps, token, verifierFor(x), CLIENT);
  const y = crypto.getRandomValues(new Uint8Array(32));
  await enrol(deps, await resetAdmin(deps, "root@example.net"), verifierFor(y), CLIENT);
  await rejects(signIn(deps, { email: "root@example.net", x }), Unauthenticated);
  tokensOf((await signIn(deps, { email: "root@example.net", x: y })).result);
  deepEqual((await auth.audited(tenantId)).filter((action) => /^user/.test(action)), [
    ...["user.invited", "user.enrolled", "user.recovery_issued", "user.recovered"],
  ]);
});

test("a demo's link signs in once; an invitation is no demo's link", async () => {
  await using auth = await open();
  const { deps } = auth;
  const token = await demoToken(deps);
  const { access } = await signInByDemoLink(deps, token, CLIENT);
  equal((await auth.principal(access))!.role, "super_admin");
  await rejects(signInByDemoLink(deps, token, CLIENT), Unauthenticated);
  await rejects(
    enrol(deps, await demoToken(deps), verifierFor(new Uint8Array(32)), CLIENT),
    NotFound,
  );
  const invitation = await createAdmin(deps, { email: "i@example.net", name: "I" });
  await rejects(signInByDemoLink(deps, invitation, CLIENT), Unauthenticated);
});

test("only a super_admin works in another tenant, and its audit trail says so", async () => {
  await using auth = await open();
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
  await using auth = await open();
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

test("the sixth attempt of a minute for one account is refused, right or wrong", async () => {
  await using auth = await open();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  for (let i = 0; i < 5; i++) await signIn(deps, user);
  await rejects(signIn(deps, user), TooManyRequests);
});
