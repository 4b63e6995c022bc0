import { deepEqual, equal } from "node:assert/strict";
import { parseExport } from "./parse.ts";
import { printExport } from "./print.ts";

const UGLY = String.raw`# 2026-03-11 12:00:00 by RouterOS 7.18.2
# software id = AB12-CD34
#
# model = RB5009UG+S+
# serial number = HG000000001
/interface bridge
add admin-mac=02:00:00:00:00:01 auto-mac=no comment="Zentrale \C3\9Cbersicht" name="br lan"
/interface ethernet
set [ find default-name=ether1 ] comment="a \"quoted\" \$name \\ \? back" name="ether1 wan"
set [ find default-name="sfp-sfpplus1" ] !mtu advertise=10M-half,1G-full
/port
set 0 name=serial0
/ip service
set telnet disabled=yes
set api-ssl address=192.0.2.0/24,2001:db8::/32
/ip dhcp-server
# DHCP server can not run on slave interface!
add address-pool=dhcp interface="br lan" lease-time=10m name=defconf
/ip firewall filter
add action=accept chain=input comment="defconf: accept established,related" \
    connection-state=established,related,untracked
add action=drop chain=input comment="a line that is cut within its \
    quotes,\_where a space stands" src-address-list=!trusted
#error exporting "/ip/ssh" (timeout)
/system script
add dont-require-permissions=no name=test policy=read,write source="# not a comment\r\
    \n:if (\$a = \"b\") do={ :log info \"x\" }\r\
    \n\t:put [/system identity get name]"
/system scheduler
add interval=1d name=x on-event="/system script run test" start-time=03:00:00
`;

Deno.test("parseExport() reads header, menus, selectors, values and remarks", () => {
  const { header, entries, failedMenus, problems } = parseExport(UGLY);
  deepEqual(header, {
    version: "7.18.2",
    softwareId: "AB12-CD34",
    model: "RB5009UG+S+",
    serialNumber: "HG000000001",
  });
  deepEqual(problems, []);
  deepEqual(failedMenus, ["/ip/ssh"]);
  const [bridge, ether1, sfp, port, telnet, , dhcp, , drop, script] = entries;
  equal(bridge!.menu, "/interface/bridge");
  deepEqual(bridge!.attributes.at(-2), { name: "comment", value: "Zentrale Übersicht" });
  deepEqual(ether1!.selector, {
    kind: "find",
    where: [{ name: "default-name", value: "ether1" }],
  });
  deepEqual(ether1!.attributes[0], { name: "comment", value: 'a "quoted" $name \\ ? back' });
  deepEqual(sfp!.attributes[0], { name: "mtu", value: null });
  deepEqual(port!.selector, { kind: "item", item: "0" });
  deepEqual(telnet!.selector, { kind: "item", item: "telnet" });
  deepEqual(dhcp!.remarks, ["DHCP server can not run on slave interface!"]);
  equal(
    drop!.attributes.find(({ name }) => name === "comment")!.value,
    "a line that is cut within its quotes, where a space stands",
  );
  equal(
    script!.attributes.at(-1)!.value,
    '# not a comment\r\n:if ($a = "b") do={ :log info "x" }\r\n\t:put [/system identity get name]',
  );
});

for (
  const { text, reason, why } of [
    {
      text: "/ip dns\nset servers=192.0.2.1,\\",
      reason: "cut",
      why: "a continuation into nothing",
    },
    { text: '/ip dns\nset servers="192.0.2', reason: "cut", why: "an open quote at the end" },
    { text: "add chain=input", reason: "no_menu", why: "a command before any menu" },
    { text: "/ip dns\nset a=b stray c=d", reason: "unreadable", why: "a stray word" },
    { text: "/ip dns\n:put hello", reason: "script", why: "a script's own command" },
    {
      text: "/ip dns\nbad command name xyz (line 1)",
      reason: "unreadable",
      why: "an error message",
    },
  ]
) {
  Deno.test(`parseExport() names ${why} as a problem`, () => {
    deepEqual(parseExport(text).problems.map((problem) => problem.reason), [reason]);
  });
}

Deno.test("parseExport() reads terse exports and paths with slashes alike", () => {
  const [terse, slashes] = [
    "/ip firewall nat add action=masquerade chain=srcnat\r\n/ip firewall nat add action=dst-nat chain=dstnat",
    "/ip/firewall/nat\nadd action=masquerade chain=srcnat\nadd action=dst-nat chain=dstnat\n",
  ].map((text) => parseExport(text).entries.map(({ line: _, ...entry }) => entry));
  deepEqual(terse, slashes);
});

Deno.test("parse, print, parse is the same; print of what was printed too", () => {
  roundTrip(UGLY, "the ugly one");
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
  roundTrip(`/system note\nset note="${bytes}"`, "every byte");
});

/** Each as some router writes it, and the one attribute it is about. */
const PECULIAR: { why: string; text: string; name: string; value: string | null }[] = [
  {
    why: "a name with blanks",
    text: '/interface bridge\nadd name="br  lan [1]"',
    ...{ name: "name", value: "br  lan [1]" },
  },
  {
    why: "a number in hex",
    text: "/interface bridge\nadd name=b priority=0x8000",
    ...{ name: "priority", value: "0x8000" },
  },
  {
    why: "lines that end as on Windows",
    text: "/ip dns\r\nset servers=192.0.2.1,\\\r\n    192.0.2.2\r\n",
    ...{ name: "servers", value: "192.0.2.1,192.0.2.2" },
  },
  {
    why: "a blank at the start of a line that goes on",
    text: '/system note\nset note="two\\\n    \\_words"',
    ...{ name: "note", value: "two words" },
  },
  {
    why: "quotes, dollars and question marks",
    text: String.raw`/system note` + "\n" + String.raw`set note="\"a\" \$b \? c?"`,
    ...{ name: "note", value: '"a" $b ? c?' },
  },
  {
    why: "a line cut between a backslash and what it escapes",
    text: '/system note\nset note="a\\\n    \\"b"',
    ...{ name: "note", value: 'a"b' },
  },
  {
    why: "remarks between the menu and its items",
    text:
      "/interface pppoe-client\n# ether1 not ready\n# inactive time\nadd interface=ether1 name=p",
    ...{ name: "name", value: "p" },
  },
  {
    why: "a menu on each line, then headings again",
    text: "/ip dns set servers=192.0.2.1\n/ip dns static\nadd address=192.0.2.9 name=a",
    ...{ name: "name", value: "a" },
  },
  {
    why: "a menu that failed between others",
    text:
      '/ip dns\n#error exporting "/ip/ssh"\n#error exporting "/ipv6/route" (timeout)\nset servers=""',
    ...{ name: "servers", value: "" },
  },
  {
    why: "an attribute that is unset",
    text: "/interface gre\nadd !keepalive name=g remote-address=192.0.2.1",
    ...{ name: "keepalive", value: null },
  },
  {
    why: "names shortened to what is behind the point",
    text: "/interface wifi\nset [ find default-name=wifi1 ] configuration.mode=ap .ssid=x " +
      "security.authentication-types=wpa2-psk .passphrase=secret",
    ...{ name: "security.passphrase", value: "secret" },
  },
  {
    why: "an attribute without a value",
    text: "/ip route\nadd blackhole disabled=no dst-address=10.0.0.0/8",
    ...{ name: "blackhole", value: "yes" },
  },
  {
    why: "an item by its internal id",
    text: "/ppp profile\nset *FFFFFFFE use-encryption=required",
    ...{ name: "use-encryption", value: "required" },
  },
  {
    why: "a default item",
    text:
      "/interface wireless security-profiles\nset [ find default=yes ] supplicant-identity=MikroTik",
    ...{ name: "supplicant-identity", value: "MikroTik" },
  },
  {
    why: "a pattern full of signs",
    text: String.raw`/ip dns static` + "\n" +
      String.raw`add regexp="^([a-z]+\.)*ads;\\.example\\.com\$" type=NXDOMAIN`,
    ...{ name: "regexp", value: String.raw`^([a-z]+\.)*ads;\.example\.com$` },
  },
  {
    why: "bytes of an old code page",
    text: String.raw`/system identity` + "\n" + String.raw`set name="\CF\F0\E8"`,
    ...{ name: "name", value: "\udccf\udcf0\udce8" },
  },
  {
    why: "a mark of the byte order, and a date of version 6",
    text: "\ufeff# jul/26/2023 09:42:42 by RouterOS 6.49.10\n/ip address\n" +
      'add address=fe80::1/64 comment="#1: \\t tab" interface=ether1',
    ...{ name: "comment", value: "#1: \t tab" },
  },
];

for (const { why, text, name, value } of PECULIAR) {
  Deno.test(`parseExport() reads ${why}, and it survives print and parse`, () => {
    const { entries, problems } = parseExport(text);
    deepEqual(problems, []);
    const attribute = entries.at(-1)!.attributes.find((one) => one.name === name);
    deepEqual(attribute, { name, value });
    roundTrip(text, why);
  });
}

Deno.test("recorded exports survive parse, print, parse", async () => {
  const root = Deno.env.get("TOD_RECORDINGS");
  if (root === undefined) {
    console.log("TOD_RECORDINGS is not set: no recordings are read");
    return;
  }
  let [exports, scripts] = [0, 0];
  for (const name of await filesUnder(root)) {
    const isExport = /oxidized.*output\.txt$|export.*\.raw$/.test(name);
    if (!isExport && !name.endsWith(".rsc")) continue;
    const text = await Deno.readTextFile(name);
    if (isExport) {
      deepEqual(parseExport(text).problems, [], name);
      exports += 1;
    } else scripts += 1;
    roundTrip(text, name);
  }
  console.log(`${exports} recorded exports without a problem, ${scripts} scripts`);
  equal(exports > 0, true);
});

async function filesUnder(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) files.push(...await filesUnder(`${folder}/${name}`));
    else files.push(`${folder}/${name}`);
  }
  return files;
}

function roundTrip(text: string, name: string): void {
  const plain = (from: string) => parseExport(from).entries.map(({ line: _, ...entry }) => entry);
  const once = plain(text);
  const printed = printExport(parseExport(text).entries);
  deepEqual(plain(printed), once, name);
  equal(printExport(parseExport(printed).entries), printed, name);
}
