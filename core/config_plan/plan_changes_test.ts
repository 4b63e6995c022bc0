import { deepEqual } from "node:assert/strict";
import { diffExports } from "@/core/configs/semantic_diff.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { applyCommands } from "./apply_commands.ts";
import { normalise } from "./normalise.ts";
import { planChanges } from "./plan_changes.ts";
import { printChange } from "./print_script.ts";

const entriesOf = (text: string) => parseExport(text).entries;

function told(from: string, to: string): { commands: string[]; cannot: string[] } {
  const { commands, cannot } = planChanges(entriesOf(from), entriesOf(to));
  return {
    commands: commands.map((command) => `${command.menu} ${printChange(command)}`),
    cannot: cannot.map(({ menu, label, why }) => `${menu} ${label}: ${why}`),
  };
}

const RULES = `/ip firewall filter
add action=accept chain=input comment=established connection-state=established
add action=accept chain=input comment=icmp protocol=icmp
add action=accept chain=input comment=winbox dst-port=8291 protocol=tcp
add action=drop chain=input comment=rest
`;

for (
  const { from, to, want, why } of [
    {
      from: "/system identity\nset name=a",
      to: "/system identity\nset name=b",
      want: ["/system/identity set name=b"],
      why: "the one item of a menu",
    },
    {
      from: "/ip dns\nset allow-remote-requests=yes servers=192.0.2.1",
      to: "",
      want: ['/ip/dns set allow-remote-requests=no servers=""'],
      why: "defaults where the wanted configuration is silent",
    },
    {
      from: "/ip firewall filter\nadd action=drop chain=input src-address=192.0.2.1",
      to: "/ip firewall filter\nadd action=drop chain=input",
      want: ["/ip/firewall/filter set [find chain=input action=drop] !src-address"],
      why: "a condition of a rule that goes",
    },
    {
      from: "/interface ethernet\nset [ find default-name=ether1 ] comment=x disabled=yes",
      to: "",
      want: [
        '/interface/ethernet set [find default-name=ether1] comment="" disabled=no',
      ],
      why: "a port that nobody shall have touched",
    },
    {
      from:
        "/interface wifi\nset [ find default-name=wifi1 ] configuration.mode=ap .ssid=x disabled=no",
      to: "/interface wifi\nset [ find default-name=wifi1 ] configuration.mode=ap",
      want: [
        "/interface/wifi set [find default-name=wifi1] !configuration.ssid disabled=yes",
      ],
      why: "an access point, which is off unless it says otherwise",
    },
    {
      from: "",
      to: "/interface bridge\nadd name=lan\n/ip pool\nadd name=p ranges=192.0.2.2-192.0.2.9\n" +
        "/ip dhcp-server\nadd address-pool=p interface=lan name=d\n" +
        "/ip address\nadd address=192.0.2.1/24 interface=lan",
      want: [
        "/interface/bridge add name=lan",
        "/ip/pool add name=p ranges=192.0.2.2-192.0.2.9",
        "/ip/address add address=192.0.2.1/24 interface=lan",
        "/ip/dhcp-server add address-pool=p interface=lan name=d",
      ],
      why: "what is referred to before what refers to it",
    },
    {
      from: "/ip pool\nadd name=old ranges=192.0.2.2-192.0.2.9",
      to: "/ip pool\nadd name=a next-pool=b ranges=192.0.2.20-192.0.2.29\n" +
        "add name=b ranges=192.0.2.30-192.0.2.39",
      want: [
        "/ip/pool add name=b ranges=192.0.2.30-192.0.2.39",
        "/ip/pool add name=a next-pool=b ranges=192.0.2.20-192.0.2.29",
        "/ip/pool remove [find name=old]",
      ],
      why: "a pool before the one that leads to it",
    },
    {
      from: "/interface bridge\nadd name=lan\n/ip address\nadd address=192.0.2.1/24 interface=lan",
      to: "",
      want: [
        "/ip/address remove [find address=192.0.2.1/24 interface=lan]",
        "/interface/bridge remove [find name=lan]",
      ],
      why: "what refers to something goes before it",
    },
    {
      from: "/interface vlan\nadd interface=ether1 name=v10 vlan-id=10\n" +
        "/ip address\nadd address=192.0.2.1/24 interface=v10",
      to: "/interface vlan\nadd interface=ether1 name=guests vlan-id=10\n" +
        "/ip address\nadd address=192.0.2.1/24 interface=guests",
      want: ["/interface/vlan set [find name=v10] name=guests"],
      why: "a new name, which everything follows",
    },
    {
      from: "/interface ethernet\nset [ find default-name=ether1 ] name=a\n" +
        "set [ find default-name=ether2 ] name=b\n/ip address\nadd address=192.0.2.1/24 interface=a",
      to: "/interface ethernet\nset [ find default-name=ether1 ] name=b\n" +
        "set [ find default-name=ether2 ] name=a\n/ip address\nadd address=192.0.2.1/24 interface=b",
      want: [
        "/interface/ethernet set [find default-name=ether2] name=b-old",
        "/interface/ethernet set [find default-name=ether1] name=b",
        "/interface/ethernet set [find default-name=ether2] name=a",
      ],
      why: "names that change places, over a passing one",
    },
    {
      from: RULES,
      to: RULES.replace(/(.*winbox.*\n)/, "").replace(
        "filter\n",
        "filter\nadd action=accept chain=input comment=winbox dst-port=8291 protocol=tcp\n",
      ),
      want: [
        "/ip/firewall/filter move [find chain=input action=accept comment=winbox] " +
        "destination=[find chain=input action=accept comment=established]",
      ],
      why: "one rule that moved, and no other",
    },
    {
      from: RULES,
      to: RULES.replace(
        "add action=drop",
        "add action=accept chain=input comment=ssh dst-port=22 protocol=tcp\nadd action=drop",
      ),
      want: [
        "/ip/firewall/filter add action=accept chain=input comment=ssh dst-port=22 protocol=tcp " +
        "place-before=[find chain=input action=drop comment=rest]",
      ],
      why: "a rule at its place",
    },
    {
      from: "/ip firewall filter\nadd action=drop chain=input\nadd action=drop chain=input\n",
      to: "/ip firewall filter\nadd action=drop chain=input\n",
      want: ["/ip/firewall/filter remove [:pick [find chain=input action=drop] 1]"],
      why: "one of two equal rules",
    },
    {
      from: "/ip firewall filter\nadd action=drop chain=input\n" +
        "add action=drop chain=input src-address=192.0.2.1\n",
      to: "/ip firewall filter\nadd action=drop chain=input src-address=192.0.2.1\n",
      want: ["/ip/firewall/filter remove [find chain=input action=drop !src-address]"],
      why: "a rule that is told by what it has not",
    },
    {
      from:
        "/ip dhcp-server lease\nadd address=192.0.2.5 mac-address=02:00:00:00:00:01 server=d\n" +
        "add address=192.0.2.6 mac-address=02:00:00:00:00:02 server=d",
      to: "/ip dhcp-server lease\nadd address=192.0.2.6 mac-address=02:00:00:00:00:01 server=d\n" +
        "add address=192.0.2.5 mac-address=02:00:00:00:00:02 server=d",
      want: [
        "/ip/dhcp-server/lease remove [find mac-address=02:00:00:00:00:01 address=192.0.2.5 server=d]",
        "/ip/dhcp-server/lease set [find mac-address=02:00:00:00:00:02 address=192.0.2.6 server=d] " +
        "address=192.0.2.5",
        "/ip/dhcp-server/lease add address=192.0.2.6 mac-address=02:00:00:00:00:01 server=d",
      ],
      why: "leases that change addresses, which no two may have at once",
    },
    {
      from: "/interface bridge\nadd name=lan",
      to: "/interface bridge\nadd name=lan vlan-filtering=yes\n" +
        "/interface bridge vlan\nadd bridge=lan tagged=lan vlan-ids=10",
      want: [
        "/interface/bridge/vlan add bridge=lan tagged=lan vlan-ids=10",
        "/interface/bridge set [find name=lan] vlan-filtering=yes",
      ],
      why: "VLAN filtering once the VLANs are there",
    },
    {
      from: "/tool sms\nset port=none secret=a",
      to: "/tool sms\nset secret=a port=none",
      want: [],
      why: "attributes in another order: nothing",
    },
    {
      from: "/ip service\nset www port=8080\nset telnet disabled=yes",
      to: "/ip service\nset telnet disabled=yes",
      want: ["/ip/service set [find name=www] port=80"],
      why: "the port that a service has by itself",
    },
  ]
) {
  Deno.test(`planChanges() plans ${why}`, () => {
    const plan = told(from, to);
    deepEqual(plan, { commands: want, cannot: [] });
    const { commands } = planChanges(entriesOf(from), entriesOf(to));
    const end = applyCommands(entriesOf(from), commands);
    deepEqual(diffExports(end, normalise(entriesOf(to))), []);
  });
}

for (
  const { from, to, commands = [], cannot, why } of [
    {
      from: "/interface ethernet\nset [ find default-name=ether1 ] advertise=10M-half",
      to: "",
      cannot: [
        "/interface/ethernet ether1: advertise: the wanted configuration does not say it and its " +
        "default is not known",
      ],
      why: "a default that nobody knows",
    },
    {
      from: "/ppp secret\nadd name=a password=new\nadd name=b password=x",
      to: "/ppp secret\nadd name=a password=********\nadd name=b comment=y password=x",
      commands: ["/ppp/secret set [find name=b] comment=y"],
      cannot: [
        "/ppp/secret a: password: the wanted configuration does not hold its secret: the router " +
        "keeps its own",
      ],
      why: "a mask for a secret",
    },
    {
      from: "/ppp secret\nadd name=a password=here",
      to: "/ppp secret\nadd name=a\nadd name=b",
      cannot: [
        "/ppp/secret a: password: the wanted configuration does not hold its secret: the router " +
        "keeps its own",
        "/ppp/secret b: the wanted configuration does not hold its password",
      ],
      why: "no secrets at all for their absence",
    },
    {
      from: "",
      to: "/ip address\nadd address=192.0.2.1/24 interface=*5",
      cannot: [
        "/ip/address 192.0.2.1/24 *5: its interface refers to an item that is gone",
      ],
      why: "an item of something that is gone",
    },
    {
      from: "/interface ethernet switch port\nset 0 vlan-mode=check",
      to: "/interface ethernet switch port\nset 0 vlan-mode=secure",
      cannot: [
        "/interface/ethernet/switch/port 0: the export names it by a number, which does not tell which one it is",
      ],
      why: "an item that is known by its number alone",
    },
  ]
) {
  Deno.test(`planChanges() does not take ${why}`, () => {
    deepEqual(told(from, to), { commands, cannot });
  });
}

Deno.test("planChanges() of thousands of items does not take long", () => {
  const list = (from: number) =>
    "/ip firewall address-list\n" +
    Array.from({ length: 1_000 }, (_, at) =>
      `add address=10.${from}.${at >> 8}.${at & 255} list=x\n`).join("");
  const started = performance.now();
  const { commands } = planChanges(entriesOf(list(0)), entriesOf(list(1)));
  const ms = performance.now() - started;
  deepEqual(commands.length, 2_000);
  console.log(`2,000 commands in ${ms.toFixed(0)} ms`);
});
