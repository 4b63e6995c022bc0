import { deepEqual, equal, throws } from "node:assert/strict";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import { routerVersion } from "@/core/contract/editor/router_version.ts";
import { commandProblems } from "./check_command.ts";
import { maskChange, restoreSecrets } from "./mask_change.ts";
import { mergeChange, type StoredChange } from "./merge_change.ts";

const menu = "/ip/firewall/filter";
const one = { by: "id", id: "*1" } as const;
const base = { chain: "input", comment: "a", disabled: "false" };
const set = (attributes: Record<string, string | null>): ConfigCommand => ({
  ...{ action: "set", menu, target: one, attributes },
});
const remove: ConfigCommand = { action: "remove", menu, target: one };
const move = (before: string | null): ConfigCommand => ({
  ...{ action: "move", menu, target: one },
  before: before === null ? null : { by: "id", id: before },
});
const stored = (...commands: ConfigCommand[]): StoredChange[] =>
  commands.map((command, at) => ({ id: `c${at}`, command, base }));
const merge = (waiting: ConfigCommand[], command: ConfigCommand) =>
  mergeChange(stored(...waiting), { command, base });

Deno.test("merging: one set, one move or one removal an item", () => {
  const changed = merge([set({ comment: "b" })], set({ disabled: "yes" }));
  equal(changed.write?.id, "c0");
  deepEqual(changed.write?.command, set({ comment: "b", disabled: "yes" }));
  deepEqual(merge([set({ comment: "b" })], set({ comment: "a" })), {
    drop: ["c0"],
    write: undefined,
  }, "back to what it was: nothing is left");
  deepEqual(merge([], set({ disabled: "no" })).write, undefined, "it says so already");
  deepEqual(merge([set({ comment: "b" }), move(null)], remove).drop, ["c0", "c1"]);
  deepEqual(merge([move("*2")], move("*3")).drop, ["c0"]);
  equal(merge([move("*2")], move("*3")).write?.id, undefined, "behind all others");
  equal(merge([remove], remove).write?.id, "c0", "twice is once");
});

Deno.test("merging: what contradicts is refused", () => {
  throws(() => merge([remove], set({ comment: "b" })), /to be removed: undo that first/);
  throws(() => merge([remove], move(null)), /to be removed/);
  throws(
    () => merge([remove], { action: "add", menu, attributes: {}, before: one }),
    /before an item that is to be removed/,
  );
});

Deno.test("secrets: hidden for people, kept for the router", () => {
  const command: ConfigCommand = {
    ...{ action: "add", menu: "/ppp/secret", before: null },
    attributes: { name: "branch", password: "correct horse" },
  };
  const masked = maskChange({ command, base: { password: "old" } });
  equal(JSON.stringify(masked).includes("correct horse"), false);
  deepEqual(masked.base, { password: HIDDEN });
  deepEqual(restoreSecrets({ name: "b", password: HIDDEN }, { password: "correct horse" }), {
    name: "b",
    password: "correct horse",
  });
  const version = routerVersion("7.18");
  const [problem] = commandProblems(
    {
      command: { ...command, attributes: { name: "x", password: HIDDEN } },
      base: null,
    },
    version,
    true,
  );
  equal(problem?.name, "password");
});

Deno.test("commands: what the router would refuse is refused before, unless somebody insists", () => {
  const version = routerVersion("7.18");
  const names = (command: ConfigCommand, known: Record<string, string> | null, lenient = false) =>
    commandProblems({ command, base: known }, version, lenient).map(({ name }) => name);
  deepEqual(names(set({ "dst-port": "99999" }), base), ["dst-port", "protocol"]);
  deepEqual(names(set({ "dst-port": "99999" }), base, true), []);
  deepEqual(names(set({ comment: "b" }), { ...base, "dst-port": "22" }), [], "not its fault");
  deepEqual(names(set({ bytes: "0" }), base), ["bytes"]);
  deepEqual(names({ action: "add", menu, attributes: {}, before: null }, null), [
    "chain",
    "action",
  ]);
  deepEqual(names(remove, { ...base, dynamic: "true" }, true), [""]);
  const service: ConfigCommand = { action: "remove", menu: "/ip/service", target: one };
  deepEqual(names(service, { name: "www" }), [""]);
});
