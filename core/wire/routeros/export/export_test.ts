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

Deno.test("recorded exports survive parse, print, parse", async () => {
  const root = Deno.env.get("TOD_RECORDINGS");
  if (root === undefined) {
    console.log("TOD_RECORDINGS is not set: no recordings are read");
    return;
  }
  let read = 0;
  for await (const { name } of Deno.readDir(`${root}/oxidized/spec/model/data`)) {
    if (!name.endsWith("output.txt")) continue;
    const text = await Deno.readTextFile(`${root}/oxidized/spec/model/data/${name}`);
    deepEqual(parseExport(text).problems, [], name);
    roundTrip(text, name);
    read += 1;
  }
  console.log(`${read} recordings`);
});

function roundTrip(text: string, name: string): void {
  const plain = (from: string) => parseExport(from).entries.map(({ line: _, ...entry }) => entry);
  const once = plain(text);
  const printed = printExport(parseExport(text).entries);
  deepEqual(plain(printed), once, name);
  equal(printExport(parseExport(printed).entries), printed, name);
}
