import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { Registry } from "prom-client";
import { RouterReader } from "@/core/config_editor/router_reader.ts";
import { createChangeSet } from "@/core/change_sets/change_sets.ts";
import { addChanges } from "@/core/change_sets/edit_changes.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { InvalidInput } from "@/core/errors.ts";
import { runPushJobs } from "@/core/pushes/jobs.ts";
import { readPush } from "@/core/pushes/read_pushes.ts";
import { addTemplate } from "@/core/templates/templates.ts";
import { setValue } from "@/core/templates/values.ts";
import { startPoller } from "@/poller/mod.ts";
import { openAuditTest } from "@/tests/support/audit.ts";
import { fastTime } from "@/tests/support/fast_clock.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { runBulkJobs } from "./jobs.ts";
import { addPushJob, checkPushJob } from "./make_job.ts";
import { pushItemWith } from "./push_items.ts";
import { getJob, listJobItems } from "./read_jobs.ts";

const FACTOR = 8;

Deno.test("a job of pushes: a template on several routers, each proven and kept; a lock-out is refused", async () => {
  const stack = new AsyncDisposableStack();
  await using _all = stack;
  const { clock, timers } = fastTime(FACTOR);
  const fleet = stack.use(
    await startFleet({
      routers: ["7.18.2", "6.49.17"].map((version) => ({ board: "hex", version })),
      ...{ ssh: true, time: timers },
    }),
  );
  const test = stack.use(await openAuditTest());
  const { db, acme } = test;
  const scope = scopeOf(db, acme);
  const platform = { ...test.platform, clock };
  const stop = new AbortController();
  const poller = startPoller(test.platform, stop.signal);
  const ids: string[] = [];
  for (const [at, router] of fleet.routers.entries()) {
    const { address, port, sshPort, username, password } = router;
    const { id } = await addDevice(scope, test.platform, {
      ...{ address, port, sshPort, username, password, name: `r${at}` },
      ...{ tlsMode: "plain", region: "default" },
    });
    ids.push(id);
  }
  await db.tenant(acme, (sql) =>
    sql`
    insert into device_latest (tenant_id, device_id, status)
    select ${acme}, id, 'online' from unnest(${ids}::uuid[]) id
    on conflict (tenant_id, device_id) do update set status = excluded.status`);
  const deps = { ...platform, backupHour: 1 };
  const running = [
    runPushJobs({ ...platform, registry: new Registry() }, stop.signal),
    runBulkJobs(
      { ...test.platform, registry: new Registry(), pushItem: pushItemWith(deps), idleMs: 50 },
      stop.signal,
    ),
  ];
  stack.defer(async () => {
    stop.abort();
    await Promise.all([...running, poller]);
  });
  const ended = async (id: string) => {
    // The job's own state: asked until it says so.
    for (const end = Date.now() + 60_000; Date.now() < end;) {
      const job = await getJob(scope, platform, id);
      if (job.state === "ended" || job.state === "paused") return job;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { items } = await listJobItems(scope, id, { limit: 10 });
    throw new Error(`it did not end: ${JSON.stringify(items)}`);
  };

  const { id: template } = await addTemplate(scope, platform, {
    ...{ name: "Note", script: '/system identity\nset name="{{prefix}}-{{device_name}}"\n' },
    variables: [{ name: "prefix", type: "string" as const }],
  });
  const job = {
    ...{ title: "Name them", ids, what: { kind: "template" as const, id: template, given: {} } },
    plan: { waves: [{ by: "count" as const, count: 1 }, { by: "percent" as const, percent: 100 }] },
  };
  const check = await checkPushJob(scope, platform, job);
  deepEqual(check.problems, [
    { message: "prefix has no value", routers: ["r0", "r1"], count: 2 },
  ]);
  await rejects(
    addPushJob(scope, test.platform, job),
    (error: InvalidInput) => /prefix has no value: r0, r1/.test(error.issues[0]!.message),
  );
  const hostile = '"; $[/system reboot]';
  await setValue(scope, platform, { name: "prefix", holder: { kind: "tenant" }, value: hostile });
  const id = await addPushJob(scope, test.platform, job);
  const done = await ended(id);
  const { items } = await listJobItems(scope, id, { limit: 10 });
  deepEqual(items.map(({ state }) => state), ["done", "done"], JSON.stringify(items));
  equal(done.state, "ended");
  for (const [at, { router }] of fleet.routers.entries()) {
    equal(router.rows("/system/identity")[0]!["name"], `${hostile}-r${at}`);
  }
  equal((await readPush(scope, deps, items[0]!.pushId!)).state, "confirmed");

  const again = await ended(await addPushJob(scope, test.platform, job));
  const so = await listJobItems(scope, again.id, { limit: 10 });
  ok(so.items.every(({ reason }) => /so already/.test(reason!)), "nothing to change");

  const reader = stack.use(new RouterReader({ link: remoteLink(platform) }));
  const nobody = () => Promise.reject(new Error("not asked for"));
  const editor = {
    ...{ kms: platform.kms, clock: platform.clock, routers: reader },
    ...{ startPush: nobody, previewPush: nobody, mayPushAgain: nobody },
  };
  const set = await createChangeSet(scope, editor, { name: "Telnet elsewhere" });
  const telnet = fleet.routers[0]!.router.rows("/ip/service").find(({ name }) => name === "telnet");
  const command: ConfigCommand = {
    ...{ action: "set", menu: "/ip/service", attributes: { port: "2323" } },
    target: { by: "id", id: String(telnet![".id"]) },
  };
  const what = { kind: "change_set" as const, id: set.id };
  await rejects(addPushJob(scope, test.platform, { ...job, what }), /Cannot make this job/);
  await addChanges(scope, editor, set.id, { deviceId: ids[0]!, changes: [{ command }] });
  const others = await ended(await addPushJob(scope, test.platform, { ...job, what }));
  equal(others.counts.done, 2, JSON.stringify(others.counts));
  for (const { router } of fleet.routers) {
    const row = router.rows("/ip/service").find(({ name }) => name === "telnet")!;
    equal(row["port"], "2323", "known by its name on each");
  }

  const { id: trap } = await addTemplate(scope, platform, {
    name: "Lock out",
    script: "/ip firewall filter\nadd chain=input action=drop comment=x place-before=0\n",
  });
  const halted = await ended(
    await addPushJob(scope, test.platform, { ...job, what: { kind: "template", id: trap } }),
  );
  deepEqual([halted.state, halted.pausedWhy, halted.counts.failed], ["paused", "failures", 1]);
  const { items: [first] } = await listJobItems(scope, halted.id, { limit: 1 });
  match(first!.reason!, /name of the router/);
});
