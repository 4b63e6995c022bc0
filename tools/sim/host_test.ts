import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { type Fleet, startFleet } from "@/tools/sim/fleet.ts";
import { rowOf, TinyClient } from "@/tools/sim/tiny_client.ts";

async function enter(fleet: Fleet): Promise<TinyClient> {
  const router = fleet.routers[0]!;
  const client = await TinyClient.connect(router.port);
  await client.login(router.username, router.password);
  return client;
}

/** A fleet of one whose clock stands still until it is moved. */
async function still(board = "ccr2004", count = 1) {
  const clock = { now: 1_780_000_000_000 };
  const fleet = await startFleet({
    count,
    boards: [board],
    versions: ["7.18.2"],
    now: () => clock.now,
  });
  return { clock, fleet };
}

const IDENTITY = "/system/identity/print";

Deno.test("counters follow the clock, never fall, and hold 64 bits", async () => {
  const { clock, fleet } = await still("ccr2004", 2);
  await using _ = fleet;
  using client = await enter(fleet);
  const read = async () => {
    const [row] = await client.rows("/interface/print", "?name=sfp-sfpplus3", "=stats=");
    return BigInt(row!["rx-byte"]!);
  };
  const first = await read();
  equal(await read(), first);
  ok(first > 2n ** 63n, `${first} does not need 64 bits`);
  let last = first;
  for (let i = 0; i < 50; i++) {
    clock.now += 60_000;
    const next = await read();
    ok(next >= last, `${next} after ${last}`);
    last = next;
  }
  const [port] = await client.rows("/interface/print", "?name=ether1");
  clock.now += 3_600_000;
  const [later] = await client.rows("/interface/print", "?name=ether1");
  ok(BigInt(later!["rx-byte"]!) > BigInt(port!["rx-byte"]!));
});

Deno.test("a cached answer and a fresh one say the same", async () => {
  const { clock, fleet } = await still("crs328");
  await using _ = fleet;
  using client = await enter(fleet);
  await client.rows("/interface/print");
  clock.now += 10_000;
  const cached = await client.rows("/interface/print");
  const fresh = await client.rows("/interface/print", "?>name=");
  deepEqual(cached, fresh);
});

Deno.test("a reboot ends sessions without !done and starts counters and uptime afresh", async () => {
  const { clock, fleet } = await still();
  await using _ = fleet;
  const router = fleet.routers[0]!;
  {
    using client = await enter(fleet);
    deepEqual(await client.run("/system/reboot"), []);
  }
  await fleet.until(() => !router.isOn);
  await router.powerOff();
  await router.powerOn();
  router.router.boot();
  clock.now += 60_000;
  using client = await enter(fleet);
  const [resource] = await client.rows("/system/resource/print");
  equal(resource!["uptime"], "1m");
  const [port] = await client.rows("/interface/print", "?name=ether1");
  ok(BigInt(port!["rx-byte"]!) < 10n ** 8n);
  equal(router.counts.logins, 2);
});

Deno.test("reboot() is gone for a while, then listens on the same port", async () => {
  await using fleet = await startFleet({ count: 1 });
  const router = fleet.routers[0]!;
  const { port } = router;
  await router.reboot({ bootMs: 10 });
  equal(router.port, port);
  using client = await enter(fleet);
  equal((await client.rows(IDENTITY)).length, 1);
});

Deno.test("power off: open connections fall silent, new ones are refused; on: all is well", async () => {
  await using fleet = await startFleet({ count: 1 });
  const router = fleet.routers[0]!;
  using old = await enter(fleet);
  await router.powerOff();
  old.send(IDENTITY);
  await rejects(TinyClient.connect(router.port), { code: "ECONNREFUSED" });
  equal(old.isClosed, false);
  await router.powerOn();
  equal(await old.next(), undefined);
  using client = await enter(fleet);
  equal((await client.rows(IDENTITY)).length, 1);
});

Deno.test("faults: refuse and clear", async () => {
  await using fleet = await startFleet({ count: 1 });
  const router = fleet.routers[0]!;
  using old = await enter(fleet);
  await router.inject({ kind: "refuse" });
  equal(await old.next(), undefined);
  await rejects(TinyClient.connect(router.port), { code: "ECONNREFUSED" });
  await router.clear();
  using client = await enter(fleet);
  equal((await client.rows(IDENTITY)).length, 1);
});

Deno.test("faults: hang-command starves one command, others are answered", async () => {
  await using fleet = await startFleet({ count: 1 });
  await fleet.routers[0]!.inject({ kind: "hang-command", command: IDENTITY });
  using client = await enter(fleet);
  client.send(IDENTITY, ".tag=1");
  const [answer] = await client.run("/system/clock/print", ".tag=2");
  equal(answer!.tag, "2");
});

Deno.test("faults: hang stops in the middle of a sentence and keeps the socket", async () => {
  await using fleet = await startFleet({ count: 1 });
  await fleet.routers[0]!.inject({ kind: "hang" });
  using client = await enter(fleet);
  const before = client.received;
  client.send(IDENTITY);
  const cut = client.next();
  const settled = await Promise.race([
    cut.then(() => "settled"),
    // The half has arrived when the byte count has moved; nothing may be whole by then.
    fleet.until(() => fleet.routers[0]!.counts.commands === 1).then(() => "still waiting"),
  ]);
  equal(settled, "still waiting");
  equal(client.isClosed, false);
  ok(client.received >= before);
});

Deno.test("faults: reset, wrong password, fatal, silent, max-sessions", async () => {
  await using fleet = await startFleet({ count: 1 });
  const router = fleet.routers[0]!;
  {
    using client = await enter(fleet);
    await router.inject({ kind: "reset" });
    deepEqual(await client.run(IDENTITY), []);
  }
  await router.clear();
  await router.inject({ kind: "fatal", nth: 2, reason: "out of memory" });
  {
    using client = await enter(fleet);
    equal((await client.rows(IDENTITY)).length, 1);
    deepEqual((await client.run(IDENTITY))[0]!.words, ["!fatal", "out of memory"]);
  }
  await router.clear();
  await router.inject({ kind: "wrong-password" });
  using client = await TinyClient.connect(router.port);
  const [refusal] = await client.login(router.username, router.password);
  equal(rowOf(refusal!)["message"], "invalid user name or password (6)");
  await router.clear();
  await router.inject({ kind: "max-sessions", limit: 0 });
  equal((await client.login(router.username, router.password))[0]!.words[0], "!fatal");
  await router.clear();
  await router.inject({ kind: "silent" });
  using mute = await TinyClient.connect(router.port);
  mute.send("/login");
  await fleet.until(() => router.counts.connections === 4);
  equal(mute.isClosed, false);
});

Deno.test("faults: slow answers late, and in order", async () => {
  await using fleet = await startFleet({ count: 1 });
  using client = await enter(fleet);
  await fleet.routers[0]!.inject({ kind: "slow", delayMs: 30 });
  const began = performance.now();
  client.send(IDENTITY, ".tag=1");
  client.send(IDENTITY, ".tag=2");
  const tags = [];
  for (let i = 0; i < 4; i++) tags.push((await client.next())!.tag);
  ok(performance.now() - began >= 25);
  deepEqual(tags, ["1", "1", "2", "2"]);
});

Deno.test("a link that goes down stops its counters, counts itself and is in the log", async () => {
  const { clock, fleet } = await still("hex");
  await using _ = fleet;
  using client = await enter(fleet);
  const router = fleet.routers[0]!;
  const port = async () => (await client.rows("/interface/print", "?name=ether1"))[0]!;
  const before = await port();
  router.setLink("ether1", false);
  clock.now += 600_000;
  const down = await port();
  equal(down["running"], "false");
  equal(down["rx-byte"], before["rx-byte"]);
  equal(Number(down["link-downs"]), Number(before["link-downs"]) + 1);
  router.setLink("ether1", true);
  clock.now += 600_000;
  ok(BigInt((await port())["rx-byte"]!) > BigInt(before["rx-byte"]!));
  const messages = (await client.rows("/log/print")).map(({ message }) => message);
  ok(messages.includes("ether1 link down") && messages.includes("ether1 link up"));
});

Deno.test("an identity changes under a cached answer", async () => {
  await using fleet = await startFleet({ count: 1 });
  using client = await enter(fleet);
  await client.rows(IDENTITY);
  fleet.routers[0]!.setIdentity("renamed");
  equal((await client.rows(IDENTITY))[0]!["name"], "renamed");
});
