import { deepEqual, throws } from "node:assert/strict";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { MenuRows } from "./record.ts";
import { resolveCommands } from "./resolve.ts";

const FILTER = "/ip/firewall/filter";
const rules: MenuRows = {
  menu: FILTER,
  isSingle: false,
  rows: [
    { ".id": "*1", chain: "input", action: "accept", comment: "a" },
    { ".id": "*2", chain: "input", action: "drop", disabled: "true" },
    { ".id": "*A", chain: "input", action: "accept", comment: "a" },
  ],
};
const where = (values: Record<string, string>) => ({ by: "where" as const, where: values });
const add = (
  before: ConfigCommand & { action: "add" } extends { before: infer B } ? B : never,
) => ({
  ...{ action: "add" as const, menu: FILTER, attributes: { chain: "input", comment: "näu" } },
  before,
});

Deno.test("targets are found as they will be when their command's turn comes", () => {
  const commands: ConfigCommand[] = [
    { action: "remove", menu: FILTER, target: { by: "id", id: "*1" } },
    // One is left that fits.
    { action: "set", menu: FILTER, target: where({ comment: "a" }), attributes: { comment: "b" } },
    add(where({ disabled: "yes" })),
    {
      action: "move",
      menu: FILTER,
      target: where({ comment: "b" }),
      before: where({ comment: "näu" }),
    },
  ];
  deepEqual(resolveCommands(commands, [rules]).map((one) => ({ ...one, attributes: undefined })), [
    { action: "remove", menu: FILTER, id: "*1", attributes: undefined },
    { action: "set", menu: FILTER, id: "*A", attributes: undefined },
    { action: "add", menu: FILTER, before: "*2", attributes: undefined },
    { action: "move", menu: FILTER, id: "*A", before: "+2", attributes: undefined },
  ]);
});

Deno.test("a target that fits none or several is refused, by its number", () => {
  const set = (values: Record<string, string>): ConfigCommand[] => [
    { action: "set", menu: FILTER, target: where(values), attributes: { comment: "x" } },
  ];
  throws(
    () => resolveCommands(set({ comment: "zz" }), [rules]),
    /Command 1 .*no item fits comment/,
  );
  throws(() => resolveCommands(set({ comment: "a" }), [rules]), /Command 1 .*2 items fit/);
  // An attribute that is not there is empty, a flag that is not there is off.
  deepEqual(
    resolveCommands(set({ comment: "", action: "drop" }), [rules]).map((one) =>
      "id" in one && one.id
    ),
    ["*2"],
  );
});

Deno.test("who is renamed is found by the new name elsewhere", () => {
  const commands: ConfigCommand[] = [
    {
      action: "set",
      menu: "/interface",
      target: where({ name: "ether2" }),
      attributes: { name: "lan" },
    },
    {
      action: "set",
      menu: "/ip/address",
      target: where({ interface: "lan" }),
      attributes: { comment: "x" },
    },
  ];
  const menus: MenuRows[] = [
    { menu: "/interface", isSingle: false, rows: [{ ".id": "*2", name: "ether2" }] },
    { menu: "/ip/address", isSingle: false, rows: [{ ".id": "*5", interface: "ether2" }] },
  ];
  deepEqual(resolveCommands(commands, menus).map((one) => "id" in one && one.id), ["*2", "*5"]);
});
