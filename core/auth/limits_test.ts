import { equal, match, rejects } from "node:assert/strict";
import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { TooManyRequests } from "@/core/errors.ts";
import { countAttempt } from "./limits.ts";

const attempts = (locks: MemoryLocks, perMinute = 5) => ({
  of: (account: string, address: string) => countAttempt(locks, { account, address, perMinute }),
});

Deno.test("countAttempt() stops the sixth attempt of a minute for one account, from anywhere", async () => {
  let now = 0;
  await using locks = new MemoryLocks(() => now);
  const { of } = attempts(locks);
  for (let i = 0; i < 5; i++) await of("Ann@Example.net ", `192.0.2.${i}`);
  await rejects(of("ann@example.net", "192.0.2.99"), TooManyRequests);
  await of("ben@example.net", "192.0.2.98");
  now = 60_001;
  await of("ann@example.net", "192.0.2.99");
});

Deno.test("countAttempt() stops the sixth attempt of a minute from one address, for any account", async () => {
  await using locks = new MemoryLocks(() => 0);
  const { of } = attempts(locks);
  for (let i = 0; i < 5; i++) await of(`user${i}@example.net`, "192.0.2.1");
  await rejects(of("other@example.net", "192.0.2.1"), TooManyRequests);
});

Deno.test("countAttempt() slows a patient guesser down", async () => {
  let now = 0;
  await using locks = new MemoryLocks(() => now);
  const { of } = attempts(locks);
  let tried = 0;
  let refusal: unknown;
  for (; tried < 100 && !refusal; tried++) {
    now += 13_000; // never six in a minute
    await of("ann@example.net", `192.0.2.${tried}`).catch((error) => refusal = error);
  }
  equal(tried, 31);
  match((refusal as TooManyRequests).message, /try again in \d+ minutes/);
});
