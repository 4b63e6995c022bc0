import { deepEqual, equal, rejects } from "node:assert/strict";
import { VirtualTime } from "./time.ts";

Deno.test("timers fire in the order of their time, and what they set off before the next", async () => {
  const time = new VirtualTime(0);
  const seen: string[] = [];
  const note = (what: string) => () => seen.push(`${time.now()} ${what}`);
  time.setTimeout(note("late"), 30);
  time.setTimeout(note("same, first"), 10);
  time.setTimeout(note("same, second"), 10);
  const gone = time.setTimeout(note("never"), 20);
  time.setTimeout(() => time.setTimeout(note("set off"), 5), 10);
  time.clearTimeout(gone);
  await time.advance(20);
  deepEqual(seen, ["10 same, first", "10 same, second", "15 set off"]);
  equal(time.now(), 20);
  await time.advance(10);
  deepEqual(seen.at(-1), "30 late");
  equal(time.pending, 0);
});

Deno.test("run turns the clock until a promise settles, and says when nothing will settle it", async () => {
  const time = new VirtualTime(0);
  const nap = async () => {
    await time.sleep(1_000);
    await time.sleep(2_000);
    return "awake";
  };
  equal(await time.run(nap()), "awake");
  equal(time.now(), 3_000);
  await rejects(time.run(new Promise(() => {})), /nothing waits/);
  const stop = new AbortController();
  const sleeping = time.sleep(1_000, stop.signal);
  stop.abort(new Error("woken"));
  await rejects(sleeping, /woken/);
  equal(time.pending, 0);
});
