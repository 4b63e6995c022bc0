import { deepEqual, equal } from "node:assert/strict";
import { CHANGES } from "./changes.ts";
import { runCell } from "./run_cell.ts";
import { type CellResult, ROWS, runRow } from "./shards.ts";
import { COLUMNS } from "./troubles.ts";

/** Of `deno task test:revert`: so many cells of each row, other ones in each. */
const EVERY = 103;

Deno.test("pushes in trouble: what is told is what the router holds, and nothing stays armed", async () => {
  const results: CellResult[] = [];
  for (const row of ROWS.keys()) {
    for await (const result of runRow(row, { nth: EVERY, from: row * 7 })) results.push(result);
  }
  const bad = results.filter(({ wrong, armed }) => wrong !== null || armed !== null);
  deepEqual(bad.map(({ label, wrong, armed }) => ({ label, wrong, armed })), []);
  // A part is worth something only while it has of everything.
  equal(new Set(results.map(({ column }) => column)).size, COLUMNS.length);
  deepEqual(new Set(results.map(({ end }) => end)).size >= 2, true);
});

Deno.test("a lock-out is seen in 20 seconds and over in 30 without a restart, on every version", async () => {
  for (const [row, { tier, change, machine }] of ROWS.entries()) {
    const isAsked = tier !== "backup" && change !== "breaks DNS" && machine.board !== "hap-ax3";
    if (!isAsked) continue;
    for await (const result of runRow(row, { columns: ["none"], nth: 5, from: -row })) {
      if (!result.locksOut) continue;
      equal(result.end, "reverted", result.label);
      equal(result.seenMs! <= 20_000, true, `${result.label}: seen after ${result.seenMs} ms`);
      equal(result.backMs! <= 30_000, true, `${result.label}: back after ${result.backMs} ms`);
    }
  }
});

Deno.test("what somebody adds while a push waits for a person stays when it is taken back, and is told", async () => {
  const column = COLUMNS.find(({ name }) => name === "somebody else changes it")!;
  const trouble = { ...column.make[1]!(), confirm: "manual" as const, decide: null };
  const machine = { board: "hex", version: "7.16.2" };
  const out = await runCell({ machine, tier: "script", change: CHANGES[0]!, trouble, seed: 1 });
  equal(out.wrong, null);
  equal(out.end, "reverted");
  deepEqual(out.record.foreign, ["/ip/firewall/address-list: an item was added"]);
});
