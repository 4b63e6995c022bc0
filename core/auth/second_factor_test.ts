import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { Secret, TOTP } from "otpauth";
import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { InvalidInput, NotFound, TooManyRequests, Unauthenticated } from "@/core/errors.ts";
import { finishClient, startClient } from "@/core/srp/client.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { CLIENT, makeUser, signIn, type TestUser } from "@/tests/support/identity.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { verifyAccessToken } from "./access_token.ts";
import { startProof } from "./login.ts";
import { openAuth } from "./open_auth.ts";
import {
  addPasskey,
  addTotp,
  confirmTotp,
  listFactors,
  removeFactor,
  startPasskey,
} from "./own_factors.ts";
import { readPrincipal } from "./principal.ts";
import { finishSecondFactor } from "./second_factor.ts";
import type { Tokens } from "./sessions.ts";

async function open() {
  const test = await openTestDb();
  const clock = new FakeClock();
  const platform = await openTestPlatform(test.db, ["--auth-attempts-per-minute=1000"], {
    clock,
    locks: new MemoryLocks(() => clock.now()),
  });
  const deps = openAuth(platform);
  const principalOf = async ({ access }: Tokens) =>
    (await readPrincipal(deps.db, (await verifyAccessToken(deps, access))!, clock.now()))!;
  return {
    ...test,
    deps,
    clock,
    principalOf,
    code: (secret: string) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() }),
    /** A user who set an app up, and its secret. */
    async withApp() {
      const user = await makeUser(deps, test.acme);
      const { result } = await signIn(deps, user);
      if (result.next !== "done") throw new Error("asked for a second factor too early");
      const principal = await principalOf(result.tokens);
      const { id, secret, uri } = await addTotp(deps, principal, "Phone");
      const code = new TOTP({ secret: Secret.fromBase32(secret) })
        .generate({ timestamp: clock.now() });
      await confirmTotp(deps, principal, { id, code }, CLIENT);
      await clock.advance(60_000);
      return { user, principal, id, secret, uri };
    },
    async ticket(user: TestUser) {
      const { result } = await signIn(deps, user);
      if (result.next !== "second-factor") throw new Error("no second factor was asked for");
      return result;
    },
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name: `second factor: ${name}`, sanitizeOps: false, sanitizeResources: false, fn });

test("an app counts after its first code, and then no session opens without it", async () => {
  await using auth = await open();
  const { deps } = auth;
  const user = await makeUser(deps, auth.acme);
  const first = await signIn(deps, user);
  const principal = await auth.principalOf((first.result as { tokens: Tokens }).tokens);
  const { id, secret, uri } = await addTotp(deps, principal, "Phone");
  match(uri, /^otpauth:\/\/totp\/TOD.*secret=/);
  equal((await signIn(deps, user)).result.next, "done", "not before it is confirmed");
  await rejects(confirmTotp(deps, principal, { id, code: "000000" }, CLIENT), InvalidInput);
  await confirmTotp(deps, principal, { id, code: auth.code(secret) }, CLIENT);
  const { ticket, factors } = await auth.ticket(user);
  deepEqual(factors, ["totp", "recovery"]);
  await auth.clock.advance(60_000);
  const tokens = await finishSecondFactor(deps, { ticket, totp: auth.code(secret) }, CLIENT);
  equal((await auth.principalOf(tokens)).userId, user.id);
  const stored = await auth.db.tenant(
    auth.acme,
    (sql) => sql`select ciphertext from second_factors`,
  );
  equal(new TextDecoder().decode(stored[0]!["ciphertext"]).includes(secret), false);
});

test("a code counts once, a wrong one leaves the ticket good, a late ticket is none", async () => {
  await using auth = await open();
  const { deps } = auth;
  const { user, secret } = await auth.withApp();
  const { ticket } = await auth.ticket(user);
  const wrong = (given: object) =>
    rejects(finishSecondFactor(deps, { ticket, ...given }, CLIENT), Unauthenticated);
  await wrong({ totp: "000000" });
  await wrong({});
  const totp = auth.code(secret);
  await finishSecondFactor(deps, { ticket, totp }, CLIENT);
  await wrong({ totp });
  const next = await auth.ticket(user);
  await rejects(
    finishSecondFactor(deps, { ticket: next.ticket, totp }, CLIENT),
    Unauthenticated,
    "the same code again",
  );
  await auth.clock.advance(301_000);
  await rejects(
    finishSecondFactor(deps, { ticket: next.ticket, totp: auth.code(secret) }, CLIENT),
    /took too long/,
  );
});

test("a recovery code stands in for a factor, once", async () => {
  await using auth = await open();
  const { deps } = auth;
  const { user } = await auth.withApp();
  const [recovery] = user.recoveryCodes as [string];
  const { ticket } = await auth.ticket(user);
  await finishSecondFactor(deps, { ticket, recovery }, CLIENT);
  const again = await auth.ticket(user);
  await rejects(
    finishSecondFactor(deps, { ticket: again.ticket, recovery }, CLIENT),
    Unauthenticated,
  );
});

test("the sixth try of a minute is refused, right or wrong", async () => {
  await using auth = await open();
  const { user, secret } = await auth.withApp();
  const { ticket } = await auth.ticket(user);
  for (let i = 0; i < 5; i++) {
    await rejects(
      finishSecondFactor(auth.deps, { ticket, totp: "000000" }, CLIENT),
      Unauthenticated,
    );
  }
  const right = () => finishSecondFactor(auth.deps, { ticket, totp: auth.code(secret) }, CLIENT);
  await rejects(right(), TooManyRequests);
  await auth.clock.advance(61_000);
  equal((await auth.principalOf(await right())).userId, user.id);
});

test("a ticket of one user takes no code of another", async () => {
  await using auth = await open();
  const [ann, ben] = [await auth.withApp(), await auth.withApp()];
  const { ticket } = await auth.ticket(ann.user);
  for (const given of [{ totp: auth.code(ben.secret) }, { recovery: ben.user.recoveryCodes[0]! }]) {
    await rejects(finishSecondFactor(auth.deps, { ticket, ...given }, CLIENT), Unauthenticated);
  }
});

test("a new factor ends the other sessions and satisfies a tenant that demands one", async () => {
  await using auth = await open();
  const { deps, acme, db } = auth;
  const user = await makeUser(deps, acme);
  const tokens = async () => ((await signIn(deps, user)).result as { tokens: Tokens }).tokens;
  const [mine, other] = [await tokens(), await tokens()];
  await db.tenant(
    acme,
    (sql) => sql`update tenants set settings = '{"requireSecondFactor": true}'`,
  );
  const principal = await auth.principalOf(mine);
  equal(principal.needsSecondFactor, true);
  const { id, secret } = await addTotp(deps, principal, "Phone");
  await confirmTotp(deps, principal, { id, code: auth.code(secret) }, CLIENT);
  equal((await auth.principalOf(mine)).needsSecondFactor, false);
  equal(await auth.principalOf(other), undefined);
});

test("a factor goes against a proof of the password, and only one's own", async () => {
  await using auth = await open();
  const { deps, acme } = auth;
  const [ann, ben] = [await auth.withApp(), await auth.withApp()];
  const prove = async (x: Uint8Array) => {
    const client = startClient();
    const account = { id: ann.user.id, tenantId: acme };
    const { identity, srpSalt, B, handshake } = await startProof(deps, account, client.A, CLIENT);
    const { M1 } = await finishClient(client, { identity, salt: srpSalt, B, x });
    return { handshake, M1 };
  };
  const remove = async (id: string, x: Uint8Array) =>
    await removeFactor(deps, ann.principal, { id, proof: await prove(x) }, CLIENT);
  await rejects(remove(ann.id, new Uint8Array(32)), Unauthenticated);
  await rejects(remove(ben.id, ann.user.x), NotFound);
  await remove(ann.id, ann.user.x);
  deepEqual(await listFactors(deps, ann.principal), []);
  equal((await listFactors(deps, ben.principal)).length, 1);
  equal((await signIn(deps, ann.user)).result.next, "done");
});

test("a passkey's answer needs the challenge that was given, and its form", async () => {
  await using auth = await open();
  const { principal } = await auth.withApp();
  const response = {
    id: "x",
    rawId: "x",
    type: "public-key",
    clientExtensionResults: {},
    response: {},
  };
  const add = () =>
    addPasskey(auth.deps, principal, { name: "Key", response: response as never }, CLIENT);
  await rejects(add(), InvalidInput, "no challenge was given");
  const options = await startPasskey(auth.deps, principal, CLIENT);
  equal(options.rp.id, "localhost");
  await rejects(add(), InvalidInput, "nonsense");
  await rejects(add(), InvalidInput, "the challenge was used up");
});
