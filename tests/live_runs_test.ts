import { deepEqual, equal, match, ok } from "node:assert/strict";
import { openNats } from "@/core/adapters/nats.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import type { RoleName } from "@/core/auth/roles.ts";
import type { RunMessage } from "@/core/contract/device_runs.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { cancelRun } from "@/core/device_runs/cancel_run.ts";
import { followRun } from "@/core/device_runs/follow_run.ts";
import type { TenantId } from "@/core/scope.ts";
import { startPoller } from "@/poller/mod.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { openAuditTest } from "./support/audit.ts";
import { FakeClock } from "./support/clock.ts";
import { CLIENT, makeUser, signIn } from "./support/identity.ts";
import { rowsOf, scopeIn, startRuns, TENANT } from "./support/live_runs.ts";
import { silentLog } from "./support/log.ts";
import { scopeOf } from "./support/scope.ts";
import { startNats } from "./support/servers.ts";

/** The API and a poller of one process over a simulated router. */
async function open() {
  const stack = new AsyncDisposableStack();
  const fleet = stack.use(await startFleet({ routers: [{ board: "hex", version: "7.18.2" }] }));
  const test = stack.use(await openAuditTest());
  const { platform } = test;
  const auth = openAuth(platform);
  const stop = new AbortController();
  const polling = startPoller(platform, stop.signal);
  stack.defer(async () => {
    stop.abort();
    await polling;
  });
  const http = stack.use(createHttpApp(platform));
  const { address, port, username, password } = fleet.routers[0]!;
  const { id } = await addDevice(scopeOf(test.db, test.acme), platform, {
    ...{ address, port, username, password, tlsMode: "plain", region: "default" },
  });
  const as = async (role: RoleName, tenantId: TenantId) => {
    const { result } = await signIn(auth, await makeUser(auth, tenantId, role));
    if (result.next !== "done") throw new Error("no session");
    const { access } = result.tokens;
    return (method: string, path: string, body?: unknown) =>
      http.app.request(`http://127.0.0.1:8080/api${path}`, {
        method,
        headers: { authorization: `Bearer ${access}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }, { remoteAddr: { hostname: CLIENT.address } });
  };
  const disposed = { [Symbol.asyncDispose]: () => stack.disposeAsync() };
  return { ...test, ...disposed, fleet, id, as };
}

/** Events of a stream, as a browser reads them. */
async function* eventsOf(response: Response): AsyncGenerator<{ name: string; data: unknown }> {
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name && data) yield { name, data: JSON.parse(data) };
    }
  }
}

Deno.test({
  name: "a tool by way of the API: started, followed, stopped, audited; nobody else's business",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open();
    const operator = await test.as("operator", test.acme);
    const foreign = await test.as("super_admin", test.globex);
    const viewer = await test.as("viewer", test.acme);
    const ping = { kind: "ping", params: { address: "10.0.0.1", intervalMs: 200 } };
    const path = `/devices/${test.id}/runs`;

    const wrong = await operator("POST", path, {
      kind: "ping",
      params: { address: "1.2.3.4;reboot", speed: 1 },
    });
    equal(wrong.status, 422);
    const { issues } = await wrong.json();
    deepEqual(issues.map((issue: { path: string }) => issue.path), ["params.address", "params"]);
    equal((await viewer("POST", path, ping)).status, 403);
    equal((await foreign("POST", path, ping)).status, 404);

    const started = await operator("POST", path, ping);
    equal(started.status, 201);
    const run = await started.json();
    for (const method of ["GET", "DELETE"]) {
      equal((await foreign(method, `/runs/${run.id}`)).status, 404);
      equal((await viewer(method, `/runs/${run.id}`)).status, 403);
    }
    equal((await foreign("GET", `/runs/${run.id}/stream`)).status, 404);
    equal((await viewer("GET", `/runs/${run.id}/stream`)).status, 403);

    const stream = await operator("GET", `/runs/${run.id}/stream`);
    equal(stream.headers.get("content-type"), "text/event-stream; charset=utf-8");
    const events = eventsOf(stream);
    equal((await events.next()).value!.name, "info");
    const messages: RunMessage[] = [];
    for await (const { data } of events) {
      const message = data as RunMessage;
      messages.push(message);
      if (message.type === "rows" && messages.length < 4) {
        equal((await (await operator("DELETE", `/runs/${run.id}`)).json()).state, "ended");
      }
    }
    match(JSON.stringify(messages.at(-1)), /"outcome":"stopped"/);
    ok(rowsOf(messages).length >= 1);

    // Retired in the middle: the poller hears of it, and the run ends.
    const another = await (await operator("POST", path, ping)).json();
    const ends: unknown[] = [];
    for await (const { data } of eventsOf(await operator("GET", `/runs/${another.id}/stream`))) {
      const isFirst = ends.length === 0;
      ends.push(data);
      if (isFirst) equal((await operator("POST", `/devices/${test.id}/retire`)).status, 200);
    }
    match(JSON.stringify(ends.at(-1)), /"outcome":"failed".*removed or paused/);
    await test.fleet.until(() => test.fleet.routers[0]!.openConnections === 0);

    const admin = await test.as("admin", test.acme);
    const { items } = await (await admin("GET", "/audit?action=run.started")).json();
    equal(items.length, 2);
    const entry = await (await admin("GET", `/audit/${items[1].seq}`)).json();
    equal(entry.details.kind, "ping");
    equal(entry.details.params.address, "10.0.0.1");
    equal(entry.targetId, test.id);
  },
});

Deno.test("over NATS, two pollers and an API of their own: a stop reaches the one that has the run", async () => {
  await using fleet = await startFleet({ routers: [{ board: "hex", version: "7.18.2" }] });
  await using server = await startNats();
  const limits = { maxBytes: 2 ** 20, maxAgeSeconds: 3_600 };
  await using pollers = await openNats(server.url, limits, silentLog);
  await using api = await openNats(server.url, limits, silentLog);
  await using test = startRuns(fleet.routers, { ...pollers, pollers: 2 });
  const deps = { ...test, ...api };
  const ends = await Promise.all([0, 1].map(async () => {
    const run = await test.startOk("ping", { address: "10.0.0.1", intervalMs: 200 });
    const { signal } = new AbortController();
    const { messages } = await followRun(scopeIn(TENANT), deps, run, { signal });
    const seen: RunMessage[] = [];
    for await (const message of messages) {
      if (message.type === "rows") await cancelRun(scopeIn(TENANT), api, run);
      seen.push(message);
    }
    return seen.at(-1);
  }));
  for (const end of ends) match(JSON.stringify(end), /"outcome":"stopped"/);
  equal(fleet.routers[0]!.counts.cancelled, 2);

  // The pollers are cut off in the middle: whoever follows is told, and does not wait for ever.
  const clock = new FakeClock();
  const run = await test.startOk("ping", { address: "10.0.0.1", intervalMs: 200 });
  const { signal } = new AbortController();
  const { messages } = await followRun(scopeIn(TENANT), { ...deps, clock }, run, { signal });
  let last: RunMessage | undefined;
  for await (const message of messages) {
    if (message.type === "rows" && last?.type !== "rows") {
      await pollers[Symbol.asyncDispose]();
      // Not until the next turn: this message is still in hand.
      setTimeout(() => void clock.advance(6_000));
    }
    last = message;
  }
  match(JSON.stringify(last), /"outcome":"lost"/);
});
