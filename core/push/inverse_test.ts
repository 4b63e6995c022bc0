import { deepEqual, equal, match } from "node:assert/strict";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { inverseOf } from "./inverse.ts";
import type { MenuRows, ResolvedCommand } from "./record.ts";
import { escapeBytes, printRevertScript } from "./revert_script.ts";

const LIST = "/ip/firewall/address-list";
const list: MenuRows = {
  menu: LIST,
  isSingle: false,
  rows: [
    { ".id": "*1", list: "a", address: "192.0.2.1", "creation-time": "x", dynamic: "false" },
    { ".id": "*2", list: "b", address: "192.0.2.2", comment: 'q"$x', dynamic: "false" },
  ],
};

Deno.test("the way back restores whatever part was carried out, last first", () => {
  const commands: ResolvedCommand[] = [
    { action: "add", menu: LIST, attributes: { list: "c" }, before: null },
    { action: "set", menu: LIST, id: "*1", attributes: { comment: "x", list: "z" } },
    { action: "remove", menu: LIST, id: "*2" },
    { action: "set", menu: LIST, id: "+0", attributes: { list: "d" } },
  ];
  const { steps, doubts } = inverseOf(commands, [list], undefined);
  deepEqual(doubts, []);
  deepEqual(steps, [
    { kind: "prune", menu: LIST, keep: ["*1", "*2"], hasDynamic: true },
    {
      kind: "restore",
      menu: LIST,
      id: "*2",
      attributes: { list: "b", address: "192.0.2.2", comment: 'q"$x' },
    },
    { kind: "set", menu: LIST, id: "*1", attributes: { comment: "", list: "a" } },
  ]);
  const script = printRevertScript({ token: "0123456789", steps, backup: null });
  match(script, /find where !dynamic and !\(\.id=\*1 or \.id=\*2\)/);
  match(script, /add list="b" address="192\.0\.2\.2" comment="q\\"\\\$x"/);
});

Deno.test("an item that others refer to is not added again: a backup is the way back", () => {
  const bridge: MenuRows = {
    menu: "/interface/bridge",
    isSingle: false,
    rows: [{ ".id": "*9", name: "lan" }],
  };
  const remove: ResolvedCommand[] = [{ action: "remove", menu: "/interface/bridge", id: "*9" }];
  const text = (address: string) =>
    parseExport(`/interface bridge\nadd name=lan\n/ip address\nadd address=${address}\n`).entries;
  equal(inverseOf(remove, [bridge], text("10.0.0.1/24 interface=lan")).doubts.length, 1);
  equal(inverseOf(remove, [bridge], text("10.0.0.1/24 interface=ether1")).doubts.length, 0);
  // Nobody can say without an export.
  equal(inverseOf(remove, [bridge], undefined).doubts.length, 1);
});

Deno.test("what goes into a script between quotes is printable ASCII and ends nothing", () => {
  equal(escapeBytes('a"b$c\\d?\n\xfc'), 'a\\"b\\$c\\\\d\\3F\\0A\\FC');
});
