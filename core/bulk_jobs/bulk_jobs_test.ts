import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { JobAct, JobPlan, NewCommandJob } from "@/core/contract/bulk_jobs.ts";
import { type ScriptAnswer, ScriptRequest } from "@/core/contract/device_script.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { subjects } from "@/core/subjects.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { actOnCommands } from "./act_on_job.ts";
import { driveJob, type TakenJob } from "./drive_job.ts";
import { finishItem } from "./finish_item.ts";
import { runBulkJobs } from "./jobs.ts";
import { addCommandJob, checkCommandJob } from "./make_job.ts";
import { getJob, listJobItems, listJobs } from "./read_jobs.ts";
import { exportJob, listOutputGroups, readOutput } from "./read_outputs.ts";
import { StaleDriver, stepJob } from "./step_job.ts";
import { Registry } from "prom-client";

const said = (text: string): ScriptAnswer => ({
  ...{
    ended: "whole",
    gzip: gzipSync(text).toString("base64"),
    isCut: false,
    hostKey: "0".repeat(64),
  },
});

/** Routers whose poller is `answer`, and processes that drive jobs on request. */
async function open(count: number, answer: (name: string) => ScriptAnswer | Promise<ScriptAnswer>) {
  const test = await openInventory();
  const { platform, db, acme, scope } = test;
  const ids: string[] = [];
  const names = new Map<string, string>();
  for (let at = 0; at < count; at += 1) {
    const name = `r${String(at).padStart(2, "0")}`;
    const { id } = await test.router(name);
    ids.push(id);
    names.set(id, name);
  }
  const setStatus = async (status: string, of: string[] = ids) => {
    await db.tenant(acme, (sql) =>
      sql`
      insert into device_latest (tenant_id, device_id, status)
      select ${acme}, id, ${status} from unnest(${of}::uuid[]) id
      on conflict (tenant_id, device_id) do update set status = excluded.status`);
  };
  await setStatus("online");
  const asked: string[] = [];
  const stop = new AbortController();
  const serving = platform.rpc.serve(
    subjects.deviceScript("default"),
    { group: "pollers", concurrency: 50, signal: stop.signal },
    async (data) => {
      const { deviceId } = ScriptRequest.parse(JSON.parse(new TextDecoder().decode(data)));
      const name = names.get(deviceId)!;
      asked.push(name);
      return new TextEncoder().encode(JSON.stringify(await answer(name)));
    },
  );
  const running: Promise<void>[] = [];
  const pushItem = () => Promise.reject(new Error("no pushes here"));
  const start = () => {
    const process = { ...platform, registry: new Registry(), pushItem, idleMs: 20 };
    running.push(runBulkJobs(process, stop.signal));
  };
  const make = (more: Partial<NewCommandJob> = {}, plan: Partial<JobPlan> = {}) =>
    addCommandJob(scope, platform, {
      ...{ title: "Say hello", script: ":put hello", ids, plan, ...more },
    });
  const job = (id: string) => getJob(scope, platform, id);
  const act = (id: string, what: JobAct) => actOnCommands(scope, platform, id, what);
  /** Looks after each piece of news: the job tells whoever follows it. */
  const until = async (id: string, isSo: (now: Awaited<ReturnType<typeof job>>) => boolean) => {
    const ending = new AbortController();
    const late = setTimeout(() => ending.abort(), 20_000);
    const heard = platform.bus.listen(subjects.bulkJob(acme, id), {
      ...{ capacity: 100, signal: ending.signal },
    });
    const news = heard[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = news.next();
        const now = await job(id);
        if (isSo(now)) return now;
        if ((await next).done) throw new Error(`it is ${JSON.stringify(now)}`);
      }
    } finally {
      clearTimeout(late);
      ending.abort();
    }
  };
  const take = async () =>
    (await db.system((sql) =>
      sql<TakenJob[]>`
        select tenant_id as "tenantId", job_id as "jobId", epoch::text
        from system_due_bulk_jobs(10, 60)`
    ))[0]!;
  return {
    ...{ ...test, ids, asked, setStatus, start, make, job, act, until, take, stop, pushItem },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all([...running, serving]);
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a job: canary, waves, halts at failures, resumes, retries, groups what was printed", async () => {
  const bad = new Set(["r01", "r05", "r06"]);
  await using test = await open(
    20,
    (name) =>
      bad.has(name)
        ? { ended: "not_begun", isUnreachable: false, detail: "SSH refused the login." }
        : said(`${name} says hello at 10:00:0${name.at(-1)}\r\n`),
  );
  const { scope, platform } = test;
  test.start();
  const id = await test.make();
  const check = await checkCommandJob(scope, {
    ...{ title: "x", script: "x", ids: test.ids },
  });
  deepEqual([check.routers, check.online, check.waves], [20, 20, [1, 1, 8, 10]]);
  const first = await test.until(id, ({ state }) => state === "paused");
  deepEqual([first.pausedWhy, first.wave, first.counts.done, first.counts.failed], [
    ...["failures", 2, 1, 1],
  ]);
  deepEqual(test.asked.toSorted(), ["r00", "r01"], "no router of a later wave");
  await rejects(test.act(id, { act: "pause" }), Conflict);
  await test.act(id, { act: "resume" });
  const second = await test.until(id, ({ wave, state }) => wave === 3 && state === "paused");
  deepEqual([second.pausedWhy, second.counts.failed], ["failures", 3]);
  await test.act(id, { act: "resume" });
  const ended = await test.until(id, ({ state }) => state === "ended");
  deepEqual([ended.counts.done, ended.counts.failed], [17, 3]);
  equal(new Set(test.asked).size, test.asked.length, "none was asked twice");

  const failed = await listJobItems(scope, id, { state: "failed", limit: 10 });
  deepEqual(failed.items.map(({ deviceName }) => deviceName), [...bad]);
  match(failed.items[0]!.reason!, /refused the login. Nothing was done/);
  bad.clear();
  await rejects(test.act(id, { act: "retry", states: ["unknown"] }), Conflict);
  await test.act(id, { act: "retry", states: ["failed"] });
  const whole = await test.until(id, ({ state }) => state === "ended");
  equal(whole.counts.done, 20);
  const { items: groups } = await listOutputGroups(scope, platform, id);
  deepEqual(groups.map(({ routers }) => routers), [20], "one answer, but for names and times");
  match(groups[0]!.output, /^r\d\d says hello at/);
  equal(groups[0]!.names.length, 8);
  const { items } = await listJobItems(scope, id, { limit: 1 });
  const own = await readOutput(scope, platform, id, items[0]!.outputId!);
  equal(own.output, "r00 says hello at 10:00:00");
  const csv = (await Array.fromAsync(await exportJob(scope, platform, id))).join("");
  equal(csv.trim().split("\n").length, 21);
  const kinds = await test.admin<{ kind: string }[]>`
    select kind from events where kind like 'job.%' order by id`;
  deepEqual(kinds.map(({ kind }) => kind), [
    ...["job.paused", "job.paused", "job.ended", "job.ended"],
  ]);
  const actions = await test.actions();
  for (const one of ["job.started", "job.resume", "job.retry"]) ok(actions.includes(one), one);
  const [stored] = await test.admin<{ spec: Uint8Array }[]>`select spec from bulk_jobs`;
  ok(!new TextDecoder("latin1").decode(stored!.spec).includes("hello"));
});

Deno.test("a job: routers that are offline wait, are done when they come back, or expire", async () => {
  await using test = await open(3, () => said("ok"));
  const [, , c] = test.ids as [string, string, string];
  await test.setStatus("offline", [c]);
  test.start();
  const id = await test.make({}, { waves: [{ by: "percent", percent: 100 }] });
  const waiting = await test.until(id, ({ counts }) => counts.done === 2);
  deepEqual([waiting.state, waiting.counts.pending, waiting.offline], ["running", 1, 1]);
  await test.setStatus("online", [c]);
  equal((await test.until(id, ({ state }) => state === "ended")).counts.done, 3);

  await test.setStatus("offline", [c]);
  const other = await test.make();
  await test.until(other, ({ counts }) => counts.done === 2);
  await test.admin`update bulk_jobs set expires_at = now() where id = ${other}`;
  const ended = await test.until(other, ({ state }) => state === "ended");
  deepEqual([ended.counts.done, ended.counts.expired], [2, 1]);
  deepEqual(test.asked.length, 5, "one that is offline is not asked");
});

Deno.test("a job: the canary waits for approval; pause, abort and a later start are kept", async () => {
  await using test = await open(4, () => said("ok"));
  test.start();
  const id = await test.make({}, { needsApproval: true });
  const waiting = await test.until(id, ({ state }) => state === "paused");
  deepEqual([waiting.pausedWhy, waiting.counts.done, waiting.counts.pending], ["canary", 1, 3]);
  await test.act(id, { act: "resume" });
  equal((await test.until(id, ({ state }) => state === "ended")).counts.done, 4);

  const startAt = new Date(Date.now() + 3_600_000).toISOString();
  const later = await test.make({ startAt });
  deepEqual([(await test.job(later)).state, test.asked.length], ["scheduled", 4]);
  await test.act(later, { act: "pause" });
  await test.act(later, { act: "resume" });
  equal((await test.job(later)).state, "scheduled", "its hour has not come");
  await test.act(later, { act: "abort" });
  const aborted = await test.job(later);
  deepEqual([aborted.state, aborted.counts.skipped], ["aborted", 4]);
  await rejects(test.act(later, { act: "resume" }), Conflict);
  await test.admin`update users set is_active = is_active`;
  const soon = await test.make({ startAt });
  await test.admin`update bulk_jobs set look_at = now(), start_at = now() where id = ${soon}`;
  equal((await test.until(soon, ({ state }) => state === "ended")).counts.done, 4);
});

Deno.test("a job: several processes never ask one router twice", async () => {
  await using test = await open(30, () => said("ok"));
  for (let n = 0; n < 3; n += 1) test.start();
  const made = await Promise.all([1, 2, 3, 4].map(() => test.make({}, { concurrency: 3 })));
  for (const id of made) {
    equal((await test.until(id, ({ state }) => state === "ended")).counts.done, 30);
  }
  equal(test.asked.length, 120);
});

Deno.test("a job: what a process that died left running is unknown, and its late word counts no more", async () => {
  await using test = await open(4, () => said("ok"));
  const { db, platform, scope } = test;
  const id = await test.make({}, { waves: [{ by: "percent", percent: 100 }], haltPercent: 100 });
  const dead = await test.take();
  const step = await db.tenant(dead.tenantId, (sql) => stepJob(sql, dead, new Date(), 2));
  equal(step.begun.length, 2, "stored as running, and asked or not: nobody knows");
  deepEqual(await db.system((sql) => sql`select * from system_due_bulk_jobs(10, 60)`), [] as never);
  await test.admin`update bulk_jobs set leased_until = now() - interval '1 second'`;
  const next = await test.take();
  await driveJob({ ...platform, pushItem: test.pushItem }, next, new AbortController().signal);
  const now = await test.job(id);
  deepEqual([now.state, now.counts.done, now.counts.unknown], ["ended", 2, 2]);
  equal(test.asked.length, 2, "those that may have been asked were not asked again");
  const late = () =>
    finishItem(platform, dead.tenantId, dead, step.begun[0]!, {
      ...{ state: "done", reason: null },
    }, new Date());
  await rejects(late(), StaleDriver);
  await rejects(
    db.tenant(dead.tenantId, (sql) => stepJob(sql, dead, new Date(), 2)),
    StaleDriver,
  );
  await test.act(id, { act: "retry", states: ["unknown"] });
  await rejects(late(), StaleDriver);
  const { items } = await listJobItems(scope, id, { limit: 10 });
  equal(items.filter(({ state }) => state === "pending").length, 2);
});

Deno.test("a job: its maker's rights count when it begins", async () => {
  await using test = await open(1, () => said("ok"));
  const user = crypto.randomUUID();
  await test.admin`
    insert into users (id, tenant_id, email, name, role, is_active)
    values (${user}, ${test.acme}, 'x@example.net', 'x', 'operator', false)`;
  const by = { ...test.scope, actor: `user:${user}` };
  const id = await addCommandJob(by, test.platform, {
    ...{ title: "x", script: ":put x", ids: test.ids },
  });
  test.start();
  const now = await test.until(id, ({ state }) => state === "paused");
  deepEqual([now.pausedWhy, test.asked], ["rights", []]);
});

Deno.test("a job: what cannot be is refused, and nothing of it is another tenant's", async () => {
  await using test = await open(2, () => said("ok"));
  const { platform, scope, db } = test;
  await rejects(test.make({ script: "  " }), InvalidInput);
  await rejects(test.make({ ids: [crypto.randomUUID()] }), InvalidInput);
  const q = { ids: undefined as never, q: "r0" };
  await rejects(test.make({ ...q, expected: 3 }), Conflict);
  await rejects(test.make({ ...q }), InvalidInput);
  await rejects(
    addCommandJob(scopeOf(db, test.acme, ["configs:push"]), platform, {
      ...{ title: "x", script: "x", ids: test.ids },
    }),
    Forbidden,
  );
  const id = await test.make({ ...q, expected: 2 });
  const foreign = scopeOf(db, test.globex);
  await rejects(getJob(foreign, platform, id), NotFound);
  await rejects(listJobItems(foreign, id, { limit: 1 }), NotFound);
  await rejects(listOutputGroups(foreign, platform, id), NotFound);
  await rejects(actOnCommands(foreign, platform, id, { act: "abort" }), NotFound);
  equal((await listJobs(foreign, { limit: 5 })).items.length, 0);
  await rejects(
    addCommandJob(foreign, platform, { title: "x", script: "x", ids: test.ids }),
    InvalidInput,
  );
  const page = await listJobs(scope, { limit: 1 });
  deepEqual([page.items[0]!.id, page.nextCursor], [id, null]);
});
