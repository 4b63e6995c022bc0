/**
 * A fleet for `bench:backup`, as a process of its own: routers with SSH and configurations of the size
 * that routers have, of which one in twenty is broken in one of five ways. Writes one line of JSON when
 * ready; ends with its standard input.
 */
import { parseArgs } from "node:util";
import { exportText } from "@/tools/sim/export.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import type { RouterHost } from "@/tools/sim/host.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    count: { type: "string", default: "1000" },
    items: { type: "string", default: "200" },
    manifest: { type: "string" },
  },
});

export const FAULTS = ["cut", "empty", "partial", "hanging", "refusing"] as const;
export type FleetFault = typeof FAULTS[number];

export interface FleetEntry {
  readonly address: string;
  readonly port: number;
  readonly sshPort: number;
  readonly username: string;
  readonly password: string;
  readonly fault: FleetFault | null;
  /** Commands that a whole export of it holds. */
  readonly commands: number;
}

/** Rules and addresses as people have them: alike from router to router, and never quite the same. */
function grow({ router, index }: RouterHost, items: number): void {
  const list = router.edit("/ip/firewall/address-list");
  for (let at = 0; at < items; at += 1) {
    list.push({
      ...{ ".id": `*${(0x1000 + at).toString(16).toUpperCase()}`, list: `list${at % 7}` },
      ...{ address: `198.51.${(index + at) % 250}.${at % 250}`, comment: `customer ${at}, paid` },
      ...{ disabled: "false", dynamic: "false" },
    });
  }
}

async function harm(host: RouterHost, fault: FleetFault): Promise<void> {
  const size = exportText(host.router, { isTerse: false, hasSecrets: true }).length;
  switch (fault) {
    case "cut":
      // Anywhere, the last bytes included.
      return await host.inject({ kind: "export-cut", bytes: size - 1 - (host.index * 97) % size });
    case "empty":
      return await host.inject({ kind: "export-cut", bytes: 0 });
    case "partial":
      return await host.inject({ kind: "export-partial", menu: "/ip/address" });
    case "hanging":
      return await host.inject({ kind: "ssh-hang" });
    case "refusing":
      return await host.powerOff();
  }
}

const commandsOf = ({ router }: RouterHost) =>
  exportText(router, { isTerse: true, hasSecrets: true }).split("\r\n")
    .filter((line) => line.startsWith("/")).length;

if (import.meta.main) {
  await using fleet = await startFleet({ count: Number(values.count), ssh: true });
  const entries: FleetEntry[] = [];
  for (const host of fleet.routers) {
    grow(host, Number(values.items));
    const fault = host.index % 20 === 7
      ? FAULTS[Math.floor(host.index / 20) % FAULTS.length]!
      : null;
    const { address, port, sshPort, username, password } = host;
    const commands = commandsOf(host);
    entries.push({ address, port, sshPort, username, password, fault, commands });
    if (fault) await harm(host, fault);
  }
  await Deno.writeTextFile(values.manifest!, JSON.stringify(entries));
  console.log('{"ready":true}');
  for await (const _ of Deno.stdin.readable) { /* until it ends */ }
  Deno.exit(0);
}
