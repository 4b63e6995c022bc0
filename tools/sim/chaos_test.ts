import { equal, ok } from "node:assert/strict";
import { parseChaos, startChaos } from "@/tools/sim/chaos.ts";
import { startFleet } from "@/tools/sim/fleet.ts";

Deno.test("chaos takes routers down and gives them back, others each round", async () => {
  await using fleet = await startFleet({ count: 40 });
  const stop = new AbortController();
  const off = () => fleet.routers.filter(({ isOn }) => !isOn).map(({ index }) => index).join();
  startChaos(fleet, parseChaos("poweroff:20"), { seed: 1, signal: stop.signal, roundMs: 20 });
  await fleet.until(() => off() !== "");
  const first = off().split(",")[0]!;
  await fleet.until(() => fleet.routers[Number(first)]!.isOn);
  stop.abort();
  ok(Number(first) < 40);
});

Deno.test("a share of nothing leaves the fleet alone", async () => {
  await using fleet = await startFleet({ count: 4 });
  const stop = new AbortController();
  startChaos(fleet, parseChaos("poweroff:0,reset:0"), { seed: 1, signal: stop.signal });
  stop.abort();
  equal(fleet.routers.every(({ isOn }) => isOn), true);
});
