import { deepEqual, match } from "node:assert/strict";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { portableCommand } from "./portable_command.ts";

const set = (menu: string): ConfigCommand => ({
  ...{ action: "set", menu, target: { by: "id", id: "*3" }, attributes: { disabled: "yes" } },
});

for (
  const { menu, base, where } of [
    { menu: "/ip/service", base: { name: "telnet", port: "23" }, where: { name: "telnet" } },
    {
      ...{ menu: "/interface/ethernet", where: { "default-name": "ether1" } },
      base: { name: "wan", "default-name": "ether1" },
    },
    {
      ...{ menu: "/ip/firewall/filter", where: { comment: "x", chain: "input" } },
      base: { chain: "input", action: "drop", comment: "x" },
    },
    {
      ...{ menu: "/ip/address", where: { address: "192.0.2.1/24", interface: "ether1" } },
      base: { address: "192.0.2.1/24", interface: "ether1", network: "192.0.2.0" },
    },
  ]
) {
  Deno.test(`portableCommand(): an item of ${menu} by ${Object.keys(where).join(" and ")}`, () => {
    const portable = portableCommand(set(menu), base as Record<string, string>);
    deepEqual(portable, { command: { ...set(menu), target: { by: "where", where } } });
  });
}

Deno.test("portableCommand() refuses what only one router knows", () => {
  const problem = (command: ConfigCommand, base: Record<string, string> | null) =>
    (portableCommand(command, base) as { problem: string }).problem;
  match(problem(set("/ip/firewall/filter"), { chain: "input" }), /no name or comment/);
  match(problem(set("/ip/service"), null), /no name or comment/);
  match(
    problem({
      ...{ action: "add", menu: "/ip/firewall/filter", attributes: { chain: "input" } },
      before: { by: "id", id: "*1" },
    }, null),
    /before an item of one router/,
  );
});
