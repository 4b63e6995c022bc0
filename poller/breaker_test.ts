import { equal } from "node:assert/strict";
import { Breaker } from "./breaker.ts";

function opened(random = () => 1) {
  const clock = { ms: 0 };
  const breaker = new Breaker(() => clock.ms, random);
  for (let i = 0; i < 5; i++) breaker.fail();
  return { breaker, clock };
}

Deno.test("Breaker stays closed for four failures and opens at the fifth", () => {
  const breaker = new Breaker(() => 0);
  for (let i = 0; i < 4; i++) breaker.fail();
  equal(breaker.state, "closed");
  breaker.fail();
  equal(breaker.state, "open");
  equal(breaker.admit(), false);
});

Deno.test("Breaker lets one try through after 30 s", () => {
  const { breaker, clock } = opened();
  clock.ms = 29_999;
  equal(breaker.admit(), false);
  clock.ms = 30_000;
  equal(breaker.admit(), true);
  equal(breaker.admit(), false, "only one");
  breaker.succeed();
  equal(breaker.state, "closed");
});

Deno.test("Breaker doubles its pause up to 15 minutes", () => {
  const { breaker, clock } = opened();
  const pauses: number[] = [];
  for (let i = 0; i < 8; i++) {
    const from = clock.ms;
    while (breaker.state === "open") clock.ms += 1_000;
    pauses.push((clock.ms - from) / 1_000);
    breaker.admit();
    breaker.fail();
  }
  equal(pauses.join(), "30,60,120,240,480,900,900,900");
});

Deno.test("Breaker tries at once after an edit or a nudge", () => {
  const edited = opened().breaker;
  edited.reset();
  equal(edited.admit(), true);
  const nudged = opened().breaker;
  nudged.nudge();
  equal(nudged.state, "half_open");
});
