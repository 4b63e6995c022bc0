import { equal, match, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import { silentLog } from "@/tests/support/log.ts";
import { freePort } from "@/tests/support/ports.ts";
import { readConfig } from "./config.ts";
import { serveMetrics } from "./metrics_server.ts";
import { observeProcess } from "./observe.ts";
import type { Platform } from "./platform.ts";

Deno.test("observeProcess() sees a blocked event loop, memory and version", async () => {
  const registry = new Registry();
  using _observed = observeProcess(registry);
  const until = performance.now() + 400;
  while (performance.now() < until); // nothing else runs meanwhile
  await new Promise((resolve) => setTimeout(resolve, 0));
  const text = await registry.metrics();
  const count = (pattern: RegExp) => Number(pattern.exec(text)![1]);
  ok(count(/lag_seconds_count (\d+)/) > count(/lag_seconds_bucket\{le="0.25"\} (\d+)/), text);
  match(text, /tod_build_info\{version="\d+\.\d+\.\d+"\} 1/);
  const rss = Number(/tod_process_resident_memory_bytes (\d+)/.exec(text)![1]);
  ok(rss > 2 ** 20);
});

Deno.test("serveMetrics() answers metrics, life and readiness on its own port", async () => {
  const port = await freePort();
  const config = readConfig({
    env: {},
    args: ["--role=web", "--api-url=http://127.0.0.1:1", `--metrics-port=${port}`],
  });
  const registry = new Registry();
  using _observed = observeProcess(registry);
  const stop = new AbortController();
  const serving = serveMetrics({ config, registry, log: silentLog } as Platform, stop.signal);
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  match((await get("/metrics")).text, /tod_build_info/);
  equal((await get("/health")).status, 200);
  const ready = await get("/health/ready");
  equal(ready.status, 503);
  match(JSON.parse(ready.text).dependencies[0].detail, /does not answer/);
  equal((await get("/other")).status, 404);
  stop.abort();
  await serving;
});
