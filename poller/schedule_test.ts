import { deepEqual, equal, ok } from "node:assert/strict";
import { FakeClock } from "@/tests/support/clock.ts";
import { nextDue, phaseOf } from "./jitter.ts";
import { Schedule } from "./schedule.ts";

function collect(clock: FakeClock, fill: (schedule: Schedule<{ id: string }>) => void) {
  const schedule = new Schedule<{ id: string }>(clock);
  const stop = new AbortController();
  const order: string[] = [];
  const running = (async () => {
    for await (const { item } of schedule.due(stop.signal)) order.push(item.id);
  })();
  fill(schedule);
  return { schedule, order, finish: () => (stop.abort(), running) };
}

Deno.test("Schedule hands items out in the order they fall due", async () => {
  const clock = new FakeClock(0);
  const { order, finish } = collect(clock, (schedule) => {
    for (const [id, due] of [["c", 30], ["a", 10], ["b", 20], ["d", 1_000]] as const) {
      schedule.set({ id }, due);
    }
  });
  await clock.advance(100);
  deepEqual(order, ["a", "b", "c"]);
  await finish();
});

Deno.test("Schedule forgets an item that is removed, and moves one that is set again", async () => {
  const clock = new FakeClock(0);
  const { order, schedule, finish } = collect(clock, (schedule) => {
    schedule.set({ id: "gone" }, 10);
    schedule.set({ id: "later" }, 10);
  });
  schedule.delete("gone");
  schedule.set({ id: "later" }, 50);
  await clock.advance(20);
  deepEqual(order, []);
  await clock.advance(40);
  deepEqual(order, ["later"]);
  await finish();
});

Deno.test("nextDue() gives a device the same place in every interval", () => {
  const first = nextDue("router-1", 60_000, 1_000_000);
  equal(nextDue("router-1", 60_000, first), first + 60_000);
  ok(first > 1_000_000 && first <= 1_060_000);
});

Deno.test("phaseOf() spreads a fleet evenly over the interval", () => {
  const tenths = new Array(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    tenths[Math.floor(phaseOf(`00000000-0000-4000-8000-${String(i).padStart(12, "0")}`) * 10)]++;
  }
  for (const share of tenths) ok(share > 850 && share < 1_150, tenths.join());
});
