import { deepEqual, equal, ok } from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openAuth } from "@/core/auth/open_auth.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { openTestDb } from "./support/databases.ts";
import { makeUser, signIn } from "./support/identity.ts";
import { openTestPlatform } from "./support/platform.ts";

const INFO = { remoteAddr: { hostname: "127.0.0.1" } };

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const auth = openAuth(platform);
  const http = createHttpApp(platform);
  const { result } = await signIn(auth, await makeUser(auth, test.acme, "admin"));
  const cookie = `tod_session=${result.next === "done" ? result.tokens.access : ""}`;
  return {
    ...test,
    ask: (path: string, init: RequestInit = {}) =>
      http.app.request(`http://127.0.0.1:8080/api${path}`, {
        ...init,
        headers: { cookie, "content-type": "application/json", ...init.headers },
      }, INFO),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

test("the OpenAPI document is one, by a validator that we did not write", async () => {
  await using api = await open();
  const document = await (await api.ask("/openapi.json")).json();
  const { valid, errors } = await new Validator().validate(document);
  deepEqual([valid, errors], [true, undefined]);
  const lacking: string[] = [];
  for (
    const [path, methods] of Object.entries<Record<string, Record<string, unknown>>>(document.paths)
  ) {
    for (const [method, operation] of Object.entries(methods)) {
      const answers = Object.keys(operation["responses"] as object);
      const isWhole = operation["summary"] && (operation["tags"] as string[])?.length > 0 &&
        operation["x-permission"] && ["401", "403", "422", "503"].every((one) =>
          answers.includes(one)
        );
      if (!isWhole) lacking.push(`${method} ${path}`);
    }
  }
  deepEqual(lacking, []);
});

const ROUTER = { address: "192.0.2.10", username: "tod", password: "x", tlsMode: "plain" };

test("ten creates at once with one Idempotency-Key make one device", async () => {
  await using api = await open();
  const create = (body: unknown = ROUTER) =>
    api.ask("/devices", {
      method: "POST",
      headers: { "idempotency-key": "onboarding-17" },
      body: JSON.stringify(body),
    });
  const answers = await Promise.all(Array.from({ length: 10 }, () => create()));
  const statuses = answers.map(({ status }) => status);
  ok(statuses.includes(201), statuses.join());
  ok(statuses.every((status) => status === 201 || status === 409), statuses.join());
  const ids = new Set<string>();
  for (const answer of answers) {
    const body = await answer.json();
    if (answer.status === 201) ids.add(body.id);
  }
  // Whoever was told to repeat it gets the first one's answer.
  const again = await create();
  equal(again.headers.get("idempotent-replay"), "true");
  ids.add((await again.json()).id);
  equal(ids.size, 1);
  equal((await (await api.ask("/devices")).json()).total, 1);
  const other = await create({ ...ROUTER, address: "192.0.2.11" });
  equal(other.status, 409);
  await other.body?.cancel();
});

test("sparklines: own devices only, a bounded number of them", async () => {
  await using api = await open();
  const ids = Array.from({ length: 3 }, () => crypto.randomUUID()).join();
  const answer = await api.ask(`/fleet/sparklines?ids=${ids}&hours=2&points=20`);
  equal(answer.status, 200);
  deepEqual((await answer.json()).lines, {});
  for (const query of ["", "ids=x&points=9999", `ids=${"x,".repeat(20_000)}`]) {
    const refused = await api.ask(`/fleet/sparklines?${query}`);
    equal(refused.status, 422, query.slice(0, 40));
    await refused.body?.cancel();
  }
});
