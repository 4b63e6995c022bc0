import { deepEqual } from "node:assert/strict";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { previewChanges } from "./preview.ts";
import { commandsOfScript } from "./read_script.ts";

Deno.test("previewChanges() shows what an export will differ in, and what cannot be", () => {
  const { entries } = parseExport(
    "/interface bridge\nadd disabled=no name=lan\n/ip address\nadd address=192.0.2.1/24 interface=lan",
  );
  const { commands } = commandsOfScript(
    "/interface bridge\nset [find name=lan] name=home\nadd name=home\n" +
      "/ip address remove [find interface=wan]\n/interface ethernet\nset [find default-name=ether1] comment=x",
  );
  const { changes, problems } = previewChanges(entries, commands);
  deepEqual(changes.map(({ kind, menu, label }) => `${kind} ${menu} ${label}`), [
    "changed /interface/bridge home",
    "changed /ip/address 192.0.2.1/24 home",
    "added /interface/ethernet ether1",
  ]);
  deepEqual(problems, [
    { command: 1, reason: "There is another item with the name home" },
    { command: 2, reason: "No such item" },
  ]);
});
