import { Buffer } from "node:buffer";
import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { type Fleet, startFleet } from "@/tools/sim/fleet.ts";
import { rowOf, TinyClient } from "@/tools/sim/tiny_client.ts";

async function enter(fleet: Fleet, index = 0): Promise<TinyClient> {
  const router = fleet.routers[index]!;
  const client = await TinyClient.connect(router.port, router.address);
  await client.login(router.username, router.password);
  return client;
}

const one = (board = "hex", version = "7.18.2") => startFleet({ routers: [{ board, version }] });

Deno.test("login: a wrong password is refused and counted, a command before it is fatal", async () => {
  await using fleet = await one();
  const router = fleet.routers[0]!;
  using client = await TinyClient.connect(router.port);
  const refused = await client.login("tod", "wrong");
  deepEqual(refused.map(({ words }) => words), [
    ["!trap", "=message=invalid user name or password (6)"],
    ["!done"],
  ]);
  deepEqual((await client.login("tod", router.password)).map(({ words }) => words), [["!done"]]);
  deepEqual({ ...router.counts }, {
    connections: 1,
    logins: 1,
    failedLogins: 1,
    commands: 0,
    cancelled: 0,
  });
  using rude = await TinyClient.connect(router.port);
  deepEqual((await rude.run("/system/identity/print"))[0]!.words, ["!fatal", "not logged in"]);
  equal(await rude.next(), undefined);
});

Deno.test("login: what a peer may send before it is bounded", async () => {
  await using fleet = await one();
  using client = await TinyClient.connect(fleet.routers[0]!.port);
  client.send("/login", "=name=" + "x".repeat(5_000));
  equal(await client.next(), undefined);
});

Deno.test("login: a session is in /user/active and in the log, and leaves both traces", async () => {
  await using fleet = await one();
  using client = await enter(fleet);
  {
    using _second = await enter(fleet);
    equal((await client.rows("/user/active/print", "?via=api")).length, 2);
  }
  await fleet.until(() => fleet.routers[0]!.openConnections === 1);
  equal((await client.rows("/user/active/print")).length, 1);
  const log = await client.rows("/log/print", "=.proplist=topics,message");
  match(log.at(-1)!["message"]!, /^user tod logged out from 127\.0\.0\.1 via api$/);
  equal(log.filter(({ message }) => message!.includes("logged in")).length, 2);
});

Deno.test("login: sessions past max-sessions are turned away", async () => {
  await using fleet = await startFleet({ routers: [{ maxSessions: 2 }] });
  using _first = await enter(fleet);
  using _second = await enter(fleet);
  const router = fleet.routers[0]!;
  using third = await TinyClient.connect(router.port);
  const [answer] = await third.login(router.username, router.password);
  deepEqual(answer!.words, ["!fatal", "too many sessions"]);
});

Deno.test("/quit ends the session with its reason", async () => {
  await using fleet = await one();
  using client = await enter(fleet);
  deepEqual((await client.run("/quit"))[0]!.words, ["!fatal", "session terminated on request"]);
  equal(await client.next(), undefined);
});

Deno.test("every sentence of a tagged command carries the tag, wherever it stands", async () => {
  // Over several routers, as they differ in where they put it.
  await using fleet = await startFleet({ count: 8, versions: ["7.18.2"] });
  for (let i = 0; i < 8; i++) {
    using client = await enter(fleet, i);
    client.send("/ip/service/print", ".tag=a b", "=.proplist=name");
    for (let row = 0; row < 9; row++) equal((await client.next())!.tag, "a b");
    const [trap, done] = await client.run("/none/print", ".tag=7");
    deepEqual([trap!.tag, done!.tag], ["7", "7"]);
  }
});

Deno.test("proplist, count-only with and without its second =, queries", async () => {
  await using fleet = await one();
  using client = await enter(fleet);
  const rows = await client.rows("/interface/print", "=.proplist=name,none,type", "?type=ether");
  deepEqual(
    rows.map((row) => ({ ...row })),
    [1, 2, 3, 4, 5].map((n) => ({
      name: `ether${n}`,
      type: "ether",
    })),
  );
  for (const flag of ["=count-only=", "=count-only"]) {
    const sentences = await client.run("/interface/print", flag, "?type=ether");
    deepEqual(sentences.map(({ words }) => words), [["!done", "=ret=5"]]);
  }
  const all = await client.run("/ip/route/print", "=count-only=", "?connect=yes");
  deepEqual(all[0]!.words, ["!done", "=ret=2"]);
});

Deno.test("error counters need stats or a proplist under 7", async () => {
  await using fleet = await one();
  using client = await enter(fleet);
  const [plain] = await client.rows("/interface/print");
  ok("rx-byte" in plain! && !("rx-error" in plain));
  for (const words of [["=stats="], ["=stats-detail="], ["=.proplist=rx-error"]]) {
    ok("rx-error" in (await client.rows("/interface/print", ...words))[0]!);
  }
});

Deno.test("set, disable, add, remove: written once, seen in every view, told to listeners", async () => {
  await using fleet = await one();
  using client = await enter(fleet);
  client.send("/interface/listen", ".tag=l");
  using other = await enter(fleet);
  deepEqual(
    (await other.run("/interface/ethernet/set", "=.id=ether3", "=comment=a=b")).length,
    1,
  );
  const told = rowOf((await client.next())!);
  equal(told["comment"], "a=b");
  await other.run("/interface/disable", "=numbers=ether3");
  equal(rowOf((await client.next())!)["disabled"], "true");
  const [row] = await other.rows("/interface/ethernet/print", "?name=ether3");
  deepEqual([row!["disabled"], row!["running"], row!["comment"]], ["true", "false", "a=b"]);

  const [added] = await other.run(
    ...["/interface/vlan/add", "=name=v7", "=vlan-id=7", "=interface=bridge"],
  );
  const id = added!.words[1]!.slice("=ret=".length);
  match(id, /^\*[0-9A-F]+$/);
  equal((await other.rows("/interface/vlan/print", "?name=v7"))[0]!["vlan-id"], "7");
  equal(rowOf((await client.next())!)["name"], "v7");
  await other.run("/interface/vlan/remove", `=.id=${id}`);
  deepEqual({ ...rowOf((await client.next())!) }, { ".id": id, ".dead": "yes" });
  equal((await other.rows("/interface/print", "?name=v7")).length, 0);
});

Deno.test("what cannot be written is refused with the router's own words", async () => {
  await using fleet = await startFleet({
    routers: [{
      users: [{ name: "tod", password: "x", group: "full" }, {
        name: "eye",
        password: "y",
        group: "read",
      }],
    }],
  });
  using client = await enter(fleet);
  const message = async (from: TinyClient, ...words: string[]) =>
    rowOf((await from.run(...words))[0]!)["message"];
  equal(await message(client, "/ip/address/remove", "=.id=*99"), "no such item");
  equal(
    await message(client, "/ip/address/set", "=.id=*1", "=color=red"),
    "unknown parameter color",
  );
  using eye = await TinyClient.connect(fleet.routers[0]!.port);
  await eye.login("eye", "y");
  equal(await message(eye, "/system/identity/set", "=name=no"), "not enough permissions (9)");
  equal((await eye.rows("/system/identity/print")).length, 1);
});

Deno.test("monitor: one report with once, sections without it, until /cancel", async () => {
  await using fleet = await one("ccr2004");
  using client = await enter(fleet);
  const once = await client.rows(
    ...["/interface/ethernet/monitor", "=numbers=ether1,sfp-sfpplus4", "=once="],
  );
  deepEqual(once.map((row) => row["name"]), ["ether1", "sfp-sfpplus4"]);
  client.send("/interface/monitor-traffic", "=interface=ether1", "=interval=0.02", ".tag=m");
  const sections = [await client.next(), await client.next(), await client.next()]
    .map((sentence) => rowOf(sentence!)[".section"]);
  deepEqual(sections, ["0", "1", "2"]);
  client.send("/cancel", "=tag=m", ".tag=c");
  const ends: string[] = [];
  while (ends.length < 3) {
    const { words, tag } = (await client.next())!;
    if (words[0] !== "!re") ends.push(`${tag} ${words.join(" ")}`);
  }
  deepEqual(ends, ["m !trap =category=2 =message=interrupted", "m !done", "c !done"]);
  equal((await client.rows("/system/identity/print")).length, 1);
});

Deno.test("a name in a code page goes out and comes back byte for byte", async () => {
  const bytes = Uint8Array.of(0xd1, 0xea, 0xeb, 0xe0, 0xe4);
  await using fleet = await startFleet({ routers: [{ identity: bytes }] });
  using client = await enter(fleet);
  const [row] = await client.rows("/system/identity/print");
  deepEqual(new Uint8Array(Buffer.from(row!["name"]!, "latin1")), bytes);
  await client.run("/system/identity/set", `=name=${row!["name"]!}-2`);
  equal((await client.rows("/system/identity/print"))[0]!["name"], row!["name"]! + "-2");
});

Deno.test("neighbours name each other, port by port", async () => {
  await using fleet = await startFleet({ count: 16, versions: ["7.18.2"] });
  const clients = await Promise.all(fleet.routers.map((_, i) => enter(fleet, i)));
  let links = 0;
  for (const [i, client] of clients.entries()) {
    for (const row of await client.rows("/ip/neighbor/print")) {
      const index = fleet.routers.findIndex(({ router }) => router.identity === row["identity"]);
      const back = await clients[index]!.rows("/ip/neighbor/print");
      const mine = fleet.routers[i]!.router;
      const same = back.find(({ identity }) => identity === mine.identity);
      equal(same!["interface"]!.split(",")[0], row["interface-name"]);
      notEqual(index, i);
      links++;
    }
  }
  equal(links, 2 * (2 * 7 + 1)); // seven cables in each of two sites, one between the cores
  for (const client of clients) client[Symbol.dispose]();
});
