/** `deno task docs:diff`: writes docs/diff.md, two configurations and what the product says of them. */
import { maskedChange } from "@/core/configs/masked_change.ts";
import { diffExports } from "@/core/configs/semantic_diff.ts";
import { maskCommand } from "@/core/config_plan/mask_command.ts";
import { normalise } from "@/core/config_plan/normalise.ts";
import { planChanges } from "@/core/config_plan/plan_changes.ts";
import { printScript } from "@/core/config_plan/print_script.ts";
import type { ConfigChange } from "@/core/contract/configs.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";

const BEFORE = `# 2026-11-02 03:10:07 by RouterOS 7.18.2
# software id = ABCD-1234
/interface bridge
add name=bridge
/interface ethernet
set [ find default-name=ether1 ] comment="to the provider"
/interface vlan
add interface=bridge name=vlan20 vlan-id=20
/interface list
add name=WAN
/ip pool
add name=office ranges=192.168.10.100-192.168.10.199
/interface bridge port
add bridge=bridge interface=ether2
add bridge=bridge interface=ether3
/interface list member
add interface=ether1 list=WAN
/ip address
add address=192.168.10.1/24 interface=bridge network=192.168.10.0
add address=192.168.20.1/24 interface=vlan20 network=192.168.20.0
/ip dhcp-server
add address-pool=office interface=bridge name=office
/ip dns
set allow-remote-requests=yes servers=9.9.9.9
/ip firewall filter
add action=accept chain=input comment=established connection-state=established,related
add action=accept chain=input comment=ping protocol=icmp
add action=accept chain=input comment=winbox dst-port=8291 in-interface-list=WAN protocol=tcp
add action=drop chain=input comment="all else from outside" in-interface-list=WAN
/ppp secret
add name=branch password=sesame service=l2tp
/system identity
set name=office-gw
`;

const AFTER = `# 2026-11-25 03:11:42 by RouterOS 7.18.2
# software id = ABCD-1234
/interface bridge
add name=bridge
/interface ethernet
set [ find default-name=ether1 ] comment="to the provider"
/interface vlan
add interface=bridge name=guests vlan-id=20
/interface list
add name=WAN
/ip pool
add name=office ranges=192.168.10.50-192.168.10.199
add name=guests ranges=192.168.20.10-192.168.20.250
/interface bridge port
add bridge=bridge interface=ether2
add bridge=bridge comment="meeting room" interface=ether3 pvid=20
/interface list member
add interface=ether1 list=WAN
/ip address
add address=192.168.10.1/24 interface=bridge network=192.168.10.0
add address=192.168.20.1/24 interface=guests network=192.168.20.0
/ip dhcp-server
add address-pool=office interface=bridge name=office
add address-pool=guests interface=guests lease-time=1h name=guests
/ip dns
set servers=9.9.9.9,1.1.1.1
/ip firewall address-list
add address=198.51.100.7 comment="the admin's home" list=admins
/ip firewall filter
add action=accept chain=input comment=established connection-state=established,related
add action=accept chain=input comment=winbox dst-port=8291 in-interface-list=WAN protocol=tcp \\
    src-address-list=admins
add action=drop chain=input comment="guests stay outside" in-interface=guests
add action=accept chain=input comment=ping protocol=icmp
add action=drop chain=input comment="all else from outside" in-interface-list=WAN
/ppp secret
add name=branch password="open sesame" service=l2tp
/system identity
set name=office-gw
`;

const SIGNS = { added: "+", removed: "-", changed: "~", moved: "↕" } as const;

/** A change as people say it, a few lines. */
function tell({ kind, label, attributes, before, after, from, to }: ConfigChange): string {
  const lines = [`  ${SIGNS[kind]} ${label || "its one item"}`];
  if (kind === "moved") lines[0] += `  (from place ${from! + 1} to ${to! + 1})`;
  if (kind === "added" || kind === "removed") lines.push(`      ${after ?? before}`);
  for (const { name, from, to } of attributes) {
    const became = to === null ? "unset" : from === to ? "another secret" : to;
    lines.push(`      ${name}: ${from ?? "unset"} → ${became}`);
  }
  return lines.join("\n");
}

function tellAll(changes: readonly ConfigChange[]): string {
  return [...Map.groupBy(changes, ({ menu }) => menu)]
    .map(([menu, items]) => [menu, ...items.map(tell)].join("\n")).join("\n");
}

export function diffMarkdown(): string {
  const [before, after] = [BEFORE, AFTER].map((text) => normalise(parseExport(text).entries));
  const changes = diffExports(before!, after!).map(maskedChange);
  const { commands, cannot } = planChanges(before!, after!);
  if (cannot.length > 0) throw new Error("the example must be possible");
  return `<!-- Made by \`deno task docs:diff\` from tools/docs_diff.ts: do not edit. -->

# How two configurations differ

An export is text, but what it says is a tree: menus, their items, the attributes of each. TOD
compares that. An item is known by what names it (its name; an address by address and interface; a
port by its default name), a rule of an ordered menu by what it has in common with the one before.
So order counts where a router minds it and nowhere else, a moved rule is one move and not a removal
and an addition, and the date on top and the remarks of the router say nothing. Secrets are hidden
everywhere: that one changed is told, not what it is.

## An example

An office before:

\`\`\`
${BEFORE.trimEnd()}
\`\`\`

And after guests got a network of their own, and WinBox an address list:

\`\`\`
${AFTER.trimEnd()}
\`\`\`

What **Compare** says (\`+\` added, \`-\` removed, \`~\` changed, \`↕\` moved):

\`\`\`
${tellAll(changes)}
\`\`\`

## From a difference to a change

A restore turns the difference round into commands (\`core/config_plan\`): what makes the router that
runs the first configuration one that runs the second, and nothing besides.

\`\`\`
${printScript(commands.map(maskCommand)).trimEnd()}
\`\`\`

- Names come first. A router keeps a reference by number, so the address follows \`vlan20\` when that
  becomes \`guests\`, and no command is needed for it. Where two items swap names, one gets a passing
  name.
- What others refer to is made before what refers to it, and removed after it. VLAN filtering of a
  bridge that exists is switched on when its VLANs are there.
- Rules are moved as few times as will do, each to its place before another one.
- An item is named by as little as tells it from all others of its menu at that moment. Of two rules
  that are equal in everything, it is said which one by its place.
- Where the wanted configuration is silent about an attribute it means the default. The command sets
  that where it is known, unsets the attribute where that can be done, and else makes the item anew
  if nothing refers to it. Where none of these is possible the plan says so and leaves the attribute
  as it is.
- A hidden secret is never written. If the wanted configuration holds no secrets at all, the router
  keeps its own, and items that would be open to everybody without one are not made.
- Items that a router makes by itself (dynamic ones) are in no export, so no plan touches them.

\`core/config_plan/property_test.ts\` makes random pairs of configurations, plans each and compares
what comes of it (\`TOD_PAIRS=3000\` for a long run); \`tests/config_plan_sim_test.ts\` does so on
simulated routers of versions 6 and 7 (\`TOD_SIM_PAIRS\`). Both print their seed, and \`TOD_SEED\`
repeats it.
`;
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("../docs/diff.md", import.meta.url), diffMarkdown());
}
