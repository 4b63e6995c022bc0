import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { Unavailable } from "@/core/errors.ts";
import { type AuditTest, openAuditTest, writeEntries } from "@/tests/support/audit.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { exportAudit } from "./export_audit.ts";
import { readExport } from "./read_export.ts";
import type { AuditFilter } from "./query.ts";
import { verifyExport } from "./verify_export.ts";

async function exported(
  test: AuditTest,
  format: "csv" | "jsonl",
  filter: AuditFilter = {},
): Promise<string> {
  const scope = scopeOf(test.db, test.acme);
  const pieces = await exportAudit(scope, test.platform, format, filter);
  return (await Array.fromAsync(pieces)).join("");
}

async function* chunks(text: string) {
  for (let at = 0; at < text.length; at += 1_000) yield text.slice(at, at + 1_000);
}
const verify = (text: string, keptHead?: string) =>
  verifyExport(readExport(chunks(text)), { keptHead });

Deno.test("audit export: CSV and JSON Lines are found whole, and hold their own export", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 1_101); // three steps of the reader
  await writeEntries(test, test.globex, 3);
  for (const [format, rows] of [["jsonl", 1_102], ["csv", 1_103]] as const) {
    const text = await exported(test, format);
    const report = await verify(text);
    deepEqual([report.problem, report.rows, report.firstSeq], [undefined, rows, "1"], format);
    equal(report.last!.seq, String(rows));
    ok(report.compared > 1_000 && report.absent === 0);
    match(text, /audit\.exported/);
    ok(!text.includes(test.globex), "nothing of another tenant");
  }
  const csv = await exported(test, "csv");
  ok(csv.includes(`"'=router, ""0""\n"`), "a label that is a formula is none in the CSV");
  ok(!/(^|,)"?=/m.test(csv), "no cell starts a formula");
});

/** Lines 0 and -1 are first and last line; line n is row n. */
const TAMPERINGS: [name: string, change: (lines: string[]) => string[], seq: string | undefined][] =
  [
    ["a removed row", (l) => l.toSpliced(5, 1), "5"],
    ["removed rows", (l) => l.toSpliced(5, 3), "5"],
    ["the first row removed", (l) => l.toSpliced(1, 1), "1"],
    ["a changed actor", edit(7, "user:0", "user:9"), "7"],
    ["a changed time", edit(7, "00:06:00.000000", "00:06:00.000001"), "7"],
    ["a changed outcome", edit(5, '"refused"', '"ok"'), "5"],
    ["a changed request", edit(7, "r-6", "r-7"), "7"],
    ["a changed label", edit(7, "=router", "=rooter"), "7"],
    ["a changed address", edit(7, "192.0.2.6", "192.0.2.7"), "7"],
    ["changed details", edit(7, "ключ", "лючк"), "7"],
    ["details without their salt", (l) => change(l, 7, { details_salt: null }), "7"],
    ["an invented label", (l) => change(l, 5, { target_label: "x", label_salt: "00" }), "5"],
    ["a changed hash", (l) => change(l, 7, { hash: "0".repeat(64) }), "7"],
    ["two rows exchanged", (l) => l.with(4, l[5]!).with(5, l[4]!), "4"],
    ["a row twice", (l) => l.toSpliced(6, 0, l[5]!), "5"],
    ["a row moved to the end", (l) => l.toSpliced(3, 1).toSpliced(-1, 0, l[3]!), "3"],
    ["another tenant's row", edit(7, '"tenant_id":"', '"tenant_id":"0'), "7"],
    ["the tail cut off", (l) => l.slice(0, 11), "11"],
    ["the tail cut within a row", (l) => [...l.slice(0, 11), l[11]!.slice(0, 90)], "11"],
    ["the tail cut, the last line kept", (l) => [...l.slice(0, 11), l.at(-1)!], "11"],
    ["the first line missing", (l) => l.slice(1), undefined],
    ["rows after the last line", (l) => [...l, l[3]!], undefined],
    ["an empty file", () => [""], undefined],
  ];

function edit(line: number, from: string, to: string) {
  return (lines: string[]) => {
    ok(lines[line]!.includes(from), `${from} is in ${lines[line]}`);
    return lines.with(line, lines[line]!.replace(from, to));
  };
}

function change(lines: string[], line: number, values: Record<string, unknown>): string[] {
  return lines.with(line, JSON.stringify({ ...JSON.parse(lines[line]!), ...values }));
}

Deno.test("audit export: every tampering is found, at the row", async (t) => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 19);
  const lines = (await exported(test, "jsonl")).trimEnd().split("\n");
  equal(lines.length, 22);
  for (const [name, tamper, seq] of TAMPERINGS) {
    await t.step(name, async () => {
      const { problem } = await verify(tamper(lines).join("\n"));
      ok(problem, "found");
      equal(problem.seq, seq ?? problem.seq, problem.reason);
    });
  }
  await t.step("in CSV too", async () => {
    const csv = await exported(test, "csv");
    const changed = await verify(csv.replace("user:1", "user:2"));
    equal(changed.problem?.seq, "2");
    const cut = await verify(csv.slice(0, csv.indexOf("r-10")));
    deepEqual([cut.problem?.seq, cut.rows], ["11", 10]);
    const removed = await verify(csv.replace(/^4,1,[^\n]*\n[^\n]*\n/m, ""));
    equal(removed.problem?.seq, "4");
  });
});

Deno.test("audit export: a kept head proves against a file that was written anew", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 10);
  const lines = (await exported(test, "jsonl")).trimEnd().split("\n");
  const rowAt = (line: number) => JSON.parse(lines[line]!);
  // Cut off at row 8, with first and last line made to fit: nothing in the file can tell.
  const head = { seq: "8", hash: rowAt(8).hash };
  const forged = [
    JSON.stringify({ ...JSON.parse(lines[0]!), head }),
    ...lines.slice(1, 9),
    JSON.stringify({ ...JSON.parse(lines.at(-1)!), head, rows: 8 }),
  ].join("\n");
  equal((await verify(forged)).problem, undefined);
  match((await verify(forged, rowAt(10).hash)).problem!.reason, /kept elsewhere/);
  equal((await verify(forged, rowAt(8).hash)).keptHeadSeq, "8");
  const whole = await verify(lines.join("\n"), rowAt(10).hash);
  deepEqual([whole.problem, whole.keptHeadSeq], [undefined, "10"]);
});

Deno.test("audit export: filtered, its rows prove themselves and their neighbours", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 50);
  const text = await exported(test, "jsonl", { action: "login", from: "2026-01-01T00:10:00Z" });
  const report = await verify(text);
  deepEqual([report.problem, report.rows, report.firstSeq], [undefined, 8, "15"]);
  deepEqual(report.header!.filter, { action: "login", from: "2026-01-01T00:10:00Z" });
  equal((await verify(text.replace("user:2", "user:0"))).problem?.seq, "15");
  const lines = text.split("\n");
  match(
    (await verify(lines.toSpliced(3, 1).join("\n"))).problem!.reason,
    /7 rows and says it has 8/,
  );
});

Deno.test("audit export: without audit:export it is refused; without a KMS it has no last line", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 3);
  const reader = scopeOf(test.db, test.acme, ["audit:read"]);
  await rejects(exportAudit(reader, test.platform, "csv"), /audit:export/);
  const kms = {
    ...test.platform.kms,
    encrypt: test.platform.kms.encrypt.bind(test.platform.kms),
    decrypt: () => Promise.reject(new Unavailable("KMS away")),
  };
  const deps = { ...test.platform, kms } as unknown as AuditTest["platform"];
  const scope = scopeOf(test.db, test.acme);
  const pieces = await exportAudit(scope, deps, "jsonl");
  let text = "";
  await rejects(async () => {
    for await (const piece of pieces) text += piece;
  }, /KMS away/);
  match((await verify(text)).problem!.reason, /cut off/);
});

Deno.test("audit export: a destroyed key takes the details, not the chain", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 20);
  await test.platform.kms.destroy(test.acme);
  const text = await exported(test, "csv");
  const report = await verify(text);
  deepEqual([report.problem, report.rows, report.absent], [undefined, 21, 10]);
  ok(!text.includes("ключ"));
});
