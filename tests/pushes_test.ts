import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { Registry } from "prom-client";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { PushRequest, PushState } from "@/core/contract/pushes.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { StaleWorker } from "@/core/push/store.ts";
import { awaitPush } from "@/core/pushes/await_push.ts";
import { closePush, confirmPush, revertPush } from "@/core/pushes/decide_push.ts";
import type { PushesDeps } from "@/core/pushes/deps.ts";
import { forgetEvidence } from "@/core/pushes/forget_evidence.ts";
import { runPushJobs } from "@/core/pushes/jobs.ts";
import { PgPushStore } from "@/core/pushes/pg_push_store.ts";
import { previewPush } from "@/core/pushes/preview_push.ts";
import { savePushPolicy } from "@/core/pushes/push_policy.ts";
import { listPushes, readPush } from "@/core/pushes/read_pushes.ts";
import { startPush } from "@/core/pushes/start_push.ts";
import type { RouterLink } from "@/core/router_link/link.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { openAuditTest } from "./support/audit.ts";
import { fastTime } from "./support/fast_clock.ts";
import { scopeOf } from "./support/scope.ts";

const FACTOR = 10;

/** One simulated router on a socket whose firewall and addresses decide who comes in, and a poller. */
async function open(version: string) {
  const stack = new AsyncDisposableStack();
  const { clock, timers } = fastTime(FACTOR);
  const fleet = stack.use(
    await startFleet({ routers: [{ board: "hex", version }], guarded: true, time: timers }),
  );
  const test = stack.use(await openAuditTest(["--connect-timeout-ms=900"]));
  const { db, acme } = test;
  const [{ address, port, username, password, router }] = fleet.routers as [
    typeof fleet.routers[number],
  ];
  const scope = scopeOf(db, acme);
  const { id: deviceId } = await addDevice(scope, test.platform, {
    ...{ address, port, username, password, tlsMode: "plain", region: "default" },
  });
  const polling = new AbortController();
  const poller = startPoller(test.platform, polling.signal);
  stack.defer(async () => {
    polling.abort();
    await poller;
  });
  const platform = { ...test.platform, clock, link: hasty(remoteLink(test.platform)) };
  const deps: PushesDeps = platform;
  /** A process that drives pushes, until it is stopped. */
  const work = () => {
    const stop = new AbortController();
    const running = runPushJobs({ ...platform, registry: new Registry() }, stop.signal);
    return {
      async [Symbol.asyncDispose]() {
        stop.abort();
        await running;
      },
    };
  };
  const request = (commands: ConfigCommand[], more: Partial<PushRequest> = {}): PushRequest => ({
    ...{ deviceId, title: "Test", source: { kind: "api", id: null }, commands, confirm: "auto" },
    ...{ windowSeconds: 120, probes: [], typedName: null, ...more },
  });
  const reached = async (id: string, ...states: PushState[]) => {
    // The store is what a state is committed to: it is asked until it says so.
    for (const end = Date.now() + 30_000; Date.now() < end;) {
      const push = await readPush(scope, deps, id);
      if (states.includes(push.state)) return push;
      if (push.endedAt) throw new Error(`${push.state}: ${push.reason}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { state, timeline } = await readPush(scope, deps, id);
    throw new Error(`still ${state}: ${timeline.map(({ text }) => text).join(" / ")}`);
  };
  const events = async () =>
    (await test.admin<{ kind: string }[]>`
      select kind from events where kind like 'config.push%' or kind = 'config.reverted'
      order by id`).map(({ kind }) => kind);
  const audited = async () =>
    (await test.admin<{ action: string }[]>`
      select action from audit_log where action like 'push.%' order by seq`)
      .map(({ action }) => action);
  /** What a push may leave behind. */
  const leftovers = () =>
    ["/system/script", "/system/scheduler"].flatMap((menu) =>
      router.rows(menu).map(({ name }) => String(name)).filter((name) => name.startsWith("tod-"))
    );
  return {
    ...test,
    ...{
      scope,
      deps,
      deviceId,
      router,
      work,
      request,
      reached,
      events,
      audited,
      leftovers,
      platform,
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Silence is noticed sooner: deadlines of links run by the wall's clock. */
function hasty(link: RouterLink): RouterLink {
  return {
    async open(router) {
      const connection = await link.open(router);
      return {
        close: () => connection.close(),
        run: (command, words = {}) =>
          connection.run(command, { ...words, deadlineMs: (words.deadlineMs ?? 30_000) / 4 }),
      };
    },
  };
}

const rename = (name: string): ConfigCommand => ({
  ...{ action: "set", menu: "/system/identity", target: { by: "menu" }, attributes: { name } },
});
const LOCK_OUT: ConfigCommand = {
  ...{ action: "add", menu: "/ip/firewall/filter", before: { by: "id", id: "*1" } },
  attributes: { chain: "input", action: "drop", comment: "oops" },
};
const nameOf = ({ router }: { router: { rows(menu: string): Record<string, unknown>[] } }) =>
  router.rows("/system/identity")[0]!["name"];

Deno.test({
  name: "a harmless change is previewed, pushed, proven, kept, and leaves nothing behind",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open("7.18.2");
    const { scope, deps, deviceId, request, db, globex } = test;
    await using _worker = test.work();
    const preview = await previewPush(scope, deps, deviceId, { commands: [rename("edge-2")] });
    deepEqual([preview.problems, preview.risks, preview.needsName], [[], [], false]);
    equal(preview.changes[0]!.attributes[0]!.to, "edge-2");
    equal(preview.tier, "safe_mode");

    const { id } = await startPush(scope, deps, request([rename("edge-2")]));
    await rejects(startPush(scope, deps, request([rename("edge-3")])), Conflict);
    const { state } = await awaitPush(scope, { clock: test.platform.clock }, id, {
      timeoutMs: 240_000,
    });
    const push = await readPush(scope, deps, id);
    equal(state, "confirmed", push.timeline.map(({ text }) => text).join("\n"));
    equal(nameOf(test), "edge-2");
    deepEqual(test.leftovers(), []);
    equal(push.changes[0]!.attributes[0]!.to, "edge-2");
    match(push.script, /set name=edge-2/);
    deepEqual(await test.events(), ["config.pushed"]);
    deepEqual(await test.audited(), ["push.started", "push.confirmed"]);

    const foreign = scopeOf(db, globex);
    await rejects(readPush(foreign, deps, id), NotFound);
    await rejects(confirmPush(foreign, deps, id), NotFound);
    await rejects(startPush(foreign, deps, request([rename("x")])), NotFound);
    await rejects(previewPush(foreign, deps, deviceId, { commands: [rename("x")] }), NotFound);
    equal((await listPushes(foreign, { limit: 10 })).items.length, 0);
    await rejects(confirmPush(scope, deps, id), Conflict, "it is over");
    const reader = scopeOf(db, test.acme, ["configs:read"]);
    await rejects(startPush(reader, deps, request([rename("x")])), Forbidden);
    await rejects(revertPush(reader, deps, id), Forbidden);
    const page = await listPushes(scope, { limit: 1, deviceId, filter: "confirmed", q: "tes" });
    deepEqual(page.items.map((item) => item.id), [id]);
    equal((await listPushes(scope, { limit: 1, filter: "open" })).items.length, 0);

    const nothing: ConfigCommand = {
      ...{ action: "remove", menu: "/ip/address", target: { by: "id", id: "*FFFF" } },
    };
    await rejects(
      startPush(scope, deps, request([rename("x"), nothing])),
      (error) => error instanceof InvalidInput && error.issues[0]!.path === "commands.1",
    );
  },
});

Deno.test({
  name: "a person confirms or reverts; a change that fails its check is taken back",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open("7.18.2");
    const { scope, deps, request, router } = test;
    await using _worker = test.work();
    const before = nameOf(test);
    const manual = { confirm: "manual" } as const;

    await savePushPolicy(scope, deps, { autoConfirm: "approvers", windowSeconds: 60 });
    const operator = scopeOf(test.db, test.acme, ["configs:push", "configs:read"]);
    await rejects(
      startPush(operator, deps, request([rename("kept")])),
      (error) => error instanceof InvalidInput && error.issues[0]!.path === "confirm",
    );
    const { policy } = await previewPush(operator, deps, test.deviceId, {
      commands: [rename("kept")],
    });
    deepEqual(policy, { mayAutoConfirm: false, windowSeconds: 60 });

    const first = await startPush(operator, deps, request([rename("kept")], manual));
    const waits = await test.reached(first.id, "applied");
    ok(Date.parse(waits.confirmBy!) > test.platform.clock.now(), "somebody has time to confirm");
    equal(nameOf(test), "kept");
    await confirmPush(scope, deps, first.id);
    await rejects(revertPush(scope, deps, first.id), Conflict);
    await test.reached(first.id, "confirmed");

    const second = await startPush(scope, deps, request([rename("other")], manual));
    await test.reached(second.id, "applied");
    await revertPush(scope, deps, second.id);
    await test.reached(second.id, "reverted");
    equal(nameOf(test), "kept");

    const checked = request([rename("checked")], {
      probes: [{ kind: "neighbor", identity: "nobody-like-it" }],
    });
    const third = await startPush(scope, deps, checked);
    const { reason } = await test.reached(third.id, "reverted");
    match(reason!, /nobody-like-it/);
    equal(nameOf(test), "kept");
    ok(before !== "kept");
    deepEqual(test.leftovers(), []);
    deepEqual(await test.audited(), [
      ...["push.started", "push.confirm_asked", "push.confirmed"],
      ...["push.started", "push.revert_asked", "push.reverted"],
      ...["push.started", "push.reverted"],
    ]);
    ok(router.isUp);
  },
});

for (const version of ["7.18.2", "6.49.17"]) {
  Deno.test({
    name: `a change that locks us out needs the router's name, and is undone (${version})`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using test = await open(version);
      const { scope, deps, deviceId, request, router } = test;
      await using _worker = test.work();
      const rules = JSON.stringify(
        router.rows("/ip/firewall/filter").map(({ comment }) => comment),
      );
      const preview = await previewPush(scope, deps, deviceId, { commands: [LOCK_OUT] });
      ok(preview.risks.some(({ severity }) => severity === "certain"), "it is foretold");
      ok(preview.needsName);
      const isAboutName = (error: unknown) =>
        error instanceof InvalidInput && error.issues[0]!.path === "typedName";
      await rejects(startPush(scope, deps, request([LOCK_OUT])), isAboutName);
      const wrong = request([LOCK_OUT], { typedName: "somebody" });
      await rejects(startPush(scope, deps, wrong), isAboutName);

      const typedName = preview.deviceName;
      const { id } = await startPush(scope, deps, request([LOCK_OUT], { typedName }));
      const push = await test.reached(id, "reverted");
      equal(
        JSON.stringify(router.rows("/ip/firewall/filter").map(({ comment }) => comment)),
        rules,
        push.timeline.map(({ text }) => text).join("\n"),
      );
      deepEqual(test.leftovers(), []);
      ok((await test.events()).includes("config.reverted"));
    },
  });
}

Deno.test({
  name:
    "a process that is gone in the middle: another takes over when the lease ends, the first is stale",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open("7.18.2");
    const { scope, deps, request, admin, db, acme, platform } = test;
    const { id } = await startPush(scope, deps, request([rename("x")], { confirm: "manual" }));
    const before = nameOf(test);

    // Killed once the way back was armed: it stores no more, and gives nothing back.
    const first = new PgPushStore(platform, acme);
    const taken = (await first.take(id))!;
    await first.save({ ...taken.record, state: "backed_up" }, taken.epoch);
    const second = new PgPushStore(platform, acme);
    equal(await second.take(id), undefined, "the lease holds");
    await admin`update pushes set leased_until = now() where id = ${id}`;
    {
      await using _worker = test.work();
      await test.reached(id, "applied");
      await rejects(first.save({ ...taken.record, state: "armed" }, taken.epoch), StaleWorker);
      await rejects(first.renew(id, taken.epoch), StaleWorker);
      await first.release(id, taken.epoch);
      equal((await test.reached(id, "applied")).state, "applied", "the stale one changed nothing");
    }
    // A process that stops gives back at once what waits for a person.
    const [held] = await admin<{ held: boolean }[]>`
      select leased_until is not null as held from pushes where id = ${id}`;
    equal(held!.held, false);
    await using _worker = test.work();
    await revertPush(scope, deps, id);
    await test.reached(id, "reverted");
    equal(nameOf(test), before);
    deepEqual(test.leftovers(), []);

    const { id: lost } = await startPush(scope, deps, request([rename("y")]));
    await admin`update pushes set state = 'unknown', due_at = '2126-01-01' where id = ${lost}`;
    await rejects(closePush(scopeOf(db, test.globex), deps, lost), NotFound);
    await rejects(
      startPush(scope, deps, request([rename("z")])),
      Conflict,
      "it may still be there",
    );
    await closePush(scope, deps, lost);
    const given = await readPush(scope, deps, lost);
    deepEqual(
      [given.state, given.endedAt !== null],
      ["unknown", true],
      "given up, and still unknown",
    );
    await rejects(closePush(scope, deps, lost), Conflict);

    await admin`update pushes set ended_at = now() - interval '100 days' where id = ${id}`;
    const never = new AbortController().signal;
    equal(await forgetEvidence(platform, never), 1);
    equal(await forgetEvidence(platform, never), 0);
    const old = await readPush(scope, deps, id);
    deepEqual([old.changes, old.guard, old.script.includes("name=x")], [[], null, true]);

    const due = await db.system((sql) => sql`select * from system_due_pushes(10)`);
    equal(due.length, 0);
    await rejects(closePush(scope, deps, id), Conflict);
  },
});

Deno.test({
  name: "killed while it makes the change: the router is left as it was, by the next process",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await open("7.18.2");
    const { scope, deps, request, admin, platform } = test;
    const before = nameOf(test);
    const { id } = await startPush(scope, deps, request([rename("half")]));
    // From the moment it has stored that it is armed, this process does nothing any more.
    const dead = Promise.withResolvers<never>();
    let isDead = false;
    const killed: typeof platform = {
      ...platform,
      bus: {
        ...platform.bus,
        broadcast: (subject: string, data: Uint8Array) => {
          isDead ||= new TextDecoder().decode(data).includes('"armed"');
          platform.bus.broadcast(subject, data);
        },
      } as typeof platform.bus,
      db: {
        ...platform.db,
        tenant: (tenantId, work) => isDead ? dead.promise : platform.db.tenant(tenantId, work),
        system: (work) => isDead ? dead.promise : platform.db.system(work),
      } as typeof platform.db,
      rpc: {
        ...platform.rpc,
        request: (...args: Parameters<typeof platform.rpc.request>) =>
          isDead ? dead.promise : platform.rpc.request(...args),
      } as typeof platform.rpc,
    };
    const link = hasty(remoteLink(killed));
    void runPushJobs({ ...killed, link, registry: new Registry() }, new AbortController().signal);
    await test.reached(id, "armed");
    await admin`update pushes set leased_until = now() where id = ${id}`;
    await using _worker = test.work();
    const { reason } = await test.reached(id, "reverted");
    match(reason!, /interrupted/);
    equal(nameOf(test), before);
    deepEqual(test.leftovers(), []);
  },
});
