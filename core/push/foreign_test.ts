import { deepEqual } from "node:assert/strict";
import { judge } from "./foreign.ts";
import type { MenuRows, PushRecord } from "./record.ts";

const menu = "/ip/firewall/address-list";
const rowsOf = (...rows: Record<string, string>[]): MenuRows[] => [{ menu, isSingle: false, rows }];
const old = { ".id": "*1", list: "a", address: "192.0.2.1" };
const gone = { ".id": "*2", list: "b", address: "192.0.2.2" };
const before = rowsOf(old, gone);
const record = {
  plan: {
    commands: [
      { action: "add", menu, attributes: { list: "c", address: "192.0.2.3" }, before: null },
      { action: "set", menu, id: "*1", attributes: { comment: "x" } },
      { action: "remove", menu, id: "*2" },
    ],
  },
  evidence: { before, added: [{ menu, id: "*9" }] },
} as unknown as PushRecord;
const added = { ".id": "*9", list: "c", address: "192.0.2.3" };
const strange = { ".id": "*A", list: "theirs", address: "192.0.2.9" };

Deno.test("undone: what was removed may have another id; what others did is theirs", () => {
  const again = { ...gone, ".id": "*C" };
  deepEqual(judge(record, before, rowsOf(old, again)), { holds: true, foreign: [] });
  deepEqual(judge(record, before, rowsOf(old, again, strange)), {
    holds: true,
    foreign: [`${menu}: an item was added`],
  });
  deepEqual(judge(record, before, rowsOf({ ...old, disabled: "true" }, again)), {
    holds: true,
    foreign: [`${menu}: disabled of an item was changed`],
  });
});

Deno.test("not undone: an item of ours is there, one it removed is not, a value is still set", () => {
  for (
    const rows of [
      [old, gone, added],
      // Added by a command whose answer was lost: known by what it says.
      [old, gone, { ...added, ".id": "*F" }],
      [old],
      [{ ...old, comment: "x" }, gone],
    ]
  ) deepEqual(judge(record, before, rowsOf(...rows)).holds, false);
});

Deno.test("kept: what the push made is there as it was proven", () => {
  const after = rowsOf({ ...old, comment: "x" }, added);
  const holds = (...rows: Record<string, string>[]) => judge(record, after, rowsOf(...rows)).holds;
  deepEqual(holds({ ...old, comment: "x" }, added), true);
  deepEqual(holds({ ...old, comment: "x" }, added, strange), true);
  deepEqual(holds({ ...old, comment: "x" }), false);
  deepEqual(holds(old, added), false);
  deepEqual(holds({ ...old, comment: "x" }, { ...added, address: "192.0.2.4" }), false);
  deepEqual(holds({ ...old, comment: "x" }, added, { ...gone, ".id": "*C" }), false);
});
