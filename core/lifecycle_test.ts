import { deepEqual, rejects } from "node:assert/strict";
import { silentLog } from "@/tests/support/log.ts";
import { runRoles } from "./lifecycle.ts";
import type { Platform } from "./platform.ts";

const platform = { log: silentLog } as Platform;
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
