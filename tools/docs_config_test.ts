import { deepEqual, equal } from "node:assert/strict";
import { SETTINGS } from "@/core/settings.ts";
import { DOCUMENTS, envExample, ungrouped } from "./docs_config.ts";

for (const { path, make } of DOCUMENTS) {
  Deno.test(`${path} is what \`deno task docs:config\` makes`, async () => {
    equal(await Deno.readTextFile(new URL(`../${path}`, import.meta.url)), await make());
  });
}

Deno.test("every setting has its place in the documents", () => {
  deepEqual(ungrouped(), []);
  for (const { env } of SETTINGS) equal(envExample().split(`#${env}=`).length, 2, env);
});
