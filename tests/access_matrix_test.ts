import { deepEqual, equal, ok } from "node:assert/strict";
import { createApiKey, revokeApiKey } from "@/core/api_keys/api_keys.ts";
import { signAccessToken, verifyAccessToken } from "@/core/auth/access_token.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { readPrincipal } from "@/core/auth/principal.ts";
import {
  BUILT_IN_ROLES,
  RESERVED_PERMISSIONS,
  ROLE_PERMISSIONS,
  type RoleName,
} from "@/core/auth/roles.ts";
import { revokeOwnSessions } from "@/core/auth/sessions.ts";
import { Issuers } from "@/core/auth/sso/issuers.ts";
import { addProvider } from "@/core/auth/sso/providers.ts";
import { addProfile } from "@/core/credentials/profiles.ts";
import { changeDevices } from "@/core/bulk_edit/change_devices.ts";
import { addCommandJob, addPushJob } from "@/core/bulk_jobs/make_job.ts";
import { addTemplate } from "@/core/templates/templates.ts";
import { createChangeSet } from "@/core/change_sets/change_sets.ts";
import { createRole } from "@/core/roles/roles.ts";
import { type Permission, PERMISSIONS, type Scope, type TenantId } from "@/core/scope.ts";
import { addSector } from "@/core/sites/sectors.ts";
import { addSite } from "@/core/sites/sites.ts";
import { addView } from "@/core/fleet_views/fleet_views.ts";
import { addGroup } from "@/core/groups/groups.ts";
import { addTag } from "@/core/tags/tags.ts";
import { addException } from "@/core/compliance/exceptions.ts";
import { addPolicy } from "@/core/compliance/policies.ts";
import { addRule } from "@/core/compliance/rules.ts";
import { addGroupBaseline } from "@/core/drift/baselines.ts";
import { addIgnore } from "@/core/drift/ignores.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { openTestDb } from "./support/databases.ts";
import { insertDevice } from "./support/devices.ts";
import { CLIENT, makeUser, signIn } from "./support/identity.ts";
import { plantPush } from "./support/plant_push.ts";
import { openTestPlatform } from "./support/platform.ts";

/** Routes that need no credential, each a decision: whoever adds one adds it here. */
const PUBLIC = [
  "POST /auth/demo",
  "POST /auth/enrol",
  "GET /auth/link",
  "POST /auth/logout",
  "POST /auth/recover",
  "POST /auth/refresh",
  "POST /auth/second-factor",
  "POST /auth/srp/finish",
  "POST /auth/srp/start",
  "GET /auth/sso/callback",
  "GET /auth/sso/start",
];
const CUSTOM: readonly Permission[] = ["devices:read", "events:read", "audit:read"];
const INFO = { remoteAddr: { hostname: CLIENT.address } };

interface Route {
  method: string;
  path: string;
  permission: string;
}

interface Credential {
  name: string;
  headers: Record<string, string>;
  /** What it may; `undefined`: it is worth nothing. */
  permissions: ReadonlySet<string> | undefined;
}

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db, ["--auth-attempts-per-minute=10000"]);
  const auth = openAuth(platform);
  const http = createHttpApp(platform);
  const ask = (
    method: string,
    path: string,
    headers: Record<string, string>,
    body: unknown = {},
  ) =>
    http.app.request(`http://127.0.0.1:8080/api${path}`, {
      method,
      headers: { ...headers, ...(hasBody(method) && { "content-type": "application/json" }) },
      ...(hasBody(method) && { body: JSON.stringify(body) }),
    }, INFO);
  const session = async (
    tenantId: TenantId,
    role: RoleName,
    permissions: readonly string[] = [],
  ) => {
    const user = await makeUser(auth, tenantId, role, { permissions });
    const { result } = await signIn(auth, user);
    if (result.next !== "done") throw new Error("no session");
    const claims = (await verifyAccessToken(auth, result.tokens.access))!;
    const principal = (await readPrincipal(test.db, claims, Date.now()))!;
    const scope: Scope = {
      db: test.db,
      tenantId,
      actor: `user:${user.id}`,
      permissions: principal.permissions,
    };
    return { user, claims, principal, scope, access: result.tokens.access };
  };
  return {
    ...test,
    platform,
    auth,
    ask,
    session,
    async routes(): Promise<Route[]> {
      const document = await (await ask("GET", "/openapi.json", {})).json();
      return Object.entries<Record<string, Record<string, unknown>>>(document.paths).flatMap((
        [path, methods],
      ) =>
        Object.entries(methods).map(([method, operation]) => ({
          method: method.toUpperCase(),
          path,
          permission: String(operation["x-permission"]),
        }))
      );
    },
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

const hasBody = (method: string) => method !== "GET" && method !== "DELETE";
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string) => ({ cookie: `tod_session=${token}` });

/** A path with values in place of its parameters. */
function fill(path: string, id: string): string {
  return path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => name === "chart" ? "cpu" : name === "seq" ? "1" : id,
  );
}

async function credentials(test: Awaited<ReturnType<typeof open>>): Promise<Credential[]> {
  const { acme, auth, platform, db } = test;
  const list: Credential[] = [];
  for (const role of BUILT_IN_ROLES) {
    const { access } = await test.session(acme, role);
    const permissions = new Set<string>(ROLE_PERMISSIONS[role]);
    list.push({ name: role, headers: cookie(access), permissions });
    list.push({ name: `${role}, as bearer`, headers: bearer(access), permissions });
  }
  const custom = await test.session(acme, "custom", CUSTOM);
  list.push({
    name: "a custom role",
    headers: cookie(custom.access),
    permissions: new Set([...CUSTOM, "account:self"]),
  });
  const keyOf = async (scope: Scope, permissions: Permission[]) =>
    (await createApiKey(scope, platform, { name: permissions.join(), permissions })).secret;
  const boss = await test.session(acme, "super_admin");
  for (const permission of PERMISSIONS.filter((name) => !RESERVED_PERMISSIONS.has(name))) {
    list.push({
      name: `an API key for ${permission}`,
      headers: bearer(await keyOf(boss.scope, [permission])),
      permissions: new Set([permission]),
    });
  }
  const none = (name: string, headers: Record<string, string>) =>
    list.push({ name, headers, permissions: undefined });
  none("nothing", {});
  none("nonsense", bearer("nonsense"));
  none("another scheme", { authorization: "Basic YTpi" });
  none("an unknown key", bearer(`mktp_${"A".repeat(43)}`));
  const clock = { ...auth.clock, now: () => Date.now() - 16 * 60_000, monotonic: () => 0 };
  const expired = await signAccessToken({ keys: auth.keys, clock }, boss.claims);
  none("an expired session", cookie(expired));
  const revoked = await test.session(acme, "admin");
  await revokeOwnSessions(auth, revoked.principal, CLIENT, { id: revoked.claims.sessionId });
  none("a revoked session", cookie(revoked.access));
  const gone = await test.session(acme, "admin");
  const goneKey = await keyOf(gone.scope, ["devices:read"]);
  await db.tenant(
    acme,
    (sql) => sql`update users set is_active = false where id = ${gone.user.id}`,
  );
  const endedKey = await createApiKey(boss.scope, platform, {
    ...{ name: "revoked", permissions: ["devices:read"] },
  });
  await revokeApiKey(boss.scope, platform, endedKey.key.id);
  none("a revoked key", bearer(endedKey.secret));
  const lateKey = await createApiKey(boss.scope, platform, {
    ...{ name: "expired", permissions: ["devices:read"] },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await db.tenant(
    acme,
    (sql) => sql`update api_keys set expires_at = now() where id = ${lateKey.key.id}`,
  );
  none("an expired key", bearer(lateKey.secret));
  none("the session of a deactivated user", cookie(gone.access));
  none("the key of a deactivated user", bearer(goneKey));
  return list;
}

Deno.test({
  name: "every route × every credential: the allowed set is the permission table, and no more",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open();
    const routes = await test.routes();
    const open_ = routes.filter(({ permission }) => permission === "public");
    deepEqual(
      open_.map(({ method, path }) => `${method} ${path}`).sort(),
      PUBLIC.toSorted(),
      "public",
    );
    const guarded = routes.filter(({ permission }) => permission !== "public");
    for (const { method, path, permission } of guarded) {
      ok(
        (PERMISSIONS as readonly string[]).includes(permission),
        `${method} ${path}: ${permission}`,
      );
    }
    const wrong: string[] = [];
    const who = await credentials(test);
    const tryRoute = async (
      { name, headers, permissions }: Credential,
      { method, path, permission }: Route,
    ) => {
      const response = await test.ask(method, fill(path, crypto.randomUUID()), headers);
      await response.body?.cancel();
      const isAllowed = response.status !== 401 && response.status !== 403 &&
        response.status < 500;
      const expected = permissions === undefined
        ? 401
        : permissions.has(permission)
        ? "allowed"
        : 403;
      const got = isAllowed ? "allowed" : response.status;
      if (got !== expected) wrong.push(`${name}: ${method} ${path} answered ${response.status}`);
    };
    for (const route of guarded) {
      await Promise.all(who.map((credential) => tryRoute(credential, route)));
    }
    deepEqual(wrong, []);
    console.log(`${guarded.length} guarded routes × ${who.length} credentials`);
  },
});

Deno.test({
  name: "ids of another tenant answer 404, whoever asks",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open();
    const foreign = await test.session(test.globex, "super_admin");
    const { key } = await createApiKey(foreign.scope, test.platform, {
      name: "theirs",
      permissions: ["devices:read"],
    });
    const ids: Record<string, string> = {
      "/devices": await insertDevice(test, test.globex),
      "/api-keys": key.id,
      "/auth/sessions": foreign.claims.sessionId,
      "/users": (await test.session(test.globex, "viewer")).user.id,
    };
    const scope = foreign.scope;
    const role = await createRole(scope, test.platform, {
      ...{ name: "theirs", permissions: ["devices:read"] },
    });
    const provider = await addProvider(scope, {
      ...test.auth,
      issuers: new Issuers(test.auth.clock),
    }, {
      ...{ name: "theirs", issuer: "https://sso.example", clientId: "tod" },
    });
    ids["/sso-providers"] = ids["/auth/identities"] = provider.id;
    ids["/roles"] = role.id;
    ids["/credential-profiles"] = (await addProfile(scope, test.platform, {
      ...{ name: "theirs", username: "tod", password: "x" },
    })).id;
    const [scan] = await test.db.tenant(scope.tenantId, (sql) =>
      sql<{ id: string }[]>`
      insert into scans (tenant_id, targets, region, total, started_by, started_at, heard_at)
      values (${scope.tenantId}, '10.0.0.1', 'default', 1, 'user:x', now(), now()) returning id`);
    ids["/discovery/scans"] = scan!.id;
    ids["/discovery/neighbors"] = "0".repeat(32);
    await test.db.tenant(scope.tenantId, (sql) =>
      sql`
      insert into seen_routers (tenant_id, id, macs, addresses, seen_by, seers, first_seen_at,
        last_seen_at)
      values (${scope.tenantId}, ${"0".repeat(32)}, '{}', '{}', '[]', 1, now(), now())`);
    ids["/map/places"] = ids["/sites"] = (await addSite(scope, test.platform, { name: "theirs" }))
      .id;
    ids["/devices/bulk"] = (await changeDevices(scope, test.platform, {
      ...{ ids: [ids["/devices"]!], change: { action: "interval", pollIntervalSeconds: 60 } },
    })).id;
    ids["/sectors"] = (await addSector(scope, test.platform, ids["/sites"], {
      ...{ name: "theirs", azimuth: 0 },
    })).id;
    ids["/views"] = (await addView(scope, test.platform, { name: "theirs", isShared: true })).id;
    ids["/groups"] = (await addGroup(scope, test.platform, { name: "theirs" })).id;
    const rule = await addRule(scope, test.platform, {
      ...{ title: "theirs", severity: "low", help: "" },
      body: { when: null, need: "all", checks: [{ menu: "/ip/dns", expect: "some", where: [] }] },
    });
    ids["/compliance/rules"] = rule.id;
    ids["/compliance/policies"] =
      (await addPolicy(scope, test.platform, { name: "theirs", isForAll: true })).id;
    ids["/compliance/exceptions"] = (await addException(scope, test.platform, {
      ...{ ruleId: rule.id, deviceId: ids["/devices"]!, reason: "theirs", expiresAt: null },
    })).id;
    ids["/drift/baselines"] = (await addGroupBaseline(scope, test.platform, {
      ...{ groupId: ids["/groups"], text: "/ip dns\nset servers=192.0.2.53\n" },
    })).id;
    ids["/drift/ignores"] =
      (await addIgnore(scope, test.platform, { menu: "/ip/dns", reason: "theirs" })).id;
    ids["/pushes"] = await plantPush(test.platform, {
      ...{ tenantId: scope.tenantId, deviceId: ids["/devices"]!, state: "applied" },
    });
    ids["/change-sets"] = (await createChangeSet(scope, test.platform, { name: "theirs" })).id;
    ids["/tags"] = (await addTag(scope, test.platform, { name: "theirs" })).id;
    ids["/templates"] = (await addTemplate(scope, test.platform, {
      ...{ name: "theirs", script: "/system identity\nset name=x\n" },
    })).id;
    ids["/jobs/pushes"] = await addPushJob(scope, test.platform, {
      ...{ title: "theirs", what: { kind: "template", id: ids["/templates"] } },
      ids: [ids["/devices"]!],
    });
    ids["/jobs"] = ids["/jobs/commands"] = await addCommandJob(scope, test.platform, {
      ...{ title: "theirs", script: ":put x", ids: [ids["/devices"]!] },
    });
    // Whoever has tenants:write works across tenants; here an id is foreign when nobody has it.
    ids["/tenants"] = crypto.randomUUID();
    const restore = { versionId: crypto.randomUUID(), sourceId: null };
    const choice = { runningId: crypto.randomUUID(), chosen: null };
    const bodies: Record<string, unknown> = {
      "POST /devices/{id}/compliance/trials": { body: rule.body },
      "PUT /devices/{id}/baseline": { versionId: crypto.randomUUID() },
      "POST /devices/{id}/drift/adopt": { items: [crypto.randomUUID()] },
      "POST /devices/{id}/drift/plan": { items: [crypto.randomUUID()] },
      "POST /devices/{id}/drift/revert": {
        ...{ items: [crypto.randomUUID()], title: "x", confirm: "auto", windowSeconds: 60 },
        typedName: null,
      },
      "PATCH /drift/baselines/{id}": { revision: 1, wholeMenus: [] },
      "POST /devices/{id}/configs/{version}/reveal": { reason: "curiosity" },
      "PUT /devices/{id}/configs/{version}/pin": { isPinned: true, label: null },
      "PATCH /templates/{id}": { version: 1 },
      "POST /templates/{id}/preview": { deviceId: ids["/devices"] },
      "POST /jobs/commands/{id}/acts": { act: "abort" },
      "POST /jobs/pushes/{id}/acts": { act: "abort" },
      "POST /devices/{id}/pushes/preview": {
        commands: [{
          ...{ action: "set", menu: "/system/identity", target: { by: "menu" } },
          attributes: { name: "mine" },
        }],
      },
      "POST /devices/{id}/binary-backups/{backup}/password": { reason: "curiosity" },
      "POST /devices/{id}/binary-backups/{backup}/restore": { typedName: "x" },
      "POST /devices/{id}/restores/plan": restore,
      "POST /devices/{id}/restores/preview": { ...restore, ...choice },
      "POST /devices/{id}/restores": {
        ...{ ...restore, ...choice, confirm: "auto", windowSeconds: 60, probes: [] },
        typedName: null,
      },
      "POST /devices/{id}/editor/reveal": { reason: "curiosity", menu: "/user" },
      "PATCH /change-sets/{id}": { name: "mine" },
      "POST /change-sets/{id}/changes": {
        deviceId: ids["/devices"],
        changes: [{ command: { action: "add", menu: "/ip/pool", attributes: {}, before: null } }],
      },
      "PUT /change-sets/{id}/changes/{change}": {
        command: { action: "add", menu: "/ip/pool", attributes: {}, before: null },
      },
      "POST /change-sets/{id}/comments": { text: "x" },
      "POST /change-sets/{id}/reveal": { reason: "curiosity" },
      "POST /change-sets/{id}/review": { verdict: "approve", revision: 0 },
      "POST /change-sets/{id}/push": { revision: 0 },
      "POST /sites/{id}/sectors": { name: "mine", azimuth: 0 },
      "POST /tenants/{id}/deletion": { slug: "x" },
      // A permission that whoever may ask holds: else the answer would be about that.
      "PUT /discovery/neighbors/{id}/ignored": { ignored: true },
      "PUT /roles/{id}": { name: "mine", permissions: ["roles:write"] },
      "POST /devices/{id}/runs": { kind: "ping", params: { address: "192.0.2.1" } },
    };
    const who = (await credentials(test)).filter(({ permissions }) => permissions !== undefined);
    let asked = 0;
    for (const { method, path, permission } of await test.routes()) {
      const prefix = Object.keys(ids).find((prefix) => path.startsWith(`${prefix}/{id}`));
      if (!prefix) {
        ok(!path.includes("{id}"), `${path}: this test needs an id of another tenant for it`);
        continue;
      }
      const range = "?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z";
      const query = path.includes("{chart}")
        ? range
        : path.endsWith("/configs/compare")
        ? `?from=${ids[prefix]!}&to=${ids[prefix]!}`
        : `${method} ${path}` === "DELETE /tenants/{id}"
        ? "?slug=x"
        : `${method} ${path}` === "DELETE /devices/{id}"
        ? "?name=x"
        : "";
      const url = fill(path, ids[prefix]!) + query;
      const given = bodies[`${method} ${path}`] ?? {};
      for (const { name, headers, permissions } of who) {
        // Keys for something else were refused on every route above.
        if (permissions!.size === 1 && !permissions!.has(permission)) continue;
        const response = await test.ask(method, url, headers, given);
        await response.body?.cancel();
        const expected = permissions!.has(permission) ? 404 : 403;
        equal(response.status, expected, `${name}: ${method} ${path}`);
      }
      asked += 1;
    }
    ok(asked >= 5, `${asked} routes`);
    // And nothing of theirs was touched.
    const claims = (await verifyAccessToken(test.auth, foreign.access))!;
    ok(await readPrincipal(test.db, claims, Date.now()));
  },
});

Deno.test({
  name: "no header, parameter or cookie chooses a tenant or forges an address",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open();
    const { access } = await test.session(test.acme, "admin");
    await insertDevice(test, test.globex);
    const forged = {
      ...cookie(access),
      "x-tenant-id": test.globex,
      "x-tod-tenant": test.globex,
      "x-forwarded-for": "203.0.113.200",
      forwarded: "for=203.0.113.200",
    };
    for (const path of ["/devices", `/devices?tenant=${test.globex}&tenantId=${test.globex}`]) {
      const response = await test.ask("GET", path, forged);
      equal((await response.json()).total ?? 0, 0, path);
    }
    const rows = await test.db.tenant(
      test.acme,
      (sql) => sql<{ address: string }[]>`select distinct address from sessions`,
    );
    deepEqual(rows.map(({ address }) => address), [CLIENT.address]);
  },
});
