import { deepEqual, equal, rejects } from "node:assert/strict";
import { openAuth } from "@/core/auth/open_auth.ts";
import { permissionsOf, type RoleName } from "@/core/auth/roles.ts";
import { enrol } from "@/core/auth/enrol.ts";
import { Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated } from "@/core/errors.ts";
import { createRole, deleteRole, listRoles, updateRole } from "@/core/roles/roles.ts";
import type { Permission, Scope, TenantId } from "@/core/scope.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { CLIENT, makeUser, signIn, type TestUser, verifierFor } from "@/tests/support/identity.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { exportOwnData } from "./export_own.ts";
import {
  deleteOwnAccount,
  deleteUser,
  getUser,
  inviteUser,
  issueLink,
  listUsers,
  updateUser,
} from "./users.ts";

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db, ["--auth-attempts-per-minute=1000"]);
  const auth = openAuth(platform);
  const scopeOf = (user: TestUser, role: RoleName, custom: readonly string[] = []): Scope => ({
    db: test.db,
    tenantId: user.tenantId,
    actor: `user:${user.id}`,
    permissions: permissionsOf(role, custom),
  });
  return {
    ...test,
    deps: platform,
    auth,
    scopeOf,
    async actor(role: RoleName, tenantId: TenantId = test.acme, custom: readonly string[] = []) {
      const user = await makeUser(auth, tenantId, role, { permissions: custom });
      return { user, scope: scopeOf(user, role, custom) };
    },
    openSessions: async (user: TestUser) =>
      (await test.db.tenant(
        user.tenantId,
        (sql) => sql`select from sessions where user_id = ${user.id} and revoked_at is null`,
      )).length,
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name: `users: ${name}`, sanitizeOps: false, sanitizeResources: false, fn });

test("an invitation becomes an account by its link", async () => {
  await using users = await open();
  const { scope } = await users.actor("admin");
  const { user, link } = await inviteUser(scope, users.deps, {
    ...{ email: " Eve@Example.net", name: "Eve", role: "operator" },
  });
  deepEqual([user.email, user.isEnrolled, link.purpose], ["Eve@Example.net", false, "invite"]);
  const x = crypto.getRandomValues(new Uint8Array(32));
  await rejects(signIn(users.auth, { email: "eve@example.net", x }), Unauthenticated);
  const again = await issueLink(scope, users.deps, user.id);
  await rejects(enrol(users.auth, link.token, verifierFor(x), CLIENT), NotFound, "the older one");
  await enrol(users.auth, again.token, verifierFor(x), CLIENT);
  equal((await signIn(users.auth, { email: "EVE@example.net", x })).result.next, "done");
  equal((await getUser(scope, user.id)).isEnrolled, true);
});

test("nobody gives a role that may more than they do (peer-tod 12.2 #1)", async () => {
  await using users = await open();
  const { scope: admin } = await users.actor("admin");
  const target = (await users.actor("viewer")).user;
  const invite = (scope: Scope, role: RoleName, customRoleId: string | null = null) =>
    inviteUser(scope, users.deps, {
      ...{ email: `${crypto.randomUUID()}@example.net`, name: "x", role, customRoleId },
    });
  await rejects(invite(admin, "super_admin"), Forbidden);
  await rejects(updateUser(admin, users.deps, target.id, { role: "super_admin" }), Forbidden);
  const lesser = await users.actor("custom", users.acme, [
    "users:read",
    "users:write",
    "devices:read",
  ]);
  await rejects(invite(lesser.scope, "operator"), Forbidden);
  await rejects(updateUser(lesser.scope, users.deps, target.id, { role: "admin" }), Forbidden);
  const strong = await createRole(admin, users.deps, {
    name: "strong",
    permissions: ["audit:read"],
  });
  await rejects(invite(lesser.scope, "custom", strong.id), Forbidden);
  await rejects(invite(admin, "custom", null), InvalidInput);
  await rejects(invite(admin, "viewer", strong.id), InvalidInput);
  equal((await getUser(admin, target.id)).role, "viewer");
  equal((await invite(admin, "custom", strong.id)).user.customRoleName, "strong");
});

test("nobody promotes, deactivates or deletes themselves", async () => {
  await using users = await open();
  await users.actor("admin");
  const { user, scope } = await users.actor("admin");
  for (const patch of [{ role: "viewer" }, { role: "super_admin" }, { isActive: false }] as const) {
    await rejects(updateUser(scope, users.deps, user.id, patch), Forbidden);
  }
  await rejects(deleteUser(scope, users.deps, user.id), Forbidden);
  await rejects(issueLink(scope, users.deps, user.id), Forbidden);
});

test("nobody touches an account that may more than they do", async () => {
  await using users = await open();
  const { scope } = await users.actor("admin");
  await users.actor("super_admin");
  const boss = (await users.actor("super_admin")).user;
  for (
    const act of [
      () => updateUser(scope, users.deps, boss.id, { name: "x" }),
      () => updateUser(scope, users.deps, boss.id, { isActive: false }),
      () => deleteUser(scope, users.deps, boss.id),
      () => issueLink(scope, users.deps, boss.id),
    ]
  ) await rejects(act(), Forbidden);
});

test("other rights end the sessions at once, another name does not", async () => {
  await using users = await open();
  const { scope } = await users.actor("admin");
  const target = (await users.actor("operator")).user;
  await signIn(users.auth, target);
  equal(await users.openSessions(target), 2);
  await updateUser(scope, users.deps, target.id, { name: "New Name" });
  equal(await users.openSessions(target), 2);
  await updateUser(scope, users.deps, target.id, { role: "viewer" });
  equal(await users.openSessions(target), 0);
  await signIn(users.auth, target);
  await updateUser(scope, users.deps, target.id, { isActive: false });
  equal(await users.openSessions(target), 0);
  await rejects(signIn(users.auth, target), Unauthenticated);
});

test("the last administrators stay", async () => {
  await using users = await open();
  const boss = await users.actor("super_admin");
  const { scope, user } = await users.actor("admin");
  await rejects(deleteOwnAccount(boss.scope, users.deps, boss.user.id), Conflict);
  await updateUser(boss.scope, users.deps, user.id, { isActive: false });
  const globexBoss = await users.actor("super_admin", users.globex);
  const other = await users.actor("admin", users.globex);
  await deleteUser(globexBoss.scope, users.deps, other.user.id);
  await rejects(deleteOwnAccount(globexBoss.scope, users.deps, globexBoss.user.id), Conflict);
  equal(scope.tenantId, users.acme);
});

test("two administrators who demote each other at once: one of them stays", async () => {
  await using users = await open();
  const [a, b] = [await users.actor("admin"), await users.actor("admin")];
  const results = await Promise.allSettled([
    updateUser(a.scope, users.deps, b.user.id, { role: "viewer" }),
    updateUser(b.scope, users.deps, a.user.id, { role: "viewer" }),
  ]);
  equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  const { users: left } = await listUsers((await users.actor("super_admin")).scope);
  equal(left.filter(({ role }) => role === "admin").length, 1);
});

test("one address is one account, whoever is faster, in whichever tenant", async () => {
  await using users = await open();
  const [acme, globex] = [await users.actor("admin"), await users.actor("admin", users.globex)];
  const input = { email: "ann@example.net", name: "Ann", role: "viewer" } as const;
  const results = await Promise.allSettled([
    inviteUser(acme.scope, users.deps, input),
    inviteUser(acme.scope, users.deps, { ...input, email: "ANN@example.net" }),
    inviteUser(globex.scope, users.deps, input),
  ]);
  equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  for (const result of results) {
    if (result.status === "rejected") equal(result.reason instanceof Conflict, true);
  }
});

test("another tenant's users are not there", async () => {
  await using users = await open();
  const { scope } = await users.actor("super_admin");
  const theirs = (await users.actor("viewer", users.globex)).user;
  const own = (await users.actor("viewer")).user;
  for (
    const act of [
      () => getUser(scope, theirs.id),
      () => updateUser(scope, users.deps, theirs.id, { name: "x" }),
      () => deleteUser(scope, users.deps, theirs.id),
      () => issueLink(scope, users.deps, theirs.id),
      () => getUser(scope, "no-id"),
    ]
  ) await rejects(act(), NotFound);
  const emails = (await listUsers(scope)).users.map(({ email }) => email);
  deepEqual([emails.includes(own.email), emails.includes(theirs.email)], [true, false]);
});

test("who lacks the permission neither reads nor writes", async () => {
  await using users = await open();
  const { scope } = await users.actor("operator");
  const target = (await users.actor("viewer")).user;
  await rejects(listUsers(scope), Forbidden);
  await rejects(deleteUser(scope, users.deps, target.id), Forbidden);
  await rejects(
    createRole(scope, users.deps, { name: "x", permissions: ["devices:read"] }),
    Forbidden,
  );
});

test("pages go on where the one before ended, and a search finds parts", async () => {
  await using users = await open();
  const { scope } = await users.actor("admin");
  for (let i = 0; i < 5; i++) {
    await inviteUser(scope, users.deps, {
      email: `p${i}@example.org`,
      name: `P ${i}_%`,
      role: "viewer",
    });
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listUsers(scope, { text: "example.org", limit: 2, cursor });
    seen.push(...page.users.map(({ email }) => email));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  deepEqual(seen, [0, 1, 2, 3, 4].map((i) => `p${i}@example.org`));
  equal((await listUsers(scope, { text: "3_%" })).users.length, 1);
});

test("a deleted user is forgotten, and the audit chain still holds", async () => {
  await using users = await open();
  const { scope } = await users.actor("admin");
  const target = (await users.actor("operator")).user;
  await signIn(users.auth, target);
  await updateUser(scope, users.deps, target.id, { name: "Secret Name" });
  await deleteUser(scope, users.deps, target.id);
  await rejects(getUser(scope, target.id), NotFound);
  const rest = await users.db.tenant(
    users.acme,
    (sql) =>
      sql`select (select jsonb_agg(n) from audit_names n) as names,
      (select jsonb_agg(p.target_label) from audit_private p) as labels`,
  );
  const text = JSON.stringify(rest);
  equal(text.includes("Secret Name") || text.includes(target.email), false, text);
});

test("one's own data is everything but secrets, and nobody else's", async () => {
  await using users = await open();
  const { user, scope } = await users.actor("operator");
  const other = (await users.actor("operator")).user;
  const data = JSON.stringify(await exportOwnData(scope, users.deps, user.id));
  for (const part of [user.email, "user.enrolled", CLIENT.address]) {
    equal(data.includes(part), true, part);
  }
  equal(data.includes(other.id) || data.includes(other.email), false);
  const stored = await users.db.tenant(
    users.acme,
    (sql) =>
      sql<{ verifier: string; seed: string }[]>`
      select encode(u.srp_verifier, 'hex') as verifier, encode(s.refresh_seed, 'hex') as seed
      from users u join sessions s on s.user_id = u.id where u.id = ${user.id}`,
  );
  for (const { verifier, seed } of stored) {
    equal(data.includes(verifier) || data.includes(seed), false);
  }
});

test("one's own account goes, with its sessions and who it was", async () => {
  await using users = await open();
  const { user, scope } = await users.actor("operator");
  await deleteOwnAccount(scope, users.deps, user.id);
  await rejects(signIn(users.auth, user), Unauthenticated);
  const rows = await users.db.tenant(
    users.acme,
    (sql) =>
      sql`select (select count(*)::int from users where id = ${user.id}) as users,
      (select jsonb_agg(p) from audit_private p) as private`,
  );
  deepEqual(rows[0]!["users"], 0);
  equal(JSON.stringify(rows).includes(user.email), false);
});

test("a custom role is made and changed within one's own rights, and kept while in use", async () => {
  await using users = await open();
  const { scope: admin } = await users.actor("admin");
  const role = await createRole(admin, users.deps, {
    ...{ name: "NOC", permissions: ["devices:read", "events:read"] },
  });
  await rejects(
    createRole(admin, users.deps, { name: "NOC", permissions: ["devices:read"] }),
    Conflict,
  );
  for (const permissions of [["tenants:write"], ["account:self"], ["no:such"]]) {
    await rejects(createRole(admin, users.deps, { name: "x", permissions }), InvalidInput);
  }
  const lesser = await users.actor("custom", users.acme, ["roles:write", "devices:read"]);
  const edit = (permissions: Permission[]) =>
    updateRole(lesser.scope, users.deps, role.id, { name: "NOC", permissions });
  await rejects(edit(["devices:read"]), Forbidden, "it holds events:read, which they lack");
  await rejects(
    createRole(lesser.scope, users.deps, { name: "y", permissions: ["audit:read"] }),
    Forbidden,
  );
  const holder = (await users.actor("viewer")).user;
  await updateUser(admin, users.deps, holder.id, { role: "custom", customRoleId: role.id });
  await rejects(deleteRole(admin, users.deps, role.id), Conflict);
  await updateUser(admin, users.deps, holder.id, { role: "viewer" });
  await deleteRole(admin, users.deps, role.id);
  equal((await listRoles(admin)).some(({ id }) => id === role.id), false);
  const globex = await users.actor("admin", users.globex);
  await rejects(deleteRole(globex.scope, users.deps, role.id), NotFound);
});
