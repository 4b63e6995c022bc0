import { equal, match } from "node:assert/strict";
import type { MenuRows, PushRecord, ResolvedCommand } from "./record.ts";
import { undone } from "./undone.ts";

const menu = "/ip/firewall/address-list";
const rowsOf = (...rows: Record<string, string>[]): MenuRows[] => [{ menu, isSingle: false, rows }];
const one = { ".id": "*1", list: "a", comment: "old" };
const recordOf = (...commands: ResolvedCommand[]) =>
  ({
    plan: { commands },
    evidence: { before: rowsOf(one, { ".id": "*2" }) },
  }) as unknown as PushRecord;

Deno.test("undone() sees what somebody's safe mode took back after it was read back", () => {
  const add: ResolvedCommand = { action: "add", menu, attributes: { list: "b" }, before: null };
  const added = [{ menu, id: "*3" }];
  equal(undone(recordOf(add), added, rowsOf(one, { ".id": "*3", list: "b" })), null);
  match(undone(recordOf(add), added, rowsOf(one))!, /added/);

  const remove: ResolvedCommand = { action: "remove", menu, id: "*2" };
  equal(undone(recordOf(remove), [], rowsOf(one)), null);
  match(undone(recordOf(remove), [], rowsOf(one, { ".id": "*2" }))!, /removed/);

  const set: ResolvedCommand = { action: "set", menu, id: "*1", attributes: { comment: "new" } };
  equal(undone(recordOf(set), [], rowsOf({ ...one, comment: "new" })), null);
  match(undone(recordOf(set), [], rowsOf(one))!, /comment/);
  match(undone(recordOf(set), [], rowsOf())!, /gone/);
  // The last value counts; of an item that goes with the change none does.
  equal(undone(recordOf(set, { ...set, attributes: { comment: "old" } }), [], rowsOf(one)), null);
  equal(undone(recordOf(set, { action: "remove", menu, id: "*1" }), [], rowsOf()), null);
});
