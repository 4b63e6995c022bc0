import { deepEqual, ok } from "node:assert/strict";
import type { ClientReading } from "@/core/contract/sample.ts";
import { RouterosSession } from "@/core/wire/routeros/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { type Ask, NO_FACTS } from "../collector.ts";
import { clients } from "./clients.ts";

/** What the collector reads of a simulated router. */
async function read(board: string, version: string): Promise<ClientReading[]> {
  await using fleet = await startFleet({ routers: [{ board, version }] });
  const { address, port, username, password } = fleet.routers[0]!;
  using session = await RouterosSession.open({
    ...{ address, port, username, password, tls: { mode: "plain" } },
    ...{ connectTimeoutMs: 5_000, loginTimeoutMs: 5_000 },
  });
  const ask: Ask = Object.assign(
    (command: unknown, words = {}) => session.run(command as string, words),
    {
      async table(command: string, words = {}) {
        return { rows: await Array.fromAsync(session.stream(command, words)), isCut: false };
      },
    },
  );
  const { sections } = await clients.collect(ask, NO_FACTS);
  return sections!.clients!.clients;
}

for (const [board, version] of [["hap-ac2", "6.49.18"], ["hap-ax3", "7.18.2"]] as const) {
  Deno.test(`clients: the tables of a ${board} with RouterOS ${version} agree on each device`, async () => {
    const found = await read(board, version);
    const here = found.filter(({ isHere }) => isHere);
    ok(here.length >= 3, `${here.length} here`);
    for (const client of here) {
      ok(client.macAddress && client.port && client.interface === "bridge", client.macAddress);
      ok(client.addresses[0]!.startsWith("192.168."), client.addresses[0]);
      deepEqual(client.lease, { status: "bound", isReserved: false });
    }
    const away = found.filter(({ isHere }) => !isHere);
    deepEqual(away.map(({ comment, lease }) => [comment, lease]), [
      ["printer", { status: "waiting", isReserved: true }],
    ]);
    const speakIpv6 = found.filter(({ addresses }) => addresses.some((one) => one.includes(":")));
    ok(version.startsWith("7") ? speakIpv6.length > 0 : speakIpv6.length === 0);
  });
}

Deno.test("clients: PPPoE logins come with a MAC, and a router without a bridge has no bridge hosts", async () => {
  const found = await read("rb4011", "7.18.2");
  const logins = found.filter(({ ppp }) => ppp);
  ok(logins.length >= 30 && logins.every(({ macAddress }) => macAddress), `${logins.length}`);
  const tunnels = await read("chr", "7.18.2");
  ok(tunnels.filter(({ ppp }) => ppp?.service === "l2tp").length >= 10);
});
