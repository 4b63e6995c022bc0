import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { openAuth } from "@/core/auth/open_auth.ts";
import { ROLE_PERMISSIONS, type RoleName } from "@/core/auth/roles.ts";
import type { NewApiKey } from "@/core/contract/api_keys.ts";
import { Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Permission, Scope, TenantId } from "@/core/scope.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { makeUser } from "@/tests/support/identity.ts";
import { silentLog } from "@/tests/support/log.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "./api_keys.ts";
import { findApiKey } from "./find_api_key.ts";
import { LastUsed } from "./last_used.ts";

async function open() {
  const test = await openTestDb();
  const clock = new FakeClock();
  const platform = await openTestPlatform(test.db, [], { clock });
  const auth = openAuth(platform);
  const scopeOf = async (tenantId: TenantId, role: RoleName = "admin"): Promise<Scope> => {
    const { id } = await makeUser(auth, tenantId, role);
    const permissions = new Set(ROLE_PERMISSIONS[role as "admin"]);
    return { db: test.db, tenantId, actor: `user:${id}`, permissions };
  };
  return {
    ...test,
    clock,
    deps: { kms: platform.kms, clock },
    scopeOf,
    find: (secret: string, address = "192.0.2.1") =>
      findApiKey(test.db, secret, { address, now: clock.now() }),
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

const NEW: NewApiKey = { name: "Billing", permissions: ["devices:read"] };
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

test("a key is shown once, and stands for what it was made for", async () => {
  await using api = await open();
  const scope = await api.scopeOf(api.acme);
  const { key, secret } = await createApiKey(scope, api.deps, NEW);
  match(secret, /^mktp_[\w-]{43}$/);
  equal(secret.startsWith(key.prefix), true);
  const found = (await api.find(secret))!;
  deepEqual([found.id, found.tenantId, [...found.permissions]], [key.id, api.acme, [
    "devices:read",
  ]]);
  const listed = await listApiKeys(scope);
  deepEqual(listed, [key]);
  const stored = await api.db.tenant(api.acme, (sql) => sql`select * from api_keys`);
  equal(JSON.stringify([listed, stored]).includes(secret), false);
  equal(await api.find(secret.slice(0, -1) + (secret.endsWith("A") ? "B" : "A")), undefined);
});

test("a key is worth nothing once it is revoked or expired, or its maker or tenant is off", async () => {
  await using api = await open();
  const scope = await api.scopeOf(api.acme);
  const expiresAt = new Date(api.clock.now() + 60_000).toISOString();
  const lasting = await createApiKey(scope, api.deps, NEW);
  const short = await createApiKey(scope, api.deps, { ...NEW, expiresAt });
  await api.clock.advance(60_001);
  equal(await api.find(short.secret), undefined);
  for (const what of ["users", "tenants"]) {
    const set = (isActive: boolean) =>
      api.db.tenant(api.acme, (sql) => sql`update ${sql(what)} set is_active = ${isActive}`);
    await set(false);
    equal(await api.find(lasting.secret), undefined, what);
    await set(true);
    equal((await api.find(lasting.secret))?.id, lasting.key.id);
  }
  await revokeApiKey(scope, api.deps, lasting.key.id);
  equal(await api.find(lasting.secret), undefined);
  equal(
    (await listApiKeys(scope)).every(({ revokedAt, id }) =>
      (id === lasting.key.id) === (revokedAt !== null)
    ),
    true,
  );
});

test("a key loses what its maker loses", async () => {
  await using api = await open();
  const scope = await api.scopeOf(api.acme);
  const permissions: Permission[] = ["devices:read", "devices:write", "users:read"];
  const { secret } = await createApiKey(scope, api.deps, { ...NEW, permissions });
  await api.db.tenant(api.acme, (sql) => sql`update users set role = 'viewer'`);
  deepEqual([...(await api.find(secret))!.permissions], ["devices:read"]);
});

test("a key works from where it may, by either family", async () => {
  await using api = await open();
  const scope = await api.scopeOf(api.acme);
  const allowedFrom = ["192.0.2.77/24", "2001:db8::/32"];
  const { key, secret } = await createApiKey(scope, api.deps, { ...NEW, allowedFrom });
  deepEqual(key.allowedFrom, ["192.0.2.0/24", "2001:db8::/32"]);
  for (
    const [address, isAllowed] of [
      ["192.0.2.200", true],
      ["::ffff:192.0.2.1", true],
      ["2001:db8:1::1", true],
      ["192.0.3.1", false],
      ["2001:db9::1", false],
      ["unknown", false],
    ] as const
  ) equal(await api.find(secret, address) !== undefined, isAllowed, address);
});

test("nobody makes a key beyond their own rights, none that reaches beyond the tenant, none by a key", async () => {
  await using api = await open();
  const admin = await api.scopeOf(api.acme);
  const make = (scope: Scope, input: NewApiKey) => createApiKey(scope, api.deps, input);
  const lesser = { ...admin, permissions: new Set<Permission>(["apikeys:write", "devices:read"]) };
  await rejects(make(lesser, { ...NEW, permissions: ["users:write"] }), Forbidden);
  await rejects(make({ ...admin, actor: "key:1" }, NEW), Forbidden);
  await rejects(make(await api.scopeOf(api.acme, "viewer"), NEW), Forbidden);
  const boss = await api.scopeOf(api.acme, "super_admin");
  for (const permissions of [["tenants:write"], ["account:self"], ["no:such"], []]) {
    await rejects(make(boss, { ...NEW, permissions }), InvalidInput, permissions.join());
  }
  for (const wrong of [{ allowedFrom: ["example.net"] }, { expiresAt: "2020-01-01T00:00:00Z" }]) {
    await rejects(make(admin, { ...NEW, ...wrong }), InvalidInput);
  }
  // At work in another tenant they are nobody there.
  await rejects(make({ ...boss, tenantId: api.globex }, NEW), Forbidden);
});

test("another tenant's keys are not there", async () => {
  await using api = await open();
  const [acme, globex] = [await api.scopeOf(api.acme), await api.scopeOf(api.globex)];
  const { key, secret } = await createApiKey(acme, api.deps, NEW);
  deepEqual(await listApiKeys(globex), []);
  await rejects(revokeApiKey(globex, api.deps, key.id), NotFound);
  equal((await api.find(secret))?.tenantId, api.acme);
});

test("last uses are written together, and never back in time", async () => {
  await using api = await open();
  const scope = await api.scopeOf(api.acme);
  const { key } = await createApiKey(scope, api.deps, NEW);
  const used = new LastUsed({ db: api.db, clock: api.clock, log: silentLog });
  used.note(key.id, api.acme, "192.0.2.1");
  await api.clock.advance(1_000);
  used.note(key.id, api.acme, "192.0.2.2");
  equal((await listApiKeys(scope))[0]!.lastUsedAt, null);
  await used[Symbol.asyncDispose]();
  const [{ lastUsedAt, lastUsedFrom }] = await listApiKeys(scope) as [
    Awaited<ReturnType<typeof listApiKeys>>[0],
  ];
  deepEqual([lastUsedAt, lastUsedFrom], [new Date(api.clock.now()).toISOString(), "192.0.2.2"]);
});
