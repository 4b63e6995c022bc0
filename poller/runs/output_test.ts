import { deepEqual, equal, ok } from "node:assert/strict";
import type { RunMessage } from "@/core/contract/device_runs.ts";
import { RunOutput } from "./output.ts";

function open(output: "rows" | "sections", maxRowsPerSecond = 100) {
  const clock = { ms: 0 };
  const sent: RunMessage[] = [];
  const run = new RunOutput({
    kind: { output, maxRowsPerSecond },
    now: () => clock.ms,
    send: (message) => sent.push(message),
  });
  return { clock, sent, run };
}

const sum = (messages: RunMessage[], what: "rows" | "dropped") =>
  messages.reduce((all, message) => {
    if (message.type !== "rows") return all;
    return all + (what === "rows" ? message.rows.length : message.dropped);
  }, 0);

Deno.test("rows beyond the rate are dropped and counted, second by second", () => {
  const { clock, sent, run } = open("rows", 10);
  for (let n = 0; n < 25; n++) run.push({ n });
  clock.ms = 1_000;
  for (let n = 0; n < 4; n++) run.push({ n });
  run.end("done", null);
  equal(sum(sent, "rows"), 14);
  equal(sum(sent, "dropped"), 15);
  // Nothing follows the end.
  run.push({ n: 1 });
  run.end("failed", "again");
  equal(sent.filter(({ type }) => type === "end").length, 1);
});

Deno.test("what is kept for those who come late is bounded, whatever the rows hold", () => {
  const { clock, sent, run } = open("rows", 1_000);
  const huge = Object.fromEntries(
    Array.from({ length: 90 }, (_, i) => [`f${i}`.repeat(80), "\0x".repeat(5_000)]),
  );
  for (let n = 0; n < 3_000; n++) {
    clock.ms += 10;
    run.push(huge);
  }
  run.end("done", null);
  const size = JSON.stringify(run.backlog).length;
  ok(size < 140 * 1_024, `${size}`);
  ok(JSON.stringify(sent).length < 60 * 1_024 * sent.length);
  const [row] = sent.flatMap((message) => message.type === "rows" ? message.rows : []);
  ok(Object.keys(row!).length <= 40);
  ok(!JSON.stringify(row).includes("\\u0000"));
  ok(sum(sent, "dropped") > 2_900);
});

Deno.test("tables: only the newest whole one is told, and kept", () => {
  const { clock, sent, run } = open("sections");
  for (const section of ["0", "1", "2"]) {
    for (let n = 0; n < 3; n++) run.push({ section, n }, section);
    clock.ms += 500;
  }
  run.push({ section: "3", n: 0 }, "3");
  run.end("done", null);
  deepEqual(sent.map((message) => message.type === "section" && message.rows[0]!["section"]), [
    "3",
    false,
  ]);
  deepEqual(run.backlog, sent);
});

Deno.test("a table holds no more than 300 rows and says how many more there were", () => {
  const { sent, run } = open("sections");
  for (let n = 0; n < 450; n++) run.push({ n }, "0");
  run.end("done", null);
  const [table] = sent;
  ok(table?.type === "section");
  deepEqual([table.rows.length, table.dropped], [300, 150]);
});
