import { deepEqual, equal } from "node:assert/strict";
import type { PendingChange } from "../change_sets.ts";
import type { ConfigCommand } from "../config_commands.ts";
import { addCommand, setCommand } from "./commands.ts";
import { menuSchema } from "./known_menus.ts";
import { pendingRows } from "./pending_rows.ts";
import { placeBefore } from "./place_row.ts";
import { HIDDEN } from "./table.ts";

const menu = "/ip/firewall/filter";
const item = (id: string, comment: string, more: Record<string, string> = {}) => ({
  id,
  values: { chain: "input", action: "accept", comment, disabled: "false", ...more },
  secrets: [],
});
const table = { menu, items: [item("*1", "one"), item("*2", "two"), item("*3", "three")] };
const by = (id: string) => ({ by: "id", id }) as const;
const change = (command: ConfigCommand, at: number): PendingChange => ({
  ...{ id: `00000000-0000-4000-8000-00000000000${at}`, deviceId: "", command, base: null },
  ...{ label: "", place: null, actor: "", actorName: null, madeAt: "" },
});
const rowsOf = (...commands: ConfigCommand[]) => pendingRows(table, commands.map(change));
const order = (rows: ReturnType<typeof rowsOf>) => rows.map(({ values }) => values["comment"]);

Deno.test("pending rows: added, changed, removed and moved, in the order they would have", () => {
  const rows = rowsOf(
    { action: "move", menu, target: by("*3"), before: by("*1") },
    { action: "add", menu, attributes: { comment: "new" }, before: by("*2") },
    { action: "remove", menu, target: by("*1") },
    { action: "set", menu, target: by("*2"), attributes: { disabled: "yes", comment: "TWO" } },
    { action: "remove", menu: "/ip/firewall/nat", target: by("*1") },
    { action: "remove", menu, target: by("*99") },
  );
  deepEqual(order(rows), ["three", "one", "new", "TWO"]);
  deepEqual(rows.map(({ mark, isMoved }) => [mark, isMoved]), [
    ["none", true],
    ["removed", false],
    ["added", false],
    ["changed", false],
  ]);
  deepEqual(rows[3]!.before, { disabled: "false", comment: "two" });
});

Deno.test("moving: a row goes before the next that stays on the router", () => {
  const rows = rowsOf(
    { action: "add", menu, attributes: { comment: "new" }, before: by("*2") },
    { action: "remove", menu, target: by("*3") },
  );
  deepEqual(order(rows), ["one", "new", "two", "three"]);
  deepEqual(placeBefore(rows, "*2", 0), by("*1"));
  equal(placeBefore(rows, "*1", 2), null, "what is to go is no place");
  equal(placeBefore(rows, "*1", 0), undefined, "it is there already");
  // Below the new item: both stand before the same one, the one pushed later comes last.
  equal(placeBefore(rows, "*1", 1), undefined);
  equal(placeBefore(rows, "*9", 1), undefined);
});

Deno.test("commands: only what differs, cleared as its kind wants it, secrets left alone", () => {
  const filter = menuSchema(menu);
  deepEqual(addCommand(menu, filter, { chain: "input", log: "true", comment: "" }, null), {
    ...{ action: "add", menu, attributes: { chain: "input", log: "yes" }, before: null },
  });
  const from = { chain: "input", "dst-port": "22", comment: "a", disabled: "false" };
  deepEqual(
    setCommand(menu, filter, by("*1"), from, {
      ...{ chain: "input", "dst-port": "", comment: "", disabled: "no" },
    }),
    {
      action: "set",
      menu,
      target: by("*1"),
      attributes: { "dst-port": null, comment: "" },
    },
  );
  equal(setCommand(menu, filter, by("*1"), from, { ...from, disabled: "no" }), undefined);
  const secrets = "/ppp/secret";
  equal(
    setCommand(secrets, menuSchema(secrets), by("*1"), { password: HIDDEN }, { password: HIDDEN }),
    undefined,
  );
  const pool = setCommand("/ip/dhcp-server", menuSchema("/ip/dhcp-server"), by("*1"), {
    "address-pool": "dhcp",
  }, { "address-pool": "" });
  deepEqual(pool && "attributes" in pool && pool.attributes, { "address-pool": "static-only" });
});
