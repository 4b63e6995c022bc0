import { equal, ok, rejects } from "node:assert/strict";
import { HOSTILE_NAMES, startFleet } from "@/tools/sim/fleet.ts";
import { fromBytes } from "@/tools/sim/text.ts";
import { TinyClient } from "@/tools/sim/tiny_client.ts";

Deno.test("1,000 routers on addresses of their own start, answer and stop", async () => {
  const fleet = await startFleet({ count: 1_000, addressBase: "127.93.0.0" });
  const clients: TinyClient[] = [];
  try {
    const addresses = new Set(fleet.routers.map(({ address, port }) => `${address}:${port}`));
    equal(addresses.size, 1_000);
    for (const router of fleet.routers.filter((_, i) => i % 10 === 0)) {
      const client = await TinyClient.connect(router.port, router.address);
      await client.login(router.username, router.password);
      clients.push(client);
    }
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        clients.map((client) => client.rows("/system/resource/print")),
      );
      ok(answers.every((rows) => rows.length === 1 && rows[0]!["uptime"]));
    }
    equal(fleet.routers.reduce((sum, { counts }) => sum + counts.commands, 0), 300);
    equal(fleet.routers.reduce((sum, { counts }) => sum + counts.logins, 0), 100);
  } finally {
    for (const client of clients) client[Symbol.dispose]();
    await fleet[Symbol.asyncDispose]();
  }
  // The ports are free again.
  await using again = await startFleet({ count: 2, addressBase: "127.93.0.0" });
  equal(again.routers[1]!.port, 8_728);
});

Deno.test("the same seed gives the same fleet, another seed another", async () => {
  const describe = async (seed: number) => {
    await using fleet = await startFleet({ count: 24, seed, now: () => 1_780_000_000_000 });
    return JSON.stringify(
      fleet.routers.map(({ router, password }) => [
        router.spec.version,
        router.identity,
        password,
        router.bootedAt,
      ]),
    );
  };
  const first = await describe(7);
  equal(await describe(7), first);
  ok(await describe(8) !== first);
});

Deno.test("hostile names are there when asked for", async () => {
  await using fleet = await startFleet({ count: 40, hasHostileNames: true });
  const names = new Set(fleet.routers.map(({ router }) => fromBytes(router.identity)));
  for (const name of HOSTILE_NAMES) ok(names.has(name), name);
});

Deno.test("a fleet keeps to loopback, and boards to versions they can run", async () => {
  await rejects(startFleet({ count: 1, addressBase: "10.0.0.0" }), /must be 127\.x\.y\.z/);
  await rejects(
    startFleet({ boards: ["cap-ax"], versions: ["6.49.17"] }),
    /must be 7\.5 or newer: current value is 6\.49\.17/,
  );
});
