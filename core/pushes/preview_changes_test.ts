import { deepEqual, equal } from "node:assert/strict";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { ConfigModel } from "./config_model.ts";
import { previewChanges } from "./preview_changes.ts";
import { printCommands } from "./print_commands.ts";
import { shownCommands } from "./shown_commands.ts";

const FILTER = "/ip/firewall/filter";
const open = () =>
  new ConfigModel([
    ["/ppp/secret", [{ ".id": "*1", name: "branch", password: "battery", "last-seen": "never" }]],
    [FILTER, [
      { ".id": "*1", chain: "input", action: "accept", bytes: "7", disabled: "false" },
      { ".id": "*2", chain: "input", action: "drop", comment: "rest" },
    ]],
    ["/system/identity", [{ name: "edge-1" }]],
  ]);
const COMMANDS: ConfigCommand[] = [
  {
    ...{ action: "set", menu: "/ppp/secret", target: { by: "where", where: { name: "branch" } } },
    attributes: { password: "staple", comment: "new" },
  },
  {
    ...{ action: "add", menu: FILTER, before: { by: "id", id: "*2" } },
    attributes: { chain: "input", action: "accept", "dst-port": "22", protocol: "tcp" },
  },
  { action: "move", menu: FILTER, target: { by: "id", id: "*2" }, before: { by: "id", id: "*1" } },
  { action: "remove", menu: FILTER, target: { by: "id", id: "*9" } },
  {
    ...{ action: "set", menu: "/system/identity", target: { by: "menu" } },
    attributes: { name: "edge-1" },
  },
  { action: "remove", menu: FILTER, target: { by: "id", id: "*1" } },
];

Deno.test("a preview tells item by item what commands do, without secrets and without counters", async () => {
  const { changes, problems } = await previewChanges(open(), COMMANDS);
  deepEqual(
    changes.map(({ command, kind, label, from, to }) => [command, kind, label, from, to]),
    [
      [0, "changed", "branch", null, null],
      [1, "added", "input accept tcp 22", null, 1],
      [2, "moved", "rest input drop", 2, 0],
      [5, "removed", "input accept", 1, null],
    ],
  );
  deepEqual(changes[0]!.attributes, [
    { name: "comment", from: null, to: "new" },
    { name: "password", from: "********", to: "********" },
  ]);
  equal(changes[3]!.before, "add action=accept chain=input");
  deepEqual(problems, [{ command: 3, message: "/ip/firewall/filter has no item *9 any more" }]);
});

Deno.test("commands are printed for people, secrets hidden; with secrets they are not given away", () => {
  equal(
    printCommands(COMMANDS),
    `/ppp secret
set [ find name=branch ] password=******** comment=new
/ip firewall filter
add chain=input action=accept dst-port=22 protocol=tcp place-before=*2
move *2 destination=*1
remove *9
/system identity
set name=edge-1
/ip firewall filter
remove *1`,
  );
  equal(shownCommands(COMMANDS), null);
  deepEqual(shownCommands(COMMANDS.slice(1)), COMMANDS.slice(1));
});
