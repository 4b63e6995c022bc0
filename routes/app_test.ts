import { deepEqual, equal, match, ok } from "node:assert/strict";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { createHttpApp } from "./mod.ts";

/** The whole HTTP side of one box, without a socket. */
async function openApp() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const http = createHttpApp(platform);
  return {
    ask: (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
      http.app.request(`http://127.0.0.1:8080${path}`, {
        ...init,
        headers: { host: "127.0.0.1:8080", ...headers },
      }),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("only names of this machine are served, and no other site's requests", async () => {
  await using test = await openApp();
  const post = { method: "POST", body: "{}" };
  const json = { "content-type": "application/json" };
  for (
    const { why, path, headers = {}, init = {}, status } of [
      { why: "the page by its address", path: "/", status: 200 },
      { why: "by localhost", path: "/", headers: { host: "localhost:8080" }, status: 200 },
      { why: "by IPv6 loopback", path: "/", headers: { host: "[::1]:8080" }, status: 200 },
      { why: "DNS rebinding", path: "/", headers: { host: "evil.example" }, status: 403 },
      {
        why: "rebinding that looks alike",
        path: "/",
        headers: { host: "127.0.0.1.evil.example" },
        status: 403,
      },
      {
        why: "a form of another site",
        path: "/api/devices",
        headers: { ...json, origin: "http://evil.example" },
        init: post,
        status: 403,
      },
      {
        why: "a form of a sandboxed frame",
        path: "/api/devices",
        headers: { ...json, origin: "null" },
        init: post,
        status: 403,
      },
      {
        why: "another port of this machine",
        path: "/api/devices",
        headers: { ...json, origin: "http://127.0.0.1:9999" },
        init: post,
        status: 403,
      },
      {
        why: "a script of another site that reads",
        path: "/api/devices",
        headers: { "sec-fetch-site": "cross-site" },
        status: 403,
      },
      {
        why: "our own page",
        path: "/api/devices",
        headers: { ...json, origin: "http://127.0.0.1:8080" },
        init: post,
        status: 422,
      },
      {
        why: "a link from another site",
        path: "/devices",
        headers: { "sec-fetch-site": "cross-site" },
        status: 200,
      },
    ] as {
      why: string;
      path: string;
      headers?: Record<string, string>;
      init?: RequestInit;
      status: number;
    }[]
  ) {
    const response = await test.ask(path, headers, init);
    equal(response.status, status, why);
    await response.body?.cancel();
  }
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
