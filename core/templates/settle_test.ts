import { deepEqual, equal, match } from "node:assert/strict";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printExport } from "@/core/wire/routeros/export/print.ts";
import { settle } from "./settle.ts";

const read = (text: string) => parseExport(text).entries;

const CURRENT = `/ip firewall address-list
add address=10.0.0.0/8 list=management
/ip firewall filter
add action=accept chain=input comment=own
add action=drop chain=input comment="tod: rest" in-interface-list=WAN
/ip service
set telnet disabled=yes
/system identity
set name=edge
/interface ethernet
set [ find default-name=ether1 ] name=wan
/user
add name=old group=full
`;

function applied(script: string) {
  const { wanted, settled, problems } = settle(read(CURRENT), read(script));
  return { text: printExport(wanted), settled, problems };
}

Deno.test("settle(): what is there stays, and is counted", () => {
  const { text, settled, problems } = applied(
    "/ip firewall address-list\nadd list=management address=10.0.0.0/8\n" +
      '/ip firewall filter\nadd chain=input action=drop in-interface-list=WAN comment="tod: rest"\n' +
      "/ip service\nset telnet disabled=yes\n/system identity\nset name=edge\n",
  );
  deepEqual([settled, problems], [4, []]);
  equal(text, CURRENT);
});

for (
  const { script, gone = [], come, why } of [
    {
      ...{
        script: "/ip firewall filter\nadd chain=input action=reject comment=own",
        why: "a rule is known by its comment",
      },
      ...{
        gone: ["add action=accept chain=input comment=own"],
        come: ["add action=reject chain=input comment=own"],
      },
    },
    {
      ...{ script: "/ip service\nset ssh port=2222", why: "a service that no export names" },
      come: ["set ssh port=2222"],
    },
    {
      ...{
        script: "/interface ethernet\nset [find default-name=ether1] mtu=9000",
        why: "an interface by its birth name",
      },
      ...{
        gone: ["set [ find default-name=ether1 ] name=wan"],
        come: ["set [ find default-name=ether1 ] name=wan mtu=9000"],
      },
    },
    {
      ...{ script: "/interface ethernet\nset wan mtu=9000", why: "or by the name it has" },
      ...{
        gone: ["set [ find default-name=ether1 ] name=wan"],
        come: ["set [ find default-name=ether1 ] name=wan mtu=9000"],
      },
    },
    {
      ...{ script: "/user\nset old group=read", why: "an added item by its name" },
      ...{ gone: ["add name=old group=full"], come: ["add name=old group=read"] },
    },
    {
      ...{ script: "/user\nremove [find name=old]", why: "what is removed goes" },
      ...{ gone: ["add name=old group=full"], come: [] },
    },
    {
      ...{ script: "/user\nremove [find name=nobody]", why: "what is not there need not" },
      come: [],
    },
    {
      ...{ script: "/ip dns\nset servers=9.9.9.9", why: "a menu of one item at its default" },
      come: ["set servers=9.9.9.9"],
    },
    {
      ...{ script: "/user\ndisable [find name=old]", why: "disable is an attribute" },
      ...{ gone: ["add name=old group=full"], come: ["add name=old group=full disabled=yes"] },
    },
    {
      ...{
        script: "/ip firewall filter\nset [find comment=own] disabled=no",
        why: "no is the default of disabled",
      },
      come: [],
    },
  ] as { script: string; gone?: string[]; come: string[]; why: string }[]
) {
  Deno.test(`settle(): ${why}`, () => {
    const before = CURRENT.split("\n");
    const after = applied(script).text.split("\n");
    const isCommand = (line: string) => !line.startsWith("/");
    deepEqual(before.filter((line) => !after.includes(line) && isCommand(line)), gone);
    deepEqual(after.filter((line) => !before.includes(line) && isCommand(line)), come);
  });
}

Deno.test("settle(): place-before puts a rule first, or before the one of a comment", () => {
  const script = "/ip firewall filter\nadd chain=input action=accept comment=a place-before=0\n" +
    'add chain=input action=accept comment=b place-before=[find comment="tod: rest"]\n';
  const { text, problems } = applied(script);
  deepEqual(problems, []);
  const order = [...text.matchAll(/^add .*\bcomment=("[^"]*"|\S+)/gm)].map(([, one]) => one);
  deepEqual(order, ["a", "own", "b", '"tod: rest"']);
  const again = settle(settle(read(CURRENT), read(script)).wanted, read(script));
  equal(again.settled, 2, "applied twice it changes nothing");
});

for (
  const { script, problem } of [
    { script: "/ip firewall filter\nadd chain=input place-before=3", problem: /numbers of rules/ },
    { script: "/user\nremove [find]", problem: /everything/ },
    { script: "/ip firewall filter\nmove 3", problem: /cannot move/ },
  ]
) {
  Deno.test(`settle() refuses ${script.split("\n")[1]}`, () => {
    match(applied(script).problems[0]!.message, problem);
  });
}
