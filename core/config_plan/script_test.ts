import { deepEqual, equal } from "node:assert/strict";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { maskCommand } from "./mask_command.ts";
import { printChange, printScript } from "./print_script.ts";
import { commandsOfScript } from "./read_script.ts";

const SCRIPT = String.raw`# what is left out is a comment; even with "quotes
/ip firewall filter
add action=accept chain=input comment="two words; \"quoted\" \$x # y" \
    place-before=[find comment="rest, all"] protocol=tcp
set [ find where chain=input and action=drop ] !src-address disabled=no
remove [find comment=old !dst-port]
move [find comment=a] destination=[find comment=b]; move [find comment=c]
disable [find comment="a"]
comment [find chain=forward] "new one"
unset [:pick [find chain=input action=drop] 1] dst-address
/interface/bridge add name="br lan"; /interface bridge port
add bridge="br lan" interface=ether2
/ip service disable telnet,ftp
/ip
dns set servers=192.0.2.1,192.0.2.2
/ip route add blackhole dst-address=10.0.0.0/8
/interface wifi
set [ find default-name=wifi1 ] configuration.mode=ap .ssid="\D0\AF" disabled=no
/ppp profile
set *0 use-encryption=yes
`;

const WANT: ConfigCommand[] = [
  {
    ...{ action: "add", menu: "/ip/firewall/filter" },
    attributes: {
      ...{ action: "accept", chain: "input", comment: 'two words; "quoted" $x # y' },
      protocol: "tcp",
    },
    before: { by: "where", where: { comment: "rest, all" } },
  },
  {
    ...{ action: "set", menu: "/ip/firewall/filter" },
    target: { by: "where", where: { chain: "input", action: "drop" } },
    attributes: { disabled: "no", "src-address": null },
  },
  {
    ...{ action: "remove", menu: "/ip/firewall/filter" },
    target: { by: "where", where: { comment: "old", "dst-port": "" } },
  },
  {
    ...{ action: "move", menu: "/ip/firewall/filter" },
    target: { by: "where", where: { comment: "a" } },
    before: { by: "where", where: { comment: "b" } },
  },
  {
    ...{ action: "move", menu: "/ip/firewall/filter" },
    target: { by: "where", where: { comment: "c" } },
    before: null,
  },
  {
    ...{ action: "set", menu: "/ip/firewall/filter" },
    target: { by: "where", where: { comment: "a" } },
    attributes: { disabled: "yes" },
  },
  {
    ...{ action: "set", menu: "/ip/firewall/filter" },
    target: { by: "where", where: { chain: "forward" } },
    attributes: { comment: "new one" },
  },
  {
    ...{ action: "set", menu: "/ip/firewall/filter" },
    target: { by: "where", where: { chain: "input", action: "drop" }, nth: 1 },
    attributes: { "dst-address": null },
  },
  {
    ...{ action: "add", menu: "/interface/bridge", attributes: { name: "br lan" } },
    before: null,
  },
  {
    ...{ action: "add", menu: "/interface/bridge/port", before: null },
    attributes: { bridge: "br lan", interface: "ether2" },
  },
  ...["telnet", "ftp"].map((name): ConfigCommand => ({
    ...{ action: "set", menu: "/ip/service", target: { by: "where", where: { name } } },
    attributes: { disabled: "yes" },
  })),
  {
    ...{ action: "set", menu: "/ip/dns", target: { by: "menu" } },
    attributes: { servers: "192.0.2.1,192.0.2.2" },
  },
  {
    ...{ action: "add", menu: "/ip/route", before: null },
    attributes: { blackhole: "yes", "dst-address": "10.0.0.0/8" },
  },
  {
    ...{ action: "set", menu: "/interface/wifi" },
    target: { by: "where", where: { "default-name": "wifi1" } },
    attributes: { "configuration.mode": "ap", "configuration.ssid": "Я", disabled: "no" },
  },
  {
    ...{ action: "set", menu: "/ppp/profile", target: { by: "id", id: "*0" } },
    attributes: { "use-encryption": "yes" },
  },
];

Deno.test("commandsOfScript() reads what people and exports write", () => {
  deepEqual(commandsOfScript(SCRIPT), { commands: WANT, problems: [] });
  deepEqual(commandsOfScript(SCRIPT.replaceAll("\n", "\r\n")), { commands: WANT, problems: [] });
});

Deno.test("printScript() and commandsOfScript() are each other's reverse", () => {
  const printed = printScript(WANT);
  deepEqual(commandsOfScript(printed), { commands: WANT, problems: [] });
  equal(printScript(commandsOfScript(printed).commands), printed);
});

for (
  const { text, line = 1, reason } of [
    { text: ":if (1 = 1) do={\n/ip dns set servers=1.1.1.1\n}", reason: /scripting language/ },
    { text: "\n\n/system reboot", line: 3, reason: /no change to a configuration/ },
    { text: "/system/backup/save name=x", reason: /no change to a configuration/ },
    { text: "/ip address\nadd address=$ip interface=ether1", line: 2, reason: /worked out/ },
    { text: '/ip address\nadd address="$ip/24"', line: 2, reason: /worked out/ },
    { text: "/ip address\nadd address=[:pick 1]", line: 2, reason: /worked out/ },
    { text: "/ip firewall filter\nremove [find]", line: 2, reason: /every item/ },
    { text: "/ip firewall filter\nremove 0", line: 2, reason: /one listing alone/ },
    {
      text: "/ip firewall filter\nset [find comment~x] disabled=yes",
      line: 2,
      reason: /looked for/,
    },
    { text: '/ip dns\nset servers="192.0.2.1', line: 2, reason: /not closed/ },
    { text: "/ip dns\nset servers=192.0.2.1 \\", line: 2, reason: /not closed/ },
    { text: "add address=192.0.2.1", reason: /No menu/ },
    { text: "/ip firewall nat", reason: /No command/ },
    { text: "/ip dns\nset", line: 2, reason: /what shall change/ },
    { text: "/ip address\nremove", line: 2, reason: /which item/ },
    { text: "/ip address\nadd copy-from=*1", line: 2, reason: /copy-from/ },
    { text: "/IP address\nadd address=192.0.2.1", line: 2, reason: /no menu/ },
    { text: "/ip address\nprint", line: 2, reason: /no change to a configuration/ },
  ]
) {
  Deno.test(`commandsOfScript() refuses ${JSON.stringify(text)}`, () => {
    const { commands, problems } = commandsOfScript(text);
    deepEqual(commands, []);
    equal(problems[0]?.line, line);
    equal(reason.test(problems[0]?.reason ?? ""), true, problems[0]?.reason);
  });
}

Deno.test("maskCommand() hides secrets, in a target too", () => {
  const [add, set] = commandsOfScript(
    "/ppp secret\nadd name=a password=x\n/snmp community\nset [find name=inside] security=none",
  ).commands.map(maskCommand);
  equal(printChange(add!), "add name=a password=********");
  equal(printChange(set!), "set [find name=********] security=none");
});
