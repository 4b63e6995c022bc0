import { equal, match, ok } from "node:assert/strict";
import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { Unavailable } from "@/core/errors.ts";
import type { Locks } from "@/core/ports/locks.ts";
import { RunSlots, type Slot } from "./slots.ts";

const LIMITS = { device: 2, tenant: 3, process: 4 };
const owners = (tenant: string, device: string | null) => ({ tenant, device });

async function take(slots: RunSlots, tenant: string, device: string | null): Promise<Slot> {
  const slot = await slots.take(owners(tenant, device));
  if ("full" in slot) throw new Error(slot.full);
  return slot;
}
async function whyFull(slots: RunSlots, tenant: string, device: string | null): Promise<string> {
  const slot = await slots.take(owners(tenant, device));
  return "full" in slot ? slot.full : "there was room";
}

for (const isAway of [false, true]) {
  Deno.test(`places are bounded by router, tenant and process${isAway ? ", without locks too" : ""}`, async () => {
    const memory = new MemoryLocks();
    const away = { acquire: () => Promise.reject(new Unavailable("away")) } as unknown as Locks;
    const slots = new RunSlots(isAway ? away : memory, LIMITS);
    const first = await take(slots, "a", "d1");
    await take(slots, "a", "d1");
    match(await whyFull(slots, "a", "d1"), /This router runs 2/);
    await take(slots, "a", null);
    match(await whyFull(slots, "a", "d2"), /organisation runs 3/);
    await take(slots, "b", "d3");
    match(await whyFull(slots, "b", "d4"), /This poller runs 4/);
    // What was refused holds nothing, what ended frees all it held.
    equal(slots.inUse, 4);
    ok(slots.isOn("d1") && !slots.isOn("d2"));
    await first[Symbol.asyncDispose]();
    await take(slots, "a", "d2");
    equal(slots.inUse, 4);
  });
}

Deno.test("places are bounded over all pollers, and those of a dead one lapse", async () => {
  const clock = { ms: 0 };
  const locks = new MemoryLocks(() => clock.ms);
  const [one, two] = [new RunSlots(locks, LIMITS), new RunSlots(locks, LIMITS)];
  const kept = await take(one, "a", "d1");
  await take(one, "a", "d1");
  match(await whyFull(two, "a", "d1"), /This router runs 2/);
  clock.ms += 30_000;
  await kept.renew();
  clock.ms += 30_000;
  await take(two, "a", "d1");
  match(await whyFull(two, "a", "d1"), /This router runs 2/);
});
