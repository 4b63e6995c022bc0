import { deepEqual, ok } from "node:assert/strict";
import { diffExports, type ItemChange } from "@/core/configs/semantic_diff.ts";
import { applyCommands } from "@/core/config_plan/apply_commands.ts";
import { normalise } from "@/core/config_plan/normalise.ts";
import { planChanges } from "@/core/config_plan/plan_changes.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printExport } from "@/core/wire/routeros/export/print.ts";
import { randomPair } from "@/tests/support/random_config.ts";
import { chooseChanges } from "./choose_changes.ts";

const entriesOf = (text: string) => normalise(parseExport(text).entries);

const RUNNING = `/ip pool
add name=office ranges=192.0.2.10-192.0.2.99
/ip dns
set servers=192.0.2.1
/ip firewall filter
add action=accept chain=input comment=a
add action=accept chain=input comment=b
add action=drop chain=input comment=z
`;
const KEPT = `/ip pool
add name=guests ranges=198.51.100.10-198.51.100.99
/ip dns
set servers=192.0.2.2
/ip dhcp-server
add address-pool=guests interface=ether2 name=guests
/ip firewall filter
add action=accept chain=input comment=b
add action=accept chain=input comment=c protocol=udp
add action=drop chain=input comment=z
add action=drop chain=forward comment=y
`;

for (
  const { choose, want, why } of [
    {
      choose: (change: ItemChange) => change.menu === "/ip/dns",
      want: RUNNING.replace("192.0.2.1\\n", "").replace("servers=192.0.2.1", "servers=192.0.2.2"),
      why: "one menu",
    },
    {
      choose: (change: ItemChange) => change.label.startsWith("c "),
      want: RUNNING.replace(
        "comment=b\n",
        "comment=b\nadd action=accept chain=input comment=c protocol=udp\n",
      ),
      why: "one rule, at its place among those that stay",
    },
    {
      choose: (change: ItemChange) => change.menu === "/ip/dhcp-server",
      want: RUNNING.replace(
        "192.0.2.99\n",
        "192.0.2.99\nadd name=guests ranges=198.51.100.10-198.51.100.99\n",
      ) + "/ip dhcp-server\nadd address-pool=guests interface=ether2 name=guests\n",
      why: "what is chosen with the pool that it needs",
    },
    {
      choose: (change: ItemChange) => change.kind === "removed" && change.menu !== "/ip/pool",
      want: RUNNING.replace("add action=accept chain=input comment=a\n", ""),
      why: "what goes alone",
    },
  ]
) {
  Deno.test(`chooseChanges() takes ${why}`, () => {
    const [from, to] = [entriesOf(RUNNING), entriesOf(KEPT)];
    const changes = diffExports(from, to);
    const chosen = chooseChanges(from, to, changes, new Set(changes.filter(choose)));
    deepEqual(printExport(chosen), printExport(entriesOf(want)));
  });
}

Deno.test("chooseChanges() of everything, of nothing and of anything can be planned", () => {
  let planned = 0;
  for (let seed = 1; seed <= 40; seed += 1) {
    const [from, to] = randomPair(seed).map(entriesOf);
    const changes = diffExports(from!, to!);
    const chosen = (share: (at: number) => boolean) =>
      chooseChanges(from!, to!, changes, new Set(changes.filter((_, at) => share(at))));
    deepEqual(diffExports(chosen(() => true), to!), [], `all of ${seed}`);
    deepEqual(diffExports(chosen(() => false), from!), [], `none of ${seed}`);
    const some = chosen((at) => (at * 7 + seed) % 3 === 0);
    const { commands, cannot } = planChanges(from!, some, { hasSecrets: true });
    // Two names may clash where one change without the other was chosen; nothing else may.
    deepEqual(cannot.filter(({ why }) => !why.includes("another item with the name")), []);
    if (cannot.length > 0) continue;
    planned += 1;
    deepEqual(diffExports(applyCommands(from!, commands), normalise(some)), [], `some of ${seed}`);
  }
  ok(planned > 5, `${planned} of 40 choices without a clash`);
});
