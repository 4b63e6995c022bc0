import { deepEqual, equal, rejects } from "node:assert/strict";
import { MemoryRpc } from "@/core/adapters/rpc_memory.ts";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import { byteString, LINK_IDLE_MS, LinkFailed } from "@/core/router_link/link.ts";
import { linkThrough } from "@/core/router_link/remote_link.ts";
import { OTHER, TENANT } from "@/tests/support/live_runs.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { Semaphore } from "../semaphore.ts";
import { Links } from "./links.ts";

const deviceId = "00000000-0000-4000-8000-000000000000";

async function start(clock = new FakeClock()) {
  const fleet = await startFleet({ routers: [{ board: "hex", version: "7.18.2" }] });
  const router = fleet.routers[0]!;
  const target: PollTarget = {
    ...{ tenantId: TENANT, deviceId, address: router.address, port: router.port },
    ...{ tlsMode: "plain", tlsFingerprint: null, tlsCa: null, region: "default" },
    ...{ sshPort: 22, sshHostKey: null },
    ...{ pollIntervalSeconds: null, isEnabled: true, revision: 1, credentialAt: "1" },
  };
  const login = { username: router.username, password: router.password };
  const targets = new Map([[deviceId, target]]);
  const rpc = new MemoryRpc();
  const links = new Links({
    ...{ rpc, clock, region: "default", handshakes: new Semaphore(4), connectTimeoutMs: 1_000 },
    target: (id) => Promise.resolve(targets.get(id)),
    credential: () => Promise.resolve(login),
  });
  const stop = new AbortController();
  const serving = links.serve(stop.signal);
  return {
    ...{ fleet, router, targets, links, clock },
    link: linkThrough(rpc, () => Promise.resolve("default")),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await serving;
      await fleet[Symbol.asyncDispose]();
    },
  };
}

const failsAs = (reason: string) => (error: unknown) =>
  error instanceof LinkFailed && error.reason === reason;

Deno.test("a link: rows, ids and traps of the router; what is no UTF-8 survives", async () => {
  await using test = await start();
  const connection = await test.link.open({ tenantId: TENANT, deviceId });
  const name = byteString("Büro") + "\xfc";
  await connection.run("/system/identity/set", { attributes: { name } });
  const { rows } = await connection.run("/system/identity/print", { proplist: ["name"] });
  deepEqual({ ...rows[0] }, { name });
  const { ret } = await connection.run("/interface/print", { flags: ["count-only"] });
  equal(Number(ret) > 1, true);
  await rejects(connection.run("/no/such/print"), failsAs("trap"));
  await connection.close();
  await test.fleet.until(() => test.router.openConnections === 0);
  await rejects(connection.run("/system/identity/print"), failsAs("lost"));
});

Deno.test("a link nobody uses is closed; one whose router is gone, too", async () => {
  await using test = await start();
  const { clock } = test;
  const idle = await test.link.open({ tenantId: TENANT, deviceId });
  for (let waited = 0; waited <= LINK_IDLE_MS * 1.5; waited += LINK_IDLE_MS / 4) {
    await clock.advance(LINK_IDLE_MS / 4);
  }
  await rejects(idle.run("/system/identity/print"), failsAs("lost"));
  const open = await test.link.open({ tenantId: TENANT, deviceId });
  test.targets.clear();
  await test.links.apply({ deviceId, change: "removed" } as never);
  await rejects(open.run("/system/identity/print"), failsAs("lost"));
  await rejects(test.link.open({ tenantId: TENANT, deviceId }), failsAs("no_device"));
});

Deno.test("a link is refused to another tenant, and says when the login is", async () => {
  await using test = await start();
  await rejects(test.link.open({ tenantId: OTHER, deviceId }), failsAs("no_device"));
  test.router.router.setPassword("another");
  await rejects(test.link.open({ tenantId: TENANT, deviceId }), failsAs("login_refused"));
});
