import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { csvLine, csvRecords } from "./csv.ts";

async function* chunks(text: string, size = text.length || 1) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

const HOSTILE = [
  "=HYPERLINK(1)",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "＝1",
  "'quoted",
  "''twice",
  'a "quote", a comma',
  "two\r\nlines",
  "plain",
  "",
  "ends with \r",
  "Ünï 🎉",
];

Deno.test("csv: no cell starts as a formula, and every cell reads back as it was", async () => {
  const text = HOSTILE.map((value) => csvLine([value, "x", null, 7])).join("");
  for (const line of HOSTILE.map((value) => csvLine([value]))) {
    ok(!/^"?[=+\-@\t\r\n＝＋－＠]./.test(line), line);
  }
  for (const size of [1, 3, text.length]) {
    const records = await Array.fromAsync(csvRecords(chunks(text, size)));
    deepEqual(records, HOSTILE.map((value) => [value, "x", "", "7"]));
  }
});

Deno.test("csv: line ends of either kind, a last line without one, an open quote", async () => {
  const read = (text: string) => Array.fromAsync(csvRecords(chunks(text)));
  deepEqual(await read("a,b\nc,d"), [["a", "b"], ["c", "d"]]);
  deepEqual(await read("a,b\r\nc,d\r\n"), [["a", "b"], ["c", "d"]]);
  deepEqual(await read('"a"\r\n'), [["a"]]);
  equal((await read("")).length, 0);
  await rejects(read('a,"b'), /never closed/);
});
