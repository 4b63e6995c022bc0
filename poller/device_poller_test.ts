import { deepEqual, equal, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import type { TenantId } from "@/core/scope.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import type { Collector } from "./collector.ts";
import { COLLECTORS } from "./collectors/mod.ts";
import { DevicePoller } from "./device_poller.ts";
import { createPollerMetrics } from "./metrics.ts";
import { Semaphore } from "./semaphore.ts";

const target = (router: { address: string; port: number }): PollTarget => ({
  tenantId: "11111111-1111-4111-8111-111111111111" as TenantId,
  deviceId: "00000000-0000-4000-8000-000000000001",
  address: router.address,
  port: router.port,
  tlsMode: "plain",
  tlsFingerprint: null,
  tlsCa: null,
  sshPort: 22,
  sshHostKey: null,
  region: "default",
  pollIntervalSeconds: 10,
  isEnabled: true,
  revision: 1,
  credentialAt: "1",
});

Deno.test("DevicePoller asks one thing at a time while a live run has a command open", async () => {
  await using fleet = await startFleet({ routers: [{ board: "rb4011", version: "7.18.2" }] });
  const router = fleet.routers[0]!;
  let hasRun = false;
  /** Commands the router has seen when the first of two answers. */
  let seen = 0;
  const pair: Collector = {
    name: "pair",
    pace: "poll",
    collect: async (ask) => {
      const before = router.counts.commands;
      const first = ask("/system/clock/print");
      const second = ask("/system/identity/print");
      await first;
      seen = router.counts.commands - before;
      await second;
      return {};
    },
  };
  using poller = new DevicePoller(target(router), {
    clock: new FakeClock(),
    metrics: createPollerMetrics(new Registry()),
    handshakes: new Semaphore(1),
    credential: () => Promise.resolve({ username: router.username, password: router.password }),
    collectors: [pair],
    poller: "test",
    hasRun: () => hasRun,
    polling: { connectTimeoutMs: 5_000, commandTimeoutMs: 5_000, slowIntervalSeconds: 300 },
  });
  await poller.poll(AbortSignal.timeout(10_000));
  equal(seen, 2);
  hasRun = true;
  await poller.poll(AbortSignal.timeout(10_000));
  equal(seen, 1);
});

Deno.test("DevicePoller reads each section at its pace, however often it polls", async () => {
  await using fleet = await startFleet({ routers: [{ board: "rb4011", version: "7.18.2" }] });
  const [{ address, port, username, password }] = fleet.routers as [typeof fleet.routers[0]];
  const clock = new FakeClock();
  using poller = new DevicePoller(
    target({ address, port }),
    {
      clock,
      metrics: createPollerMetrics(new Registry()),
      handshakes: new Semaphore(1),
      credential: () => Promise.resolve({ username, password }),
      collectors: COLLECTORS,
      poller: "test",
      polling: { connectTimeoutMs: 5_000, commandTimeoutMs: 5_000, slowIntervalSeconds: 300 },
    },
  );
  const seen: Record<string, number[]> = { interfaces: [], counts: [], peers: [], routes: [] };
  for (let seconds = 0; seconds <= 300; seconds += 10) {
    const sample = await poller.poll(AbortSignal.timeout(10_000));
    for (const [section, times] of Object.entries(seen)) {
      if (section in sample) times.push(seconds);
    }
    await clock.advance(10_000);
  }
  const every = (step: number) => Array.from({ length: 300 / step + 1 }, (_, i) => i * step);
  const { routes, ...others } = seen;
  deepEqual(others, { interfaces: every(10), counts: every(60), peers: every(60) });
  // Slow ones are spread over a tenth of their interval, each device at its own place.
  equal(routes!.length, 2);
  ok(routes![1]! >= 270 && routes![1]! <= 300, `read again after ${routes![1]} s`);
});
