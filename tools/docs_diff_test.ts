import { equal } from "node:assert/strict";
import { diffMarkdown } from "./docs_diff.ts";

Deno.test("docs/diff.md is what `deno task docs:diff` makes", async () => {
  equal(await Deno.readTextFile(new URL("../docs/diff.md", import.meta.url)), diffMarkdown());
});
