import { deepEqual, rejects } from "node:assert/strict";
import { FakeClock } from "@/tests/support/clock.ts";
import { recordingLog, silentLog } from "@/tests/support/log.ts";
import { MemoryBus } from "./adapters/bus_memory.ts";
import { drainBus, runRoles } from "./lifecycle.ts";
import type { Platform } from "./platform.ts";
import { systemClock } from "./ports/clock.ts";

const platform = { log: silentLog, clock: systemClock } as Platform;
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

Deno.test("runRoles() stops every role when one fails, and rethrows its error", async () => {
  const done: string[] = [];
  const calm = async (_: Platform, signal: AbortSignal) => {
    await untilAborted(signal);
    done.push("drained");
  };
  const broken = () => Promise.reject(new Error("no bus"));
  const roles = new Map([["calm", calm], ["broken", broken]]);
  await rejects(runRoles(roles, platform, new AbortController()), /no bus/);
  deepEqual(done, ["drained"]);
});

Deno.test("runRoles() takes a role that ends by itself for a failure", async () => {
  const roles = new Map([["short", () => Promise.resolve()]]);
  await rejects(runRoles(roles, platform, new AbortController()), /short ended by itself/);
});

Deno.test("runRoles() resolves once all have drained after a stop", async () => {
  const stop = new AbortController();
  const roles = new Map([["a", (_: Platform, signal: AbortSignal) => untilAborted(signal)]]);
  const running = runRoles(roles, platform, stop);
  stop.abort();
  await running;
});

Deno.test("runRoles() ends the last role first, and each only when the one after it has ended", async () => {
  const said: string[] = [];
  const role = (name: string) => async (_: Platform, signal: AbortSignal) => {
    await untilAborted(signal);
    said.push(`${name} stops`);
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
    said.push(`${name} ends`);
  };
  const stop = new AbortController();
  const roles = new Map(["ingest", "poller", "http"].map((name) => [name, role(name)]));
  const running = runRoles(roles, platform, stop);
  stop.abort();
  await running;
  deepEqual(said, [
    ...["http stops", "http ends", "poller stops", "poller ends", "ingest stops", "ingest ends"],
  ]);
});

Deno.test("runRoles() goes on when a role takes too long to end", async () => {
  const clock = new FakeClock();
  const ended = Promise.withResolvers<void>();
  const said: string[] = [];
  const roles = new Map([
    ["calm", async (_: Platform, signal: AbortSignal) => {
      await untilAborted(signal);
      said.push("calm");
      ended.resolve();
    }],
    ["slow", () => ended.promise],
  ]);
  const stop = new AbortController();
  const running = runRoles(roles, { ...platform, clock }, stop);
  stop.abort();
  await clock.advance(0); // the wait has begun
  await clock.advance(14_000);
  deepEqual(said, []);
  await clock.advance(1_000);
  await running;
  deepEqual(said, ["calm"]);
});

Deno.test("drainBus() waits for the last answer, and not for ever", async () => {
  await using bus = new MemoryBus({ maxBytes: 10_000, maxAgeSeconds: 60 });
  await bus.publish("tod.sample.a", new Uint8Array(1));
  const log = recordingLog();
  await drainBus({ bus, clock: systemClock, log }, 30);
  deepEqual(log.lines.map(({ fields }) => fields), [{ pending: 1 }]);

  const stop = new AbortController();
  const source = bus.consume("tod.sample.>", { group: "g", maxInFlight: 1, signal: stop.signal });
  const draining = drainBus({ bus, clock: systemClock, log });
  for await (const delivery of source) {
    delivery.ack();
    break;
  }
  await draining;
  deepEqual(log.lines.length, 1);
});
