import { deepEqual } from "node:assert/strict";
import type { PushProbe } from "@/core/contract/pushes.ts";
import { LinkFailed, type LinkRow } from "@/core/router_link/link.ts";
import type { TenantId } from "@/core/scope.ts";
import { probeRouter } from "./probe_router.ts";

const RECORD = { tenantId: "acme" as TenantId, deviceId: "gw" };
const deps = (state: string) => ({
  db: { tenant: () => Promise.resolve([{ address: "192.0.2.1", region: "default" }]) },
  rpc: { request: () => Promise.resolve(new TextEncoder().encode(JSON.stringify({ state }))) },
});

const PING: PushProbe = { kind: "ping", address: "192.0.2.9" };
const PORT: PushProbe = { kind: "port", port: 8291 };
const NEIGHBOR: PushProbe = { kind: "neighbor", identity: "core-1" };
const CASES: [why: string, probe: PushProbe, rows: LinkRow[], state: string, ok: boolean][] = [
  ["one answer of three", PING, [{ sent: "1", received: "0" }, { received: "1" }], "", true],
  ["no answer", PING, [{ sent: "1", received: "0" }, { sent: "2", received: "0" }], "", false],
  ["no row at all", PING, [], "", false],
  ["an open port", PORT, [], "open", true],
  ["a closed port", PORT, [], "closed", false],
  ["a silent port", PORT, [], "silent", false],
  ["what no poller would say", PORT, [], "ajar", false],
  ["a neighbour that is there", NEIGHBOR, [{ identity: "core-1" }], "", true],
  ["a neighbour that is not", NEIGHBOR, [], "", false],
];
for (const [why, probe, rows, state, ok] of CASES) {
  Deno.test(`probeRouter() on ${why}`, async () => {
    const connection = { run: () => Promise.resolve({ rows }), close: () => Promise.resolve() };
    const outcome = await probeRouter(deps(state) as never, RECORD, probe, connection);
    deepEqual(outcome.ok, ok, outcome.detail);
  });
}

Deno.test("probeRouter(): what cannot be found out does not work, and is no error", async () => {
  const connection = {
    run: () => Promise.reject(new LinkFailed("lost", "The connection is gone")),
    close: () => Promise.resolve(),
  };
  deepEqual(await probeRouter(deps("") as never, RECORD, PING, connection), {
    ok: false,
    detail: "ping of 192.0.2.9: The connection is gone",
  });
});
