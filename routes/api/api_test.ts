import { deepEqual, equal, match, ok } from "node:assert/strict";
import { recordingLog } from "@/tests/support/log.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { Issuers } from "@/core/auth/sso/issuers.ts";
import { clientAddress } from "../http/client_address.ts";
import { SessionCookies } from "../http/session_cookies.ts";
import { createApi } from "./mod.ts";
import { binaryDeps } from "@/core/binary_backups/run_jobs.ts";
import { type Permission, PERMISSIONS, type Scope, type TenantId } from "@/core/scope.ts";
import { RouterReader } from "@/core/config_editor/router_reader.ts";
import { PostgresMetricReader } from "@/core/metrics/postgres_reader.ts";
import { RunStreams } from "../http/run_stream.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import { Topologies } from "@/core/topology/topology.ts";
import { SseHub } from "../http/sse_hub.ts";

const ROUTER = { address: "192.0.2.10", username: "tod", password: "hunter2", tlsMode: "plain" };
const JSON_TYPE = { "content-type": "application/json" };

/** What signing in needs; here each test says itself who asks. */
const identityOf = (platform: Parameters<typeof openAuth>[0], auth = openAuth(platform)) => ({
  auth,
  sso: { ...auth, issuers: new Issuers(platform.clock) },
  cookies: new SessionCookies(false),
  addressOf: clientAddress([]),
  findKey: () => Promise.resolve(undefined),
  publicUrl: null,
});

/** The API over a database of its own; `as()` speaks for a tenant, with every or some permission. */
async function openApi() {
  const test = await openTestDb();
  const log = recordingLog();
  const platform = await openTestPlatform(test.db, [], { log });
  const hub = new SseHub(platform.bus);
  const topologies = new Topologies({ ...platform, staleMs: 900_000 });
  let scope: Scope;
  const api = createApi({
    ...platform,
    ...identityOf(platform),
    hub,
    runStreams: new RunStreams(platform.bus),
    discoveryNetworks: [],
    topologies,
    routers: new RouterReader({ link: remoteLink(platform) }),
    reader: new PostgresMetricReader(60),
    backups: {
      ...binaryDeps(platform, 1),
      retention: platform.config.backups.retention,
    },
    version: "test",
    scopeOf: () => Promise.resolve(scope),
  });
  const as = (
    tenantId: TenantId,
    permissions: readonly Permission[] = PERMISSIONS,
  ) => {
    const own = {
      db: test.db,
      tenantId,
      actor: "user:test",
      permissions: new Set(permissions),
    } as Scope;
    return async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) => {
      scope = own;
      const response = await api.request(path, {
        method,
        headers: { ...(body === undefined ? {} : JSON_TYPE), ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const isJson = response.headers.get("content-type")?.includes("json");
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? await response.json() : null,
      };
    };
  };
  return {
    ...test,
    api,
    as,
    log,
    bus: platform.bus,
    async [Symbol.asyncDispose]() {
      await topologies[Symbol.asyncDispose]();
      await hub[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("devices: add, read, list, change, remove", async () => {
  await using test = await openApi();
  const call = test.as(test.acme);
  const added = await call("POST", "/devices", ROUTER);
  equal(added.status, 201);
  const { id } = added.body;
  equal(added.headers.get("location"), `/api/devices/${id}`);
  equal(added.body.port, 8728, "plain takes the plain port");
  ok(!JSON.stringify(added.body).includes("hunter2"));

  const read = await call("GET", `/devices/${id}`);
  equal(read.body.status, "pending");
  const again = await call("GET", `/devices/${id}`, undefined, {
    "if-none-match": read.headers.get("etag")!,
  });
  equal(again.status, 304);

  const list = await call("GET", "/devices?q=192.0.2&sort=name&order=desc");
  deepEqual([list.body.total, list.body.items[0].id], [1, id]);

  const patched = await call("PATCH", `/devices/${id}`, { site: "North" }, { "if-match": '"r1"' });
  deepEqual([patched.status, patched.body.site, patched.body.revision], [200, "North", 2]);
  equal(
    (await call("PATCH", `/devices/${id}`, { site: "South" }, { "if-match": '"r1"' })).status,
    412,
  );

  const events = await call("GET", "/events");
  deepEqual(events.body.items.map(({ kind }: { kind: string }) => kind), [
    "device.changed",
    "device.added",
  ]);

  const name = encodeURIComponent(added.body.address);
  equal((await call("DELETE", `/devices/${id}?name=${name}`)).status, 409, "in service");
  const retired = await call("POST", `/devices/${id}/retire`);
  deepEqual([retired.status, typeof retired.body.retiredAt], [200, "string"]);
  equal((await call("GET", "/devices")).body.total, 0);
  equal((await call("GET", "/devices?q=status:retired")).body.total, 1);
  equal((await call("DELETE", `/devices/${id}`)).status, 422, "no name");
  equal((await call("DELETE", `/devices/${id}?name=other`)).status, 422, "another name");
  equal((await call("DELETE", `/devices/${id}?name=${name}`)).status, 204);
  equal((await call("GET", `/devices/${id}`)).status, 404);
});

Deno.test("devices: input that does not fit is named, field by field", async () => {
  await using test = await openApi();
  const call = test.as(test.acme);
  for (
    const { body, path } of [
      { body: { ...ROUTER, address: "300.1.1.1" }, path: "address" },
      { body: { ...ROUTER, address: "a b" }, path: "address" },
      { body: { ...ROUTER, port: 0 }, path: "port" },
      { body: { ...ROUTER, tlsMode: "ca" }, path: "tlsCa" },
      { body: { ...ROUTER, tlsMode: "none" }, path: "tlsMode" },
      { body: { ...ROUTER, username: "" }, path: "username" },
      { body: { ...ROUTER, tenantId: test.globex }, path: "" },
    ]
  ) {
    const { status, body: problem, headers } = await call("POST", "/devices", body);
    equal(status, 422, JSON.stringify(body));
    match(headers.get("content-type")!, /problem\+json/);
    ok(
      problem.issues.some((issue: { path: string }) => issue.path === path),
      JSON.stringify(problem),
    );
    ok(!JSON.stringify(problem).includes("hunter2"));
  }
  equal((await call("POST", "/devices", "{ not json")).status, 400);
  equal((await call("GET", "/devices?limit=0")).status, 422);
  equal((await call("GET", "/devices?cursor=AAAA")).status, 422);
  equal((await call("GET", "/nothing")).status, 404);
  equal((await call("POST", "/devices", { ...ROUTER, name: "x".repeat(1_100_000) })).status, 413);
});

Deno.test("devices: the same address twice is a conflict; the same key twice is one device", async () => {
  await using test = await openApi();
  const call = test.as(test.acme);
  const key = { "idempotency-key": "abc" };
  const first = await call("POST", "/devices", ROUTER, key);
  const replay = await call("POST", "/devices", ROUTER, key);
  deepEqual([replay.status, replay.body.id], [201, first.body.id]);
  equal(replay.headers.get("idempotent-replay"), "true");
  equal(
    (await call("POST", "/devices", { ...ROUTER, port: 9000 }, key)).status,
    409,
    "other body, same key",
  );
  equal((await call("POST", "/devices", ROUTER)).status, 409, "same address");
  equal((await call("GET", "/devices")).body.total, 1);
});

Deno.test("another tenant's device is not found, whatever is asked", async () => {
  await using test = await openApi();
  const acme = test.as(test.acme);
  const globex = test.as(test.globex);
  const { id } = (await acme("POST", "/devices", ROUTER)).body;
  const range = "from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z";
  for (
    const [method, path, body] of [
      ["GET", `/devices/${id}`],
      ["PATCH", `/devices/${id}`, { site: "X" }],
      ["DELETE", `/devices/${id}?name=x`],
      ["POST", `/devices/${id}/retire`],
      ["POST", `/devices/${id}/restore`],
      ["GET", `/devices/${id}/state`],
      ["GET", `/devices/${id}/metrics/cpu?${range}`],
      ["GET", `/events/stream?device=${id}`],
    ] as const
  ) {
    equal((await globex(method, path, body)).status, 404, `${method} ${path}`);
  }
  equal((await globex("GET", "/devices")).body.total, 0);
  equal((await globex("GET", "/events")).body.items.length, 0);
  equal((await globex("GET", `/events?device=${id}`)).body.items.length, 0);
  equal((await globex("GET", "/fleet/summary")).body.total, 0);
  equal((await acme("GET", `/devices/${id}`)).status, 200, "and it is untouched");
});

Deno.test("every route declares a permission, and refuses who lacks it before it looks at the input", async () => {
  await using test = await openApi();
  const document = (await test.as(test.acme)("GET", "/openapi.json")).body;
  equal(document.openapi, "3.1.0");
  let routes = 0;
  for (
    const [path, methods] of Object.entries<Record<string, Record<string, unknown>>>(document.paths)
  ) {
    for (const [method, operation] of Object.entries(methods)) {
      routes += 1;
      const permission = String(operation["x-permission"]);
      if (permission === "public") continue; // tests/access_matrix_test.ts has their list
      ok(
        (PERMISSIONS as readonly string[]).includes(permission),
        `${method} ${path}: ${permission}`,
      );
      const others = PERMISSIONS.filter((one) => one !== permission);
      const url = path.replace("{id}", crypto.randomUUID()).replace("{chart}", "cpu")
        .replace("{seq}", "1");
      const body = method === "post" || method === "patch" ? {} : undefined;
      const { status } = await test.as(test.acme, others)(method.toUpperCase(), url, body);
      equal(status, 403, `${method} ${path} without ${permission}`);
    }
  }
  ok(routes >= 11, `${routes} routes`);
});

Deno.test("a refusal is in the audit log, once an hour for who keeps asking", async () => {
  await using test = await openApi();
  const few = test.as(test.acme, ["devices:read"]);
  for (let time = 0; time < 3; time += 1) equal((await few("GET", "/users")).status, 403);
  equal((await few("GET", "/roles")).status, 403);
  equal((await few("GET", "/devices/nonsense")).status, 404);
  const { items } = (await test.as(test.acme)("GET", "/audit?action=access.refused")).body;
  deepEqual(items.map(({ outcome }: { outcome: string }) => outcome), ["refused", "refused"]);
  const { details } = (await test.as(test.acme)("GET", `/audit/${items[1].seq}`)).body;
  equal(details.path, "/users");
  match(details.reason, /users:read/);
});

Deno.test("an unexpected error stays vague outside and is told in the log", async () => {
  await using test = await openApi();
  const platform = await openTestPlatform(test.db, [], { log: test.log });
  await using hub = new SseHub(test.bus);
  await using topologies = new Topologies({ ...platform, staleMs: 900_000 });
  const api = createApi({
    ...platform,
    ...identityOf(platform),
    hub,
    runStreams: new RunStreams(test.bus),
    discoveryNetworks: [],
    topologies,
    routers: new RouterReader({ link: remoteLink(platform) }),
    reader: new PostgresMetricReader(60),
    backups: {
      ...binaryDeps(platform, 1),
      retention: platform.config.backups.retention,
    },
    version: "test",
    scopeOf: () => Promise.reject(new TypeError("secret inside")),
  });
  const response = await api.request("/devices");
  equal(response.status, 500);
  ok(!(await response.text()).includes("secret inside"));
  ok(test.log.lines.some(({ message }) => message === "a request failed"));
});
