import { equal } from "node:assert/strict";
import { startFleet } from "./fleet.ts";
import { TinyClient } from "./tiny_client.ts";

/** Whether a login comes through within a moment. */
async function comesIn(port: number, password: string): Promise<boolean> {
  using client = await TinyClient.connect(port);
  const silence = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => silence.resolve(undefined), 150);
  const answer = await Promise.race([client.login("tod", password), silence.promise]);
  clearTimeout(timer);
  return answer?.[0]?.words[0] === "!done";
}

Deno.test("on real ports too, a guarded router lets in whom its configuration lets in", async () => {
  await using fleet = await startFleet({ guarded: true, routers: [{ board: "hex", bootMs: 50 }] });
  const host = fleet.routers[0]!;
  const { port, password, router } = host;
  using client = await TinyClient.connect(port);
  await client.login("tod", password);
  equal(await comesIn(port, password), true);
  const [added] = await client.run(
    ...["/ip/firewall/filter/add", "=chain=input", "=action=drop", "=protocol=tcp"],
    ...["=dst-port=8728", "=connection-state=new", "=place-before=*1"],
  );
  equal(added!.words[0], "!done");
  equal(await comesIn(port, password), false);
  // Who is in stays in, and can repair it.
  await client.run("/ip/firewall/filter/remove", `=.id=${added!.words[1]!.slice(5)}`);
  equal(await comesIn(port, password), true);
  await client.run("/ip/service/disable", "=numbers=api");
  equal(await comesIn(port, password), false);
  await client.run("/ip/service/enable", "=numbers=api");

  // Safe mode gives a closed socket's changes back, here by the real clock.
  using holder = await TinyClient.connect(port);
  await holder.login("tod", password);
  await holder.run("/safe-mode/take");
  await holder.run("/system/identity/set", "=name=for-a-while");
  equal(router.identity, "for-a-while");
  holder[Symbol.dispose]();
  await fleet.until(() => router.identity === "prague-core");
  equal(router.history.owner, undefined);
});

Deno.test("every router of a guarded fleet lets its manager in, whatever hangs on its ports", async () => {
  for (
    const options of [{ count: 16 }, { count: 12, boards: ["hex"] }, { count: 8, boards: ["chr"] }]
  ) {
    await using fleet = await startFleet({ ...options, guarded: true, versions: ["7.18.2"] });
    for (const { port, password, router } of fleet.routers) {
      equal(await comesIn(port, password), true, `${router.board.key} ${router.spec.index}`);
    }
  }
});
