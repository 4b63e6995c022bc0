import { TooManyRequests, Unauthenticated } from "@/core/errors.ts";
import { finishClient, startClient } from "@/core/srp/client.ts";
import { CLIENT, makeUser, signIn } from "@/tests/support/identity.ts";
import { openTestAuth, tokensOf } from "@/tests/support/test_auth.ts";
import { deepEqual, equal, match, notEqual, rejects } from "node:assert/strict";
import { finishLogin, startLogin } from "./login.ts";
import { openAuth } from "./open_auth.ts";
import { refreshSession } from "./sessions.ts";

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

test("signing in: both sides prove themselves, and the token says who it is", async () => {
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
  const user = await makeUser(auth.deps, auth.acme);
  for (const A of ["00", "00".repeat(256), "ff".repeat(256)]) {
    await rejects(startLogin(auth.deps, { email: user.email, A }, CLIENT), Unauthenticated);
  }
});

test("an address nobody has answers like one that somebody has", async () => {
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
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

test("the sixth attempt of a minute for one account is refused, right or wrong", async () => {
  await using auth = await openTestAuth();
  const { deps, acme } = auth;
  const user = await makeUser(deps, acme);
  for (let i = 0; i < 5; i++) await signIn(deps, user);
  await rejects(signIn(deps, user), TooManyRequests);
});
