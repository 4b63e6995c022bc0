import { deepEqual, equal, rejects } from "node:assert/strict";
import { enrol } from "@/core/auth/enrol.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { permissionsOf, type RoleName } from "@/core/auth/roles.ts";
import { Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated } from "@/core/errors.ts";
import type { Scope } from "@/core/scope.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { CLIENT, makeUser, signIn, verifierFor } from "@/tests/support/identity.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { listTenants } from "./find_tenant.ts";
import { createTenant, getSettings, saveSettings, updateTenant } from "./tenants.ts";

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const auth = openAuth(platform);
  return {
    ...test,
    deps: platform,
    auth,
    async scope(role: RoleName): Promise<Scope> {
      const { id } = await makeUser(auth, test.acme, role);
      const permissions = permissionsOf(role, []);
      return { db: test.db, tenantId: test.acme, actor: `user:${id}`, permissions };
    },
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name: `tenants: ${name}`, sanitizeOps: false, sanitizeResources: false, fn });
const NEW = { name: "Initech", slug: "initech", adminName: "Bill", adminEmail: "bill@example.net" };

test("one is made with its first administrator, who sees it alone", async () => {
  await using tenants = await open();
  const boss = await tenants.scope("super_admin");
  const { tenant, link } = await createTenant(boss, tenants.deps, NEW);
  deepEqual([tenant.name, tenant.users, tenant.devices], ["Initech", 1, 0]);
  const x = crypto.getRandomValues(new Uint8Array(32));
  await enrol(tenants.auth, link.token, verifierFor(x), CLIENT);
  equal((await signIn(tenants.auth, { email: NEW.adminEmail, x })).result.next, "done");
  const names = (await listTenants(boss)).map(({ slug }) => slug);
  deepEqual(names, ["acme", "default", "globex", "initech"]);
  const rows = await tenants.db.tenant(
    tenant.id as Scope["tenantId"],
    (sql) => sql<{ action: string }[]>`select action from audit_log order by seq`,
  );
  deepEqual(rows.map(({ action }) => action).slice(0, 2), ["user.invited", "tenant.created"]);
});

test("short name and address are used once, and what is wrong makes nothing", async () => {
  await using tenants = await open();
  const boss = await tenants.scope("super_admin");
  await createTenant(boss, tenants.deps, NEW);
  const count = (await listTenants(boss)).length;
  await rejects(
    createTenant(boss, tenants.deps, { ...NEW, adminEmail: "x@example.net" }),
    Conflict,
  );
  await rejects(createTenant(boss, tenants.deps, { ...NEW, slug: "other" }), Conflict);
  await rejects(createTenant(boss, tenants.deps, { ...NEW, slug: "No Slug" }), InvalidInput);
  equal((await listTenants(boss)).length, count);
});

test("a suspended one lets nobody in until it is resumed", async () => {
  await using tenants = await open();
  const boss = await tenants.scope("super_admin");
  const user = await makeUser(tenants.auth, tenants.globex, "admin");
  await updateTenant(boss, tenants.deps, tenants.globex, { isActive: false });
  await rejects(signIn(tenants.auth, user), Unauthenticated);
  await updateTenant(boss, tenants.deps, tenants.globex, { isActive: true, name: "Globex 2" });
  equal((await signIn(tenants.auth, user)).result.next, "done");
  const first = await ensureDefaultTenant(tenants.db);
  await rejects(updateTenant(boss, tenants.deps, first, { isActive: false }), Conflict);
  await rejects(updateTenant(boss, tenants.deps, crypto.randomUUID(), {}), NotFound);
});

test("an administrator of one tenant neither sees nor changes another", async () => {
  await using tenants = await open();
  const admin = await tenants.scope("admin");
  await rejects(listTenants(admin), Forbidden);
  await rejects(createTenant(admin, tenants.deps, NEW), Forbidden);
  await rejects(updateTenant(admin, tenants.deps, tenants.globex, { name: "x" }), Forbidden);
  await saveSettings(admin, tenants.deps, { requireSecondFactor: true });
  deepEqual(await getSettings(admin), { requireSecondFactor: true, requireChangeReview: false });
  const theirs = await tenants.db.tenant(
    tenants.globex,
    (sql) => sql<{ settings: object }[]>`select settings from tenants`,
  );
  deepEqual(theirs[0]!.settings, {});
  await rejects(
    saveSettings(await tenants.scope("operator"), tenants.deps, { requireSecondFactor: false }),
    Forbidden,
  );
});
