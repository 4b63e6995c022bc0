import { deepEqual, equal } from "node:assert/strict";
import { diffLines } from "./text_diff.ts";

const SIGN = { same: " ", added: "+", removed: "-", skipped: "…" };
const told = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => SIGN[kind] + text);

for (
  const { before, after, want, why } of [
    { before: "a\nb\nc", after: "a\nx\nc", want: [" a", "-b", "+x", " c"], why: "a line" },
    { before: "", after: "a", want: ["-", "+a"], why: "everything" },
    { before: "a\nb", after: "a\nb", want: ["…2 lines"], why: "nothing" },
    {
      before: "1\n2\n3\n4\n5\n6\n7\n8\n9",
      after: "1\n2\n3\n4\n5\n6\n7\n8\n9\n10",
      want: ["…6 lines", " 7", " 8", " 9", "+10"],
      why: "the end of a long text",
    },
    {
      before: "a\nb\nc\na\nb\nb\na",
      after: "c\nb\na\nb\na\nc",
      want: ["-a", "-b", " c", "+b", " a", " b", "-b", " a", "+c"],
      why: "the fewest lines",
    },
  ]
) {
  Deno.test(`diffLines() tells what differs: ${why}`, () => deepEqual(told(before, after), want));
}

Deno.test("diffLines() of two texts that share nothing ends soon", () => {
  const lines = (of: string) => Array.from({ length: 6_000 }, (_, n) => `${of} ${n}`).join("\n");
  equal(diffLines(lines("a"), lines("b")).length, 12_000);
});
