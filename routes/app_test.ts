import { deepEqual, equal, match, ok } from "node:assert/strict";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { makeUser, signIn } from "@/tests/support/identity.ts";
import { createHttpApp } from "./mod.ts";

/** The whole HTTP side of one box, without a socket. */
async function openApp(args: string[] = []) {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db, args);
  const http = createHttpApp(platform);
  const auth = openAuth(platform);
  const { result } = await signIn(auth, await makeUser(auth, test.acme, "admin"));
  const access = result.next === "done" ? result.tokens.access : "";
  const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    http.app.request(`http://127.0.0.1:8080${path}`, {
      ...init,
      headers: { host: "127.0.0.1:8080", ...headers },
    }, { remoteAddr: { hostname: "127.0.0.1" } });
  return {
    stranger: ask,
    /** As an administrator who is signed in. */
    ask: (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
      ask(path, { cookie: `tod_session=${access}`, ...headers }, init),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("forms and scripts of other sites are refused, whatever cookie comes along", async () => {
  await using test = await openApp();
  const post = { method: "POST", body: "{}" };
  const json = { "content-type": "application/json" };
  const path = "/api/devices";
  for (
    const { why, headers = {}, init = {}, status, ...rest } of [
      {
        why: "a form of another site",
        headers: { origin: "http://evil.example" },
        init: post,
        status: 403,
      },
      { why: "a sandboxed frame", headers: { origin: "null" }, init: post, status: 403 },
      {
        why: "another port",
        headers: { origin: "http://127.0.0.1:9999" },
        init: post,
        status: 403,
      },
      {
        why: "a name that begins alike",
        headers: { origin: "http://127.0.0.1:8080.evil.example" },
        init: post,
        status: 403,
      },
      { why: "a script that reads", headers: { "sec-fetch-site": "cross-site" }, status: 403 },
      { why: "a sister site", headers: { "sec-fetch-site": "same-site" }, init: post, status: 403 },
      {
        why: "our own page",
        headers: { origin: "http://127.0.0.1:8080" },
        init: post,
        status: 422,
      },
      { why: "a program without an origin", init: post, status: 422 },
      {
        why: "a link from another site",
        path: "/devices",
        headers: { "sec-fetch-site": "cross-site" },
        status: 200,
      },
    ] as {
      why: string;
      path?: string;
      headers?: Record<string, string>;
      init?: RequestInit;
      status: number;
    }[]
  ) {
    const response = await test.ask(rest.path ?? path, { ...json, ...headers }, init);
    equal(response.status, status, why);
    await response.body?.cancel();
  }
});

Deno.test("other origins reach the API by CORS with a key of their own, never with a cookie", async () => {
  const origin = "https://portal.example.net";
  await using test = await openApp([`--cors-origins=${origin}`]);
  const key = { authorization: `Bearer mktp_${"A".repeat(43)}`, origin };
  const asked = await test.stranger("/api/devices", key);
  deepEqual(
    [asked.status, asked.headers.get("access-control-allow-origin")],
    [401, origin],
    "it came as far as the key, which is unknown",
  );
  equal(asked.headers.get("access-control-allow-credentials"), null);
  const preflight = await test.stranger("/api/devices", {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  }, { method: "OPTIONS" });
  equal(preflight.status, 204);
  const withCookie = await test.ask("/api/devices", { origin });
  equal(withCookie.status, 403);
  const other = await test.stranger("/api/devices", { ...key, origin: "https://evil.example" });
  equal(other.headers.get("access-control-allow-origin"), null);
  for (const response of [asked, preflight, withCookie, other]) await response.body?.cancel();
});

Deno.test("strangers are sent to sign in, and back; programs hear 401", async () => {
  await using test = await openApp();
  for (
    const [path, location] of [
      ["/", "/login"],
      ["/devices?q=x&page=2", "/login?next=%2Fdevices%3Fq%3Dx%26page%3D2"],
      ["/account", "/login?next=%2Faccount"],
    ] as const
  ) {
    const response = await test.stranger(path);
    deepEqual([response.status, response.headers.get("location")], [303, location]);
  }
  for (const path of ["/login", "/enrol", "/recover", "/demo"]) {
    const response = await test.stranger(path);
    equal(response.status, 200, path);
    ok(!(await response.text()).includes("nav-link"), `${path} shows the frame`);
  }
  const api = await test.stranger("/api/devices");
  equal(api.status, 401);
  equal(api.headers.get("content-type"), "application/problem+json");
  await api.body?.cancel();
  const posted = await test.stranger("/devices/new", {}, { method: "POST" });
  equal(posted.status, 401);
  await posted.body?.cancel();
  for (
    const next of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1"]
  ) {
    const login = await (await test.stranger(`/login?next=${encodeURIComponent(next)}`)).text();
    ok(!login.includes("evil.example") && !login.includes("javascript:"), next);
  }
});

Deno.test("a page with data is kept by no cache", async () => {
  await using test = await openApp();
  const response = await test.ask("/devices");
  equal(response.headers.get("cache-control"), "private, no-store");
  await response.body?.cancel();
});

Deno.test("pages come with a strict policy: nothing inline, nothing foreign", async () => {
  await using test = await openApp();
  const response = await test.ask("/devices");
  const policy = response.headers.get("content-security-policy")!;
  ok(!policy.includes("unsafe"), policy);
  match(policy, /default-src 'none'/);
  match(policy, /script-src 'self' 'sha256-/);
  const html = await response.text();
  ok(!/<script(?![^>]*(src|importmap))[^>]*>/.test(html), "an inline script");
  ok(!/ (style|on\w+)="/.test(html), "an inline style or handler");
  for (const name of ["x-content-type-options", "x-frame-options", "x-request-id"]) {
    ok(response.headers.get(name), name);
  }
});

Deno.test("health says what stands behind it", async () => {
  await using test = await openApp();
  equal((await (await test.ask("/health")).json()).status, "alive");
  const { status, dependencies } = await (await test.ask("/health/ready")).json();
  equal(status, "ready");
  deepEqual(
    dependencies.map(({ name }: { name: string }) => name),
    ["database", "bus", "locks", "kms"],
  );
});

Deno.test("an empty fleet says what to do, an unknown page what is there", async () => {
  await using test = await openApp();
  for (const path of ["/", "/devices"]) {
    match(await (await test.ask(path)).text(), /Add the first router/);
  }
  match(await (await test.ask("/devices?q=nothing-like-it")).text(), /No router matches/);
  const missing = await test.ask("/devices/nothing", { accept: "text/html" });
  equal(missing.status, 404);
  match(await missing.text(), /There is nothing here/);
});
