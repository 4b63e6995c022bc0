import { NotFound, Unauthenticated } from "@/core/errors.ts";
import { finishClient, startClient } from "@/core/srp/client.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { CLIENT, makeUser, signIn, type TestUser, verifierFor } from "@/tests/support/identity.ts";
import { openTestAuth, tokensOf } from "@/tests/support/test_auth.ts";
import { deepEqual, equal, rejects } from "node:assert/strict";
import { describeLink, enrol } from "./enrol.ts";
import {
  createAdmin,
  demoToken,
  firstRunToken,
  resetAdmin,
  signInByDemoLink,
} from "./first_run.ts";
import { createLink } from "./links.ts";
import { startProof } from "./login.ts";
import { changePassword } from "./password.ts";
import { recoverByCode } from "./recover.ts";

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

test("changing the password needs a proof of the old one, and ends the other sessions", async () => {
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
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
  await using auth = await openTestAuth();
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
