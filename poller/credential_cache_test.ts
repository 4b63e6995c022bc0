import { equal, rejects } from "node:assert/strict";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import { CredentialCache } from "./credential_cache.ts";

const target = (deviceId: string) => ({ deviceId }) as PollTarget;

function counting() {
  const clock = { ms: 0 };
  const loads: string[] = [];
  const cache = new CredentialCache(({ deviceId }) => {
    loads.push(deviceId);
    return Promise.resolve({ username: "tod", password: String(loads.length) });
  }, () => clock.ms);
  return { cache, clock, loads };
}

Deno.test("CredentialCache loads once for many askers", async () => {
  const { cache, loads } = counting();
  await Promise.all(Array.from({ length: 10 }, () => cache.get(target("a"))));
  equal(loads.length, 1);
});

Deno.test("CredentialCache loads again after 5 minutes, and at once after a change", async () => {
  const { cache, clock, loads } = counting();
  await cache.get(target("a"));
  clock.ms = 299_999;
  await cache.get(target("a"));
  equal(loads.length, 1);
  clock.ms = 300_000;
  await cache.get(target("a"));
  equal(loads.length, 2);
  cache.drop("a");
  await cache.get(target("a"));
  equal(loads.length, 3);
});

Deno.test("CredentialCache loads a login that was set anew, though nobody said so", async () => {
  const { cache, loads } = counting();
  await cache.get({ ...target("a"), credentialAt: "1" });
  await cache.get({ ...target("a"), credentialAt: "1" });
  equal(loads.length, 1);
  await cache.get({ ...target("a"), credentialAt: "1 2" });
  equal(loads.length, 2);
});

Deno.test("CredentialCache keeps the 1,024 used last", async () => {
  const { cache, loads } = counting();
  for (let i = 0; i < 1_024; i++) await cache.get(target(`d${i}`));
  await cache.get(target("d0")); // used again: now d1 is the oldest
  await cache.get(target("new"));
  equal(cache.size, 1_024);
  loads.length = 0;
  await cache.get(target("d0"));
  equal(loads.length, 0);
  await cache.get(target("d1"));
  equal(loads.length, 1);
});

Deno.test("CredentialCache does not keep a failure", async () => {
  let fails = true;
  const cache = new CredentialCache(
    () => fails ? Promise.reject(new Error("kms away")) : Promise.resolve(undefined),
    () => 0,
  );
  await rejects(cache.get(target("a")), /kms away/);
  fails = false;
  equal(await cache.get(target("a")), undefined);
});
