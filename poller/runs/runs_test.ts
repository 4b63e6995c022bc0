import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import type { RunMessage } from "@/core/contract/device_runs.ts";
import { followRun } from "@/core/device_runs/follow_run.ts";
import { cancelRun } from "@/core/device_runs/cancel_run.ts";
import { MemoryRpc } from "@/core/adapters/rpc_memory.ts";
import { NotFound } from "@/core/errors.ts";
import { NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import { OTHER, rowsOf, scopeIn, startRuns, TENANT } from "@/tests/support/live_runs.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { startFleet } from "@/tools/sim/fleet.ts";

const one = (version = "7.18.2") => startFleet({ routers: [{ board: "hex", version }] });
const FOREVER = { address: "10.0.0.1", intervalMs: 200 };

/** The end of a run, which is its last message and only one. */
function endOf(messages: readonly RunMessage[]) {
  const ends = messages.filter((message) => message.type === "end");
  equal(ends.length, 1);
  equal(messages.at(-1), ends[0]);
  return ends[0]!;
}

/** Reads until a message of `type` has come. */
async function until(messages: AsyncIterator<RunMessage>, type: RunMessage["type"]) {
  for (;;) {
    const { value, done } = await messages.next();
    if (done) throw new Error(`ended before ${type}`);
    if (value.type === type) return value;
  }
}

Deno.test("a run begins with its first follower, tells its rows in order, and ends", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers);
  const run = await test.startOk("ping", { address: "10.0.0.1", count: 3, intervalMs: 200 });
  equal(fleet.routers[0]!.counts.logins, 0);
  const messages = await test.read(run);
  deepEqual(messages.map(({ seq }) => seq), messages.map((_, i) => i + 1));
  equal(messages[0]!.type, "running");
  deepEqual(rowsOf(messages).map((row) => row["seq"]), [0, 1, 2]);
  ok(Number(rowsOf(messages)[2]!["avgMs"]) > 0);
  equal(endOf(messages).outcome, "done");
  await fleet.until(() => fleet.routers[0]!.openConnections === 0);
  deepEqual(test.reads, test.ids);
  // Who comes just after the end hears all of it; who knows a part, the rest.
  deepEqual(await test.read(run), messages);
  const { followed } = test.follow(run, { afterSeq: 2 });
  deepEqual(await Array.fromAsync((await followed).messages), messages.slice(2));
});

Deno.test("stop: the router is told to cancel, and the answer comes when it has", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers);
  const run = await test.startOk("ping", FOREVER);
  const { followed } = test.follow(run);
  const messages = (await followed).messages[Symbol.asyncIterator]();
  await until(messages, "rows");
  const info = await cancelRun(scopeIn(TENANT), test, run);
  equal(info.state, "ended");
  equal(fleet.routers[0]!.counts.cancelled, 1);
  equal((await until(messages, "end") as { outcome: string }).outcome, "stopped");
  // Again, and after the end: nothing more happens.
  equal((await cancelRun(scopeIn(TENANT), test, run)).state, "ended");
  equal(fleet.routers[0]!.counts.cancelled, 1);
});

Deno.test("a stop that races with the end leaves one end, whichever is first", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers);
  const races = Array.from({ length: 2 }, async () => {
    const run = await test.startOk("ping", { address: "10.0.0.1", count: 1 });
    const reading = test.read(run);
    const stops = Array.from({ length: 5 }, () => cancelRun(scopeIn(TENANT), test, run));
    await Promise.all(stops);
    return endOf(await reading).outcome;
  });
  for (const outcome of await Promise.all(races)) match(outcome, /^(done|stopped)$/);
  await fleet.until(() => fleet.routers[0]!.openConnections === 0);
});

Deno.test("another tenant's run is not there: not to follow, not to stop", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers);
  const run = await test.startOk("ping", FOREVER);
  await rejects(test.follow(run, { tenantId: OTHER }).followed, NotFound);
  await rejects(cancelRun(scopeIn(OTHER), test, run), NotFound);
  await rejects(cancelRun(scopeIn(TENANT), test, crypto.randomUUID()), NotFound);
  await rejects(cancelRun(scopeIn(TENANT, ["devices:read"]), test, run), /tools:run/);
});

Deno.test("another tenant's device, an unknown one and a paused one are refused", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers);
  const [id] = test.ids;
  const why = async (change: Record<string, unknown>) => {
    const before = test.targets.get(id!)!;
    test.targets.set(id!, { ...before, ...change });
    const answer = await test.start("ping", FOREVER);
    test.targets.set(id!, before);
    return answer.ok ? "taken" : answer.detail;
  };
  match(await why({ tenantId: OTHER }), /moved or removed/);
  match(await why({ region: "north" }), /moved or removed/);
  match(await why({ isEnabled: false }), /paused/);
  match(await why({ tlsMode: "pinned" }), /certificate is not known/);
  equal((await test.start("ping", FOREVER, crypto.randomUUID())).ok, false);
  equal((await test.start("ping", { address: "1.2.3.4 =interface=x" })).ok, false);
  equal(fleet.routers[0]!.counts.connections, 0);
});

Deno.test("two runs a router, among several pollers too; a place is free again at the end", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers, { pollers: 2 });
  const [first] = [await test.startOk("ping", FOREVER), await test.startOk("ping", FOREVER)];
  const third = await test.start("ping", FOREVER);
  ok(!third.ok && third.why === "busy");
  match(third.detail, /runs 2 tools already/);
  await cancelRun(scopeIn(TENANT), test, first!);
  ok((await test.start("ping", FOREVER)).ok);
});

Deno.test("a router that does not answer fails the run with what to check", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers);
  await fleet.routers[0]!.inject({ kind: "refuse" });
  const end = endOf(await test.read(await test.startOk("ping", FOREVER)));
  equal(end.outcome, "failed");
  match(end.detail!, /API service is enabled/);
  await fleet.routers[0]!.clear();
  const refused = await test.read(await test.startOk("ping", { address: "no.invalid" }));
  match(endOf(refused).detail!, /dns name does not exist/);
});

Deno.test("a router removed in the middle ends the run, and its session", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers);
  const run = await test.startOk("ping", FOREVER);
  const messages = (await test.follow(run).followed).messages[Symbol.asyncIterator]();
  await until(messages, "rows");
  const [deviceId] = test.ids;
  test.targets.delete(deviceId!);
  const change = { tenantId: TENANT, deviceId: deviceId!, change: "removed" as const };
  await test.pollers[0]!.runs.apply(change);
  const end = await until(messages, "end");
  match(JSON.stringify(end), /removed or paused/);
  await fleet.until(() => fleet.routers[0]!.openConnections === 0);
  equal(fleet.routers[0]!.counts.cancelled, 1);
});

Deno.test("without a follower it stops; with one it stops when its time is up", async () => {
  await using fleet = await one();
  const clock = new FakeClock();
  await using test = startRuns(fleet.routers, { clock });
  const advance = async (ms: number) => {
    for (let at = 0; at < ms; at += 5_000) await clock.advance(5_000);
  };
  // Never followed: the router is not even bothered.
  const lonely = await test.startOk("ping", FOREVER);
  await advance(25_000);
  equal(endOf(await test.read(lonely)).outcome, "abandoned");
  equal(fleet.routers[0]!.counts.connections, 0);

  // Followed, then left.
  const left = await test.startOk("ping", FOREVER);
  const { leaving, followed } = test.follow(left);
  await until((await followed).messages[Symbol.asyncIterator](), "rows");
  leaving.abort();
  await advance(25_000);
  await fleet.until(() => fleet.routers[0]!.openConnections === 0);
  equal(fleet.routers[0]!.counts.cancelled, 1);
  equal(endOf(await test.read(left)).outcome, "abandoned");

  // Followed to the last: as long as its kind may, and no longer.
  const test60 = { address: "10.0.0.1", seconds: 30, loadsTheLink: true };
  const long = await test.startOk("bandwidth-test", test60);
  const reading = test.read(long);
  await fleet.until(() => fleet.routers[0]!.openConnections === 1);
  await advance(60_000);
  const end = endOf(await reading);
  equal(end.outcome, "expired");
  match(end.detail!, /after a minute/);
});

Deno.test("a reader that takes nothing any more holds neither memory nor the router", async () => {
  await using fleet = await one();
  const clock = new FakeClock();
  await using test = startRuns(fleet.routers, { clock });
  const run = await test.startOk("ping", FOREVER);
  const { messages } = await test.follow(run).followed;
  const iterator = messages[Symbol.asyncIterator]();
  await until(iterator, "rows");
  // It stalls here. What is told meanwhile waits on the bus, the oldest of it goes.
  const { signal } = new AbortController();
  const second = await followRun(scopeIn(TENANT), test, run, { signal });
  for (let at = 0; at < 60_000; at += 5_000) await clock.advance(5_000);
  const end = endOf(await Array.fromAsync(second.messages));
  equal(end.outcome, "abandoned");
  // Its stream ends with the one message that was in hand.
  let left = 0;
  while (!(await iterator.next()).done) left += 1;
  ok(left <= 1, `${left}`);
});

Deno.test("a router that falls silent is asked whether it is there, and given up", async () => {
  await using fleet = await one();
  const clock = new FakeClock();
  await using test = startRuns(fleet.routers, { clock });
  const run = await test.startOk("ping", FOREVER);
  const messages = (await test.follow(run).followed).messages[Symbol.asyncIterator]();
  await until(messages, "rows");
  // The plug is pulled, the connection stays: only the question tells. Its ten seconds are real, so
  // the router answers it with a reset here.
  await fleet.routers[0]!.inject({ kind: "reset", command: "/system/identity/print" });
  await fleet.routers[0]!.inject({ kind: "mute" });
  await clock.advance(30_000);
  const end = await until(messages, "end");
  match(JSON.stringify(end), /"outcome":"failed".*connection lost/);
});

Deno.test("a poller that is gone: its follower is told within seconds", async () => {
  await using fleet = await one();
  const clock = new FakeClock();
  const inner = new MemoryRpc();
  let isGone = false;
  const rpc: Rpc = {
    serve: (...given) => inner.serve(...given),
    request: (...given) => {
      return isGone ? Promise.reject(new NobodyServes("gone")) : inner.request(...given);
    },
  };
  await using test = startRuns(fleet.routers, { clock, rpc });
  const run = await test.startOk("ping", FOREVER);
  const messages = (await test.follow(run).followed).messages[Symbol.asyncIterator]();
  await until(messages, "rows");
  // Killed: nobody serves the run any more, and no word of it.
  isGone = true;
  const ending = until(messages, "end");
  await clock.advance(6_000);
  const end = await ending;
  match(JSON.stringify(end), /"outcome":"lost"/);
});

Deno.test("a login without the right to test is told which policies it needs", async () => {
  await using fleet = await one();
  await using test = startRuns(fleet.routers);
  await fleet.routers[0]!.inject({ kind: "no-test-policy" });
  const end = endOf(await test.read(await test.startOk("ping", FOREVER)));
  match(end.detail!, /not enough permissions \(9\)".*policies test and sniff/);
});
