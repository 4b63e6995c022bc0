import { deepEqual, equal, ok } from "node:assert/strict";
import { openAuth } from "@/core/auth/open_auth.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { openTestDb } from "./support/databases.ts";
import { CLIENT, makeUser, signIn } from "./support/identity.ts";
import { openTestPlatform } from "./support/platform.ts";

const INFO = { remoteAddr: { hostname: CLIENT.address } };

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const auth = openAuth(platform);
  const http = createHttpApp(platform);
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    http.app.request(`http://127.0.0.1:8080/api${path}`, { method, headers }, INFO);
  return {
    ...{ ...test, platform, ask },
    /** Cookies of somebody who just signed in. */
    async cookies(tenantId: TenantId) {
      const { result } = await signIn(auth, await makeUser(auth, tenantId, "viewer"));
      if (result.next !== "done") throw new Error("no session");
      const { access, refresh } = result.tokens;
      return { cookie: `tod_session=${access}; tod_refresh=${refresh}` };
    },
    tell: (tenantId: TenantId, text: string) =>
      platform.bus.broadcast(
        subjects.live(tenantId),
        new TextEncoder().encode(JSON.stringify({ devices: [], events: [], text })),
      ),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

interface Told {
  name: string;
  id: string | undefined;
  text: string | undefined;
}

/** Events of a stream. */
async function* told(response: Response): AsyncGenerator<Told> {
  let waiting = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    waiting += chunk;
    const events = waiting.split("\n\n");
    waiting = events.pop()!;
    for (const event of events) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(event)?.[1];
      const name = field("event");
      if (!name) continue;
      yield { name, id: field("id"), text: JSON.parse(field("data") ?? "{}").text };
    }
  }
}

async function next(stream: AsyncGenerator<Told>, name = "batch"): Promise<Told | undefined> {
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return undefined;
    if (value.name === name) return value;
  }
}

Deno.test({
  name: "a live stream: of one tenant, resumed by header or query, ended with its session",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open();
    const { acme, globex, ask, tell } = test;
    const mine = await test.cookies(acme);
    const response = await ask("GET", "/events/stream", mine);
    equal(response.status, 200);
    const stream = told(response);
    equal((await stream.next()).value?.name, "beat");
    const other = told(await ask("GET", "/events/stream", await test.cookies(globex)));
    equal((await other.next()).value?.name, "beat");
    tell(globex, "theirs");
    tell(acme, "one");
    tell(acme, "two");
    const first = await next(stream);
    deepEqual([first?.text, (await next(stream))?.text], ["one", "two"]);
    equal((await next(other))?.text, "theirs");

    const headers = { ...mine, "last-event-id": first!.id! };
    const ways = [ask("GET", "/events/stream", headers)];
    ways.push(ask("GET", `/events/stream?lastEventId=${first!.id}`, mine));
    for (const way of ways) {
      const back = told(await way);
      equal((await back.next()).value?.text, "two");
      await back.return(undefined);
    }
    const lost = told(await ask("GET", "/events/stream?lastEventId=of-another-life", mine));
    equal((await lost.next()).value?.name, "reset");
    await lost.return(undefined);

    // What comes after the end of the session is for nobody.
    const out = await ask("POST", "/auth/logout", { ...mine, "sec-fetch-site": "same-origin" });
    ok(out.ok, `${out.status}`);
    equal(await next(stream), undefined);
    tell(globex, "still");
    equal((await next(other))?.text, "still");
    equal((await ask("GET", "/events/stream", mine)).status, 401);
    await other.return(undefined);
  },
});
